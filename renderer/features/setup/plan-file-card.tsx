import type { PlanFile, PlanWarning } from '../../../shared/model/migration.ts';
import { oneLine } from '../../lib/visible-text.ts';
import { messages } from '../../messages/messages.ts';
import { Badge } from '../../ui/badge.tsx';
import { DiffView } from '../../ui/diff-view.tsx';
import { Checkbox } from '../../ui/field.tsx';
import { Notice, RefusalNotice } from '../../ui/notice.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { MentionList } from './mention-list.tsx';
import { PlanEntries } from './plan-entries.tsx';
import { isUntilQuit } from './will-change.ts';

const text = messages.setup.review;

/** Warnings that call for a decision, rather than explain what was left alone. */
const SERIOUS: ReadonlySet<PlanWarning['code']> = new Set([
  'SESSIONS_RUNNING',
  'SECRET_IN_CLEAR',
  'FILE_MODE_OPEN',
  'UNREADABLE',
  'NAMES_CHANGE',
  'HUB_NEEDED',
  'OTHER_PLACE',
  'MANAGED_POLICY',
]);

/** Warnings that the line of the entry says already. */
const SAID_BY_ENTRY: ReadonlySet<PlanWarning['code']> = new Set([
  'REMOTE_LEFT_DIRECT',
  'UNKNOWN_LEFT_DIRECT',
  'LOGIN_LEFT_DIRECT',
  'PROJECT_LEFT_DIRECT',
  'MANAGED_POLICY',
  'ALREADY_ROUTED',
]);

interface PlanFileCardProps {
  file: PlanFile;
  /** Whether the person agreed to have the client quit and started again. */
  mayRestart: boolean;
  onRestart(isAllowed: boolean): void;
}

/** One file of the plan: what is refused or warned about, which entries move, who names them, and the diff. */
export function PlanFileCard({ file, mayRestart, onRestart }: PlanFileCardProps) {
  const moved = file.entries.filter((entry) => entry.action === 'move').length;
  const left = file.entries.length - moved;
  const warnings = warningsOf(file);
  const isHeld = file.refusal !== undefined && !(isUntilQuit(file) && mayRestart);
  return (
    <section aria-label={file.path} className="overflow-hidden rounded-lg border border-line bg-surface">
      <header className="border-b border-line px-3.5 py-2.5">
        <p className="flex flex-wrap items-center gap-2">
          <span className="font-semibold">{messages.client[file.client] ?? file.client}</span>
          {moved > 0 && !isHeld && <Badge tone="accent">{text.moved(moved)}</Badge>}
          {(file.rulesRewritten ?? 0) > 0 && (
            <Badge tone="accent">{text.rulesRewritten(file.rulesRewritten ?? 0)}</Badge>
          )}
          {left > 0 && <Badge>{text.leftAlone(left)}</Badge>}
        </p>
        <p className="font-mono text-xs text-muted text-hostile">
          <SafeText text={file.path} />
        </p>
      </header>
      <div className="flex flex-col gap-3 px-3.5 py-3">
        {file.refusal && (
          <Refusal file={file} refusal={file.refusal} mayRestart={mayRestart} onRestart={onRestart} />
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
        {file.entries.length > 0 && <PlanEntries entries={file.entries} />}
        <MentionList mentions={file.entries.flatMap((entry) => entry.mentions ?? [])} />
        {file.diff.trim() !== '' && <DiffView diff={file.diff} label={text.diffOf(file.path)} />}
      </div>
    </section>
  );
}

/** What nothing else on the card says. */
function warningsOf(file: PlanFile): PlanWarning[] {
  return file.warnings.filter(({ code, entry }) => {
    // The refusal says it, with what to do about it.
    if (code === file.refusal?.code) return false;
    if (!SAID_BY_ENTRY.has(code)) return true;
    return !file.entries.some(({ name, action, reason }) => name === entry && action === 'leave' && reason);
  });
}

interface RefusalProps extends PlanFileCardProps {
  refusal: NonNullable<PlanFile['refusal']>;
}

function Refusal({ file, refusal, mayRestart, onRestart }: RefusalProps) {
  const name = messages.client[file.client] ?? file.client;
  return (
    <RefusalNotice
      tone={isUntilQuit(file) ? 'warn' : 'danger'}
      title={isUntilQuit(file) ? text.refusedUntilQuit : text.refused}
      refusal={refusal}
    >
      {isUntilQuit(file) && (
        <div className="mt-1.5">
          <Checkbox checked={mayRestart} onChange={(event) => onRestart(event.target.checked)}>
            {text.restart(name)}
          </Checkbox>
          <p className="pl-5.5 text-xs text-muted">{text.restartHint}</p>
        </div>
      )}
    </RefusalNotice>
  );
}
