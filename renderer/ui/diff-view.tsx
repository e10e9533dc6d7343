import { useMemo } from 'react';
import { type DiffLine, parseUnifiedDiff } from '../lib/unified-diff.ts';
import { messages } from '../messages/messages.ts';
import { classNames } from './class-names.ts';
import { SafeText } from './safe-text.tsx';

const LOOKS: Record<DiffLine['kind'], { row: string; sign: string }> = {
  add: { row: 'bg-good-soft', sign: '+' },
  remove: { row: 'bg-danger-soft', sign: '−' },
  same: { row: '', sign: ' ' },
  hunk: { row: 'bg-sunken text-muted', sign: ' ' },
  meta: { row: 'text-muted', sign: ' ' },
};

interface DiffViewProps {
  diff: string;
  label: string;
  /** As tall as a column that holds little else lets it be; else it stays a part of a page among others. */
  fills?: boolean;
}

/** A unified diff as numbered, coloured lines; every line also has its sign, so colour is not needed to read it. */
export function DiffView({ diff, label, fills = false }: DiffViewProps) {
  const lines = useMemo(() => parseUnifiedDiff(diff).filter((line) => line.kind !== 'meta'), [diff]);
  if (diff.trim() === '') return <p className="text-muted">{messages.common.noDiff}</p>;
  return (
    <div
      role="region"
      aria-label={label}
      // A scrolled region has to be reachable by keyboard.
      tabIndex={0}
      className={classNames(
        'overflow-auto rounded-md border border-line bg-surface font-mono text-xs leading-5',
        fills ? 'min-h-40 shrink' : 'max-h-96',
      )}
    >
      <table className="w-full border-collapse">
        <tbody>
          {lines.map((line, index) => (
            <tr key={index} className={LOOKS[line.kind].row}>
              <LineNumber value={line.before} />
              <LineNumber value={line.after} />
              <td
                aria-label={messages.diff[line.kind]}
                className={classNames(
                  'w-4 pr-1 text-center align-top select-none',
                  line.kind === 'add' && 'text-good',
                  line.kind === 'remove' && 'text-danger',
                )}
              >
                {LOOKS[line.kind].sign}
              </td>
              <td className="pr-3 text-hostile whitespace-pre-wrap">
                <LineText line={line} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function LineText({ line }: { line: DiffLine }) {
  const { text, changed, kind } = line;
  if (!changed) return <SafeText text={text} />;
  return (
    <>
      <SafeText text={text.slice(0, changed.start)} />
      <span className={classNames('rounded-xs', kind === 'add' ? 'bg-good-mark' : 'bg-danger-mark')}>
        <SafeText text={text.slice(changed.start, changed.end)} />
      </span>
      <SafeText text={text.slice(changed.end)} />
    </>
  );
}

function LineNumber({ value }: { value: number | null }) {
  return <td className="w-9 px-1 text-right align-top text-faint select-none">{value}</td>;
}
