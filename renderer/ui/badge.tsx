import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

const TONES = {
  neutral: 'bg-line/70 text-muted',
  accent: 'bg-accent-soft text-accent',
  danger: 'bg-danger-soft text-danger',
  warn: 'bg-warn-soft text-warn',
  good: 'bg-good-soft text-good',
  info: 'bg-info-soft text-info',
} as const;
export type Tone = keyof typeof TONES;

/** A word or two about state. The word says it; the colour only helps. */
export function Badge({ tone = 'neutral', children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span
      className={classNames(
        'inline-flex h-[1.125rem] max-w-full shrink-0 items-center gap-1 truncate rounded px-1.5 text-2xs font-medium',
        TONES[tone],
      )}
    >
      {children}
    </span>
  );
}
