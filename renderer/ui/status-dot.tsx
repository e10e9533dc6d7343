import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

const DOTS = {
  good: 'bg-good',
  danger: 'bg-danger',
  warn: 'bg-warn',
  accent: 'bg-accent',
  idle: 'border border-line-strong',
} as const;
export type DotTone = keyof typeof DOTS;

/** A dot with the state in words beside it. */
export function StatusDot({ tone, children }: { tone: DotTone; children: ReactNode }) {
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
      <span aria-hidden="true" className={classNames('size-[7px] shrink-0 rounded-full', DOTS[tone])} />
      {children}
    </span>
  );
}
