import type { Exchange, ExchangeContext } from '../../../shared/model/exchange.ts';
import { formatTime } from '../../lib/format.ts';
import { stripAnsi } from '../../lib/strip-ansi.ts';
import { messages } from '../../messages/messages.ts';
import { classNames } from '../../ui/class-names.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { LongText } from '../../ui/long-text.tsx';

const text = messages.exchange.stderrTab;
/** The hub sends no more lines than this. */
const MOST_LINES = 200;

/** What the server wrote to stderr around the call; lines from before and after it stand back. */
export function StderrTab({ exchange, context }: { exchange: Exchange; context: ExchangeContext }) {
  const { stderr } = context;
  if (stderr.length === 0) return <p className="p-3 text-muted">{text.empty}</p>;
  const end = exchange.at + (exchange.durationMs ?? Number.POSITIVE_INFINITY);
  return (
    <div>
      <div className="flex items-center justify-end gap-2 border-b border-line/60 px-1">
        {stderr.length >= MOST_LINES && <span className="text-xs text-warn">{text.capped}</span>}
        <CopyButton label={text.copy} text={() => stderr.map((line) => stripAnsi(line.text)).join('\n')} />
      </div>
      <ol aria-label={text.list} className="py-1 font-mono text-xs leading-5">
        {stderr.map((line, at) => (
          <li
            key={at}
            className={classNames(
              'grid grid-cols-[6.5rem_minmax(0,1fr)] gap-2 px-3',
              (line.at < exchange.at || line.at > end) && 'text-muted',
            )}
          >
            <time className="text-muted">{formatTime(line.at)}</time>
            <span className="whitespace-pre-wrap text-hostile">
              <LongText text={stripAnsi(line.text)} />
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}
