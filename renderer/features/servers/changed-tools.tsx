import type { ToolChange, ToolFinding } from '../../../shared/model/server-tools.ts';
import { formatDateTime, formatList } from '../../lib/format.ts';
import { useHub, useHubQuery, useResource } from '../../lib/hub-context.tsx';
import { useAction } from '../../lib/use-action.ts';
import { oneLine, visibleText } from '../../lib/visible-text.ts';
import { messages } from '../../messages/messages.ts';
import { Badge, type Tone } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { DiffView } from '../../ui/diff-view.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { Spinner } from '../../ui/spinner.tsx';

const text = messages.serverTools.changes;
const TONES: Record<ToolChange['kind'], Tone> = { changed: 'warn', added: 'info', removed: 'neutral' };

interface ChangedToolsProps {
  name: string;
  /** The button that had the focus goes with the finding. */
  onAccepted(): void;
}

/** Tools that are not as they were accepted, with what differs; nothing while there are none. */
export function ChangedTools({ name, onAccepted }: ChangedToolsProps) {
  const { data: findings } = useResource('tools');
  const finding = findings?.find(({ server }) => server === name);
  return finding ? <OpenFinding key={finding.id} finding={finding} onAccepted={onAccepted} /> : null;
}

function OpenFinding({ finding, onAccepted }: { finding: ToolFinding; onAccepted(): void }) {
  const { server: name, id, count, isHeld } = finding;
  const { data: hub } = useHub();
  const action = useAction();
  const { data, error } = useHubQuery(`${name} ${id}`, (client, signal) =>
    client.servers.toolChanges({ name }, { signal }),
  );
  // What was read may be newer than the finding: then the button is for what is shown.
  const shownId = data?.finding?.id ?? null;
  const accept = async (): Promise<void> => {
    if (shownId === null) return;
    if (!(await action.run((client) => client.servers.acceptTools({ name, id: shownId })))) return;
    hub.refresh('tools');
    onAccepted();
  };
  const rest = count - (data?.changes.length ?? count);
  return (
    <section aria-label={text.title} className="flex flex-col gap-2">
      <Notice
        tone="warn"
        actions={
          <Button disabled={shownId === null || action.isBusy} onClick={() => void accept()}>
            {text.accept(count)}
          </Button>
        }
      >
        <p className="font-medium">{text.lead(count)}</p>
        <p className="text-xs">{text.explain}</p>
        <p className="text-xs">{isHeld ? text.held : text.passed}</p>
      </Notice>
      {(error ?? action.error) && <ErrorNotice error={(error ?? action.error)!} />}
      {!data && !error && <Spinner label={messages.common.loading} />}
      {data?.changes.map((change) => (
        <Change key={change.tool} change={change} />
      ))}
      {rest > 0 && <p className="text-xs text-muted">{text.more(rest)}</p>}
    </section>
  );
}

function Change({ change }: { change: ToolChange }) {
  const { tool, kind, since, parts, diff, isBack } = change;
  return (
    <article className="flex flex-col gap-1">
      <h3 className="flex flex-wrap items-center gap-x-2 gap-y-1 text-xs">
        <span className="font-mono font-medium text-hostile">
          <SafeText text={oneLine(tool)} />
        </span>
        <Badge tone={TONES[kind]}>{text.kinds[kind]}</Badge>
        <span className="font-normal text-hostile text-muted">
          {parts.length > 0 && <SafeText text={`${text.parts(formatList(parts.slice(0, 8)))} · `} />}
          {text.since(formatDateTime(since))}
          {isBack && ` · ${text.isBack}`}
        </span>
      </h3>
      {diff === '' ? (
        <p className="text-xs text-muted">{text.noDiff}</p>
      ) : (
        <DiffView diff={diff} label={text.diffOf(visibleText(oneLine(tool)))} />
      )}
    </article>
  );
}
