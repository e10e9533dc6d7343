import { useEffect, useRef, useState } from 'react';
import type { ClientId } from '../../../shared/model/client.ts';
import type { RollbackResult } from '../../../shared/model/migration.ts';
import { formatList } from '../../lib/format.ts';
import { useHub, useHubQuery } from '../../lib/hub-context.tsx';
import { useAction } from '../../lib/use-action.ts';
import { useLastKnown } from '../../lib/use-last-known.ts';
import { messages } from '../../messages/messages.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { Checkbox } from '../../ui/field.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import { RollbackFiles } from './rollback-files.tsx';

const text = messages.clients;

/** What is to be put back. */
export type RollbackTarget =
  { kind: 'all' } | { kind: 'client'; client: ClientId } | { kind: 'migration'; migration: string };

interface RollbackDialogProps {
  target: RollbackTarget | null;
  onClose(): void;
}

function describe(target: RollbackTarget): string {
  switch (target.kind) {
    case 'all':
      return text.rollbackOf.all;
    case 'client':
      return text.rollbackOf.client(messages.client[target.client] ?? target.client);
    case 'migration':
      return text.rollbackOf.migration(target.migration);
  }
}

/** Shows what a rollback would do, asks, does it, and says what happened to each file. */
export function RollbackDialog({ target, onClose }: RollbackDialogProps) {
  // Kept while the dialog fades out.
  const last = useLastKnown(target);
  return (
    <Dialog
      isOpen={target !== null}
      onClose={onClose}
      title={text.rollbackTitle}
      description={last && describe(last)}
      size="wide"
    >
      {last && <RollbackSteps target={last} onClose={onClose} />}
    </Dialog>
  );
}

const inputOf = (target: RollbackTarget) => ({
  ...(target.kind === 'client' ? { clients: [target.client] } : {}),
  ...(target.kind === 'migration' ? { migration: target.migration } : {}),
});

function RollbackSteps({ target, onClose }: { target: RollbackTarget; onClose(): void }) {
  const [result, setResult] = useState<RollbackResult | null>(null);
  return (
    <div className="flex flex-col gap-3">
      {/* There before its words: a region that comes together with them may not be read out. */}
      <p role="status" className={result ? 'font-medium' : 'sr-only'}>
        {result && text.rollbackDone}
      </p>
      {result ? (
        <Outcome result={result} onClose={onClose} />
      ) : (
        <Preview target={target} onDone={setResult} onClose={onClose} />
      )}
    </div>
  );
}

interface PreviewProps {
  target: RollbackTarget;
  onDone(result: RollbackResult): void;
  onClose(): void;
}

function Preview({ target, onDone, onClose }: PreviewProps) {
  const { data: hub } = useHub();
  const action = useAction();
  const [removeSecrets, setRemoveSecrets] = useState(false);
  const preview = useHubQuery(JSON.stringify(target), (client, signal) =>
    client.migration.rollback({ ...inputOf(target), dryRun: true }, { signal }),
  );

  const perform = async (): Promise<void> => {
    const done = await action.run(async (client) =>
      onDone(await client.migration.rollback({ ...inputOf(target), dryRun: false, removeSecrets })),
    );
    if (!done) return;
    hub.refresh('clients');
    hub.refresh('history');
    hub.refresh('servers');
  };

  const files = preview.data?.files ?? [];
  const secrets = preview.data?.secrets ?? [];
  const toWrite = files.filter((file) => file.result === 'exact' || file.result === 'merged').length;
  return (
    <>
      {preview.error && <ErrorNotice error={preview.error} />}
      {preview.isLoading && <Spinner label={text.rollbackLoading} />}
      {preview.data &&
        (toWrite > 0 ? <p>{text.rollbackReview}</p> : <Notice tone="info">{text.rollbackNothing}</Notice>)}
      <RollbackFiles files={files} words={text.wouldBe} />
      {secrets.length > 0 && (
        <div>
          <p>{text.secretsLeft(secrets.length)}</p>
          <Checkbox checked={removeSecrets} onChange={(event) => setRemoveSecrets(event.target.checked)}>
            {text.secretsRemove}
          </Checkbox>
        </div>
      )}
      {action.error && <ErrorNotice error={action.error} />}
      <DialogActions>
        {action.isBusy && <Spinner label={text.rollbackBusy} />}
        <Button onClick={onClose}>{messages.common.cancel}</Button>
        <Button variant="danger" disabled={toWrite === 0 || action.isBusy} onClick={() => void perform()}>
          {text.rollbackConfirm(toWrite)}
        </Button>
      </DialogActions>
    </>
  );
}

function Outcome({ result, onClose }: { result: RollbackResult; onClose(): void }) {
  const close = useRef<HTMLButtonElement>(null);
  // The button that had the focus is gone.
  useEffect(() => close.current?.focus(), []);
  return (
    <>
      <RollbackFiles files={result.files} words={text.did} />
      <SecretsDone secrets={result.secrets ?? []} />
      <p className="text-muted">{text.restartNote}</p>
      <DialogActions>
        <Button ref={close} variant="primary" onClick={onClose}>
          {messages.common.close}
        </Button>
      </DialogActions>
    </>
  );
}

/** What became of the secrets that the files have back. */
function SecretsDone({ secrets }: { secrets: NonNullable<RollbackResult['secrets']> }) {
  const left = secrets.filter(({ removed }) => !removed).map(({ name }) => name);
  const removed = secrets.filter((secret) => secret.removed).map(({ name }) => name);
  return (
    <>
      {left.length > 0 && (
        <p className="text-hostile">
          <SafeText text={text.secretsAre.left(formatList(left))} />
        </p>
      )}
      {removed.length > 0 && (
        <p className="text-hostile">
          <SafeText text={text.secretsAre.removed(formatList(removed))} />
        </p>
      )}
    </>
  );
}
