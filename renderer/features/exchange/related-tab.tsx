import type { Exchange, ExchangeContext } from '../../../shared/model/exchange.ts';
import { formatDuration, formatTime } from '../../lib/format.ts';
import { oneLine, visibleText } from '../../lib/visible-text.ts';
import { messages } from '../../messages/messages.ts';
import { Button } from '../../ui/button.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { Outcome } from '../traffic/outcome.tsx';
import { subjectOf } from '../traffic/exchange-words.ts';

const text = messages.exchange.related;

interface RelatedTabProps {
  context: ExchangeContext;
  onOpen(exchange: number): void;
  onCompare(exchange: number): void;
}

/** Calls that may explain this one: its neighbours and its predecessors. */
export function RelatedTab({ context, ...actions }: RelatedTabProps) {
  return (
    <>
      <Calls
        title={text.sameTool}
        empty={text.sameToolEmpty}
        calls={context.sameTool}
        canCompare
        {...actions}
      />
      <Calls title={text.nearby} empty={text.nearbyEmpty} calls={context.nearby} {...actions} />
    </>
  );
}

interface CallsProps extends Omit<RelatedTabProps, 'context'> {
  title: string;
  empty: string;
  calls: readonly Exchange[];
  canCompare?: boolean;
}

function Calls({ title, empty, calls, canCompare = false, onOpen, onCompare }: CallsProps) {
  return (
    <section aria-label={title} className="border-b border-line">
      <h3 className="px-3 pt-2 pb-1 font-semibold">{title}</h3>
      {calls.length === 0 ? (
        <p className="px-3 pb-2 text-xs text-muted">{empty}</p>
      ) : (
        <table className="w-full table-fixed text-xs">
          <caption className="sr-only">{title}</caption>
          <thead className="sr-only">
            <tr>
              <th scope="col">{text.columns.at}</th>
              <th scope="col">{text.columns.what}</th>
              <th scope="col">{text.columns.outcome}</th>
              <th scope="col">{text.columns.took}</th>
              {canCompare && <th scope="col">{text.compareShort}</th>}
            </tr>
          </thead>
          <tbody>
            {calls.toReversed().map((call) => {
              const name = `${oneLine(subjectOf(call).main, 60)}, ${formatTime(call.at)}`;
              return (
                <tr key={call.id} className="h-7 border-t border-line/60 hover:bg-hover">
                  <td className="w-28 pl-3 font-mono text-2xs text-muted">{formatTime(call.at)}</td>
                  <td className="truncate">
                    <button
                      type="button"
                      title={visibleText(text.open(name))}
                      onClick={() => onOpen(call.id)}
                      className="max-w-full truncate rounded-sm text-accent underline-offset-2 -outline-offset-2 hover:underline"
                    >
                      <SafeText text={oneLine(subjectOf(call).main)} />
                    </button>
                  </td>
                  <td className="w-28">
                    <Outcome exchange={call} />
                  </td>
                  <td className="w-16 pr-3 text-right">
                    {call.durationMs !== null && formatDuration(call.durationMs)}
                  </td>
                  {canCompare && (
                    <td className="w-24 pr-2 text-right">
                      <Button
                        variant="quiet"
                        className="h-6!"
                        aria-label={visibleText(text.compare(name))}
                        onClick={() => onCompare(call.id)}
                      >
                        {text.compareShort}
                      </Button>
                    </td>
                  )}
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </section>
  );
}
