import type { HistoryItem, MigrationState } from '../../../shared/model/migration.ts';
import { formatDateTime, formatList } from '../../lib/format.ts';
import { messages } from '../../messages/messages.ts';
import { Badge, type Tone } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { SafeText } from '../../ui/safe-text.tsx';

const text = messages.clients;
const STATE_TONES: Record<MigrationState, Tone> = {
  applying: 'info',
  applied: 'accent',
  'rolled-back': 'neutral',
  'partly-rolled-back': 'warn',
  failed: 'danger',
};

interface MigrationHistoryProps {
  history: readonly HistoryItem[];
  onRollBack(id: string): void;
  onReport(item: HistoryItem): void;
}

/** Every migration, newest first, with the files it touched and its report. */
export function MigrationHistory({ history, onRollBack, onReport }: MigrationHistoryProps) {
  const newestFirst = history.toSorted((a, b) => b.at.localeCompare(a.at));
  return (
    <section aria-label={text.history}>
      <h2 className="mb-1.5 text-base font-semibold">{text.history}</h2>
      {history.length === 0 ? (
        <p className="text-xs text-muted">{text.historyEmpty}</p>
      ) : (
        <ul className="divide-y divide-line rounded-lg border border-line bg-surface">
          {newestFirst.map((item) => (
            <li key={item.id} className="flex items-start gap-3 px-3.5 py-2">
              <div className="min-w-0 flex-1">
                <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
                  <time dateTime={item.at} className="font-medium">
                    {formatDateTime(Date.parse(item.at))}
                  </time>
                  <Badge tone={STATE_TONES[item.state]}>{text.state[item.state]}</Badge>
                  <span className="text-xs text-muted">
                    {formatList(item.clients.map((client) => messages.client[client] ?? client))}
                  </span>
                </p>
                <ul className="mt-0.5 text-xs text-muted">
                  {item.files.map((file) => (
                    <li key={file.path} className="font-mono text-2xs leading-[1.125rem] text-hostile">
                      <SafeText text={file.path} />
                    </li>
                  ))}
                </ul>
              </div>
              {item.report && <Button onClick={() => onReport(item)}>{text.openReport}</Button>}
              {(item.state === 'applied' || item.state === 'partly-rolled-back') && (
                <Button onClick={() => onRollBack(item.id)}>{text.rollBack}</Button>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
