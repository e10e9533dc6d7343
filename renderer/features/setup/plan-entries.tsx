import type { PlanEntry } from '../../../shared/model/migration.ts';
import { oneLine } from '../../lib/visible-text.ts';
import { messages } from '../../messages/messages.ts';
import { Badge } from '../../ui/badge.tsx';
import { SafeText } from '../../ui/safe-text.tsx';

const text = messages.setup.review;

/** The entries of a file: which are routed, which stay and why. */
export function PlanEntries({ entries }: { entries: readonly PlanEntry[] }) {
  return (
    <ul aria-label={text.entries} className="flex flex-col gap-1 text-xs">
      {entries.map((entry, index) => (
        <li key={index} className="flex items-baseline gap-2">
          <span className="w-14 shrink-0">
            <Badge tone={entry.action === 'move' ? 'accent' : 'neutral'}>{text.action[entry.action]}</Badge>
          </span>
          <span className="min-w-0 text-hostile">
            <span className="font-medium">
              <SafeText text={oneLine(entry.name)} />
            </span>
            <span className="text-muted">
              {` ${messages.scope[entry.scope]}`}
              {entry.project !== undefined && (
                <>
                  {': '}
                  <SafeText text={entry.project} />
                </>
              )}
              {entry.reason !== undefined && (
                <>
                  {', '}
                  <SafeText text={entry.reason} />
                </>
              )}
              {entry.overrides !== undefined && (
                <>
                  {', '}
                  <SafeText text={text.overrides(entry.overrides)} />
                </>
              )}
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}
