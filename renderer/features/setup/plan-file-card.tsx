import type { PlanEntry, PlanFile, PlanWarning } from '../../../shared/model/migration.ts';
import { oneLine } from '../../lib/visible-text.ts';
import { messages } from '../../messages/messages.ts';
import { Badge } from '../../ui/badge.tsx';
import { DiffView } from '../../ui/diff-view.tsx';
import { Notice } from '../../ui/notice.tsx';
import { SafeText } from '../../ui/safe-text.tsx';

const text = messages.setup.review;

/** Warnings that call for a decision, rather than explain what was left alone. */
const SERIOUS: ReadonlySet<PlanWarning['code']> = new Set([
  'CLIENT_RUNNING',
  'SESSIONS_RUNNING',
  'SECRET_IN_CLEAR',
  'FILE_MODE_OPEN',
  'UNREADABLE',
]);

/** Warnings that the line of the entry says already. */
const SAID_BY_ENTRY: ReadonlySet<PlanWarning['code']> = new Set([
  'REMOTE_LEFT_DIRECT',
  'UNKNOWN_LEFT_DIRECT',
  'ALREADY_ROUTED',
]);

/** One file of the plan: what is refused or warned about, which entries move, and the diff. */
export function PlanFileCard({ file }: { file: PlanFile }) {
  const moved = file.entries.filter((entry) => entry.action === 'move').length;
  const left = file.entries.length - moved;
  const warnings = file.warnings.filter(
    ({ code, entry }) =>
      !SAID_BY_ENTRY.has(code) ||
      !file.entries.some(({ name, action, reason }) => name === entry && action === 'leave' && reason),
  );
  return (
    <section aria-label={file.path} className="overflow-hidden rounded-lg border border-line bg-surface">
      <header className="border-b border-line px-3.5 py-2.5">
        <p className="flex flex-wrap items-center gap-2">
          <span className="font-semibold">{messages.client[file.client] ?? file.client}</span>
          {moved > 0 && !file.refusal && <Badge tone="accent">{text.moved(moved)}</Badge>}
          {left > 0 && <Badge>{text.leftAlone(left)}</Badge>}
        </p>
        <p className="font-mono text-xs text-muted text-hostile">
          <SafeText text={file.path} />
        </p>
      </header>
      <div className="flex flex-col gap-3 px-3.5 py-3">
        {file.refusal && (
          <Notice tone="danger">
            <p className="font-medium">{text.refused}</p>
            <p>
              <SafeText text={file.refusal.message} />
            </p>
            {file.refusal.hint !== undefined && (
              <p className="text-muted">
                <SafeText text={file.refusal.hint} />
              </p>
            )}
          </Notice>
        )}
        {warnings.map((warning, index) => (
          <Notice key={index} tone={SERIOUS.has(warning.code) ? 'warn' : 'info'}>
            {warning.entry !== undefined && !warning.message.includes(warning.entry) && (
              <span className="font-medium">
                <SafeText text={`${oneLine(warning.entry)}: `} />
              </span>
            )}
            <SafeText text={warning.message} />
          </Notice>
        ))}
        {file.entries.length > 0 && <Entries entries={file.entries} />}
        {file.diff.trim() !== '' && <DiffView diff={file.diff} label={text.diffOf(file.path)} />}
      </div>
    </section>
  );
}

function Entries({ entries }: { entries: readonly PlanEntry[] }) {
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
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}
