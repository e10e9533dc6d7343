import { useState } from 'react';
import type { ConfigVersion, ConfigWrite, RestorePart } from '../../../shared/model/config-version.ts';
import type { Finding } from '../../../shared/model/guardian.ts';
import { useHub, useHubQuery } from '../../lib/hub-context.tsx';
import type { HubClient } from '../../lib/hub-link.ts';
import { formatRoute } from '../../lib/route.ts';
import { useAction } from '../../lib/use-action.ts';
import { useLastKnown } from '../../lib/use-last-known.ts';
import { messages } from '../../messages/messages.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { DiffView } from '../../ui/diff-view.tsx';
import { ErrorNotice, Notice, RefusalNotice } from '../../ui/notice.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Spinner } from '../../ui/spinner.tsx';

const text = messages.clients.write;

/** What is to be written into one config file. */
export type WriteTarget =
  | { kind: 'merge-back' | 'remove'; finding: Finding }
  | { kind: 'restore'; version: Pick<ConfigVersion, 'id' | 'path' | 'state'> };

interface ConfigWriteDialogProps {
  target: WriteTarget | null;
  onClose(): void;
}

const pathOf = (target: WriteTarget): string =>
  target.kind === 'restore' ? target.version.path : target.finding.path;

/** Shows the lines a write would change, asks, and writes just those: a file that changed meanwhile is left alone. */
export function ConfigWriteDialog({ target, onClose }: ConfigWriteDialogProps) {
  // Kept while the dialog fades out.
  const last = useLastKnown(target);
  return (
    <Dialog
      isOpen={target !== null}
      onClose={onClose}
      title={last ? text.title[last.kind] : ''}
      description={last && text.explain[last.kind]}
      size="wide"
    >
      {last && (
        <WriteSteps
          key={last.kind === 'restore' ? last.version.id : last.finding.id}
          target={last}
          onClose={onClose}
        />
      )}
    </Dialog>
  );
}

interface WriteOptions {
  part: RestorePart;
  dryRun: boolean;
  expected?: string | null;
}

function write(
  hub: HubClient,
  target: WriteTarget,
  { part, ...options }: WriteOptions,
): Promise<ConfigWrite> {
  if (target.kind === 'restore') {
    const { id, path } = target.version;
    return hub.configs.restore({ path, version: id, part, ...options });
  }
  const input = { id: target.finding.id, ...options };
  return target.kind === 'remove' ? hub.guardian.remove(input) : hub.guardian.mergeBack(input);
}

function WriteSteps({ target, onClose }: { target: WriteTarget; onClose(): void }) {
  const { data: hub } = useHub();
  const action = useAction();
  // A file that no client can read has no entries to take out of it.
  const canSplit = target.kind === 'restore' && target.version.state === 'readable';
  const [part, setPart] = useState<RestorePart>(canSplit ? 'servers' : 'file');
  const [done, setDone] = useState<ConfigWrite | null>(null);
  // Each look is a new one: what was refused because it is out of date must not be written a second later.
  const [look, setLook] = useState(0);
  const [failedLook, setFailedLook] = useState<number | null>(null);
  const hasFailed = failedLook === look;
  const preview = useHubQuery(`${part} ${look}`, (client) => write(client, target, { part, dryRun: true }));

  const perform = async (shown: ConfigWrite): Promise<void> => {
    const isDone = await action.run(async (client) =>
      setDone(await write(client, target, { part, dryRun: false, expected: shown.sha256Before })),
    );
    if (!isDone) return setFailedLook(look);
    for (const topic of ['clients', 'configs', 'guardian'] as const) hub.refresh(topic);
  };

  if (done) return <Done done={done} onClose={onClose} />;
  const shown = preview.data;
  const isUnchanged = shown?.result === 'unchanged';
  return (
    <div className="flex flex-col gap-3">
      <p className="font-mono text-xs text-hostile">
        <SafeText text={pathOf(target)} />
      </p>
      {canSplit && (
        <div className="flex flex-wrap items-center gap-2">
          <Segmented<RestorePart>
            label={text.part}
            options={(['servers', 'file'] as const).map((value) => ({ value, label: text.parts[value] }))}
            value={part}
            onChange={setPart}
          />
          <span className="text-xs text-muted">{text.partHint[part]}</span>
        </div>
      )}
      {preview.isLoading && <Spinner label={text.loading} />}
      {preview.error && <ErrorNotice error={preview.error} />}
      {shown && <Shown write={shown} />}
      {hasFailed && action.error && <ErrorNotice error={action.error} />}
      <DialogActions>
        {action.isBusy && <Spinner label={text.busy} />}
        {(hasFailed || shown?.refusal) && <Button onClick={() => setLook(look + 1)}>{text.again}</Button>}
        <Button onClick={onClose}>{messages.common.cancel}</Button>
        <Button
          variant="primary"
          disabled={!shown || hasFailed || isUnchanged || shown.refusal !== undefined || action.isBusy}
          onClick={() => shown && void perform(shown)}
        >
          {text.confirm}
        </Button>
      </DialogActions>
    </div>
  );
}

function Shown({ write: { result, refusal, notes, diff, path } }: { write: ConfigWrite }) {
  return (
    <>
      {refusal && <RefusalNotice tone="warn" title={text.refused} refusal={refusal} />}
      {notes.map((note, index) => (
        <Notice key={index} tone="info">
          <SafeText text={note} />
        </Notice>
      ))}
      {result === 'unchanged' ? (
        <Notice tone="info">{text.unchanged}</Notice>
      ) : (
        <DiffView diff={diff} label={text.diffOf(path)} />
      )}
    </>
  );
}

function Done({ done, onClose }: { done: ConfigWrite; onClose(): void }) {
  return (
    <div className="flex flex-col gap-3">
      <p role="status" className="font-medium">
        {text.done}
      </p>
      <DiffView diff={done.diff} label={text.diffOf(done.path)} />
      {done.undo !== null && (
        <p className="text-muted">
          {text.undo}{' '}
          <a
            href={formatRoute({ screen: 'clients', config: done.path })}
            onClick={onClose}
            className="rounded-sm text-accent underline underline-offset-2"
          >
            {text.toUndo}
          </a>
        </p>
      )}
      <DialogActions>
        <Button variant="primary" onClick={onClose}>
          {messages.common.close}
        </Button>
      </DialogActions>
    </div>
  );
}
