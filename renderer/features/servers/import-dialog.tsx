import { type ChangeEvent, useId, useState } from 'react';
import type { ServerImport } from '../../../shared/model/server-change.ts';
import { useHub } from '../../lib/hub-context.tsx';
import { navigate } from '../../lib/route.ts';
import { useAction } from '../../lib/use-action.ts';
import { messages } from '../../messages/messages.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { Field, inputClass } from '../../ui/field.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { ImportPreview } from './import-preview.tsx';

const text = messages.serverSettings.import;
/** What the hub reads of such a file. */
const MAX_BYTES = 8 * 1024 * 1024;

interface ImportDialogProps {
  isOpen: boolean;
  onClose(): void;
}

/** Adds the servers of another tool's file; first only what would be added is shown. */
export function ImportDialog({ isOpen, onClose }: ImportDialogProps) {
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={text.title} description={text.description} size="wide">
      {/* Mounted with the dialog: every opening starts over. */}
      <ImportSteps onClose={onClose} />
    </Dialog>
  );
}

interface Source {
  text: string;
  source: string;
}

function ImportSteps({ onClose }: { onClose(): void }) {
  const { data } = useHub();
  const action = useAction();
  const [shown, setShown] = useState<{ source: Source; plan: ServerImport } | null>(null);

  const preview = (source: Source): Promise<boolean> =>
    action.run(async (client) =>
      setShown({ source, plan: await client.servers.import({ ...source, dryRun: true }) }),
    );
  const confirm = async ({ source }: { source: Source }): Promise<void> => {
    let first: string | undefined;
    const isDone = await action.run(async (client) => {
      const { servers } = await client.servers.import({ ...source, dryRun: false });
      first = servers.find((server) => server.action === 'add')?.server;
    });
    if (!isDone) return;
    data.refresh('servers');
    onClose();
    if (first !== undefined) navigate({ screen: 'servers', server: first });
  };

  const adding = shown?.plan.servers.filter((server) => server.action === 'add').length ?? 0;
  return (
    <div className="flex flex-col gap-3 pt-1">
      {shown ? (
        <ImportPreview plan={shown.plan} />
      ) : (
        <ChooseSource isBusy={action.isBusy} onChosen={preview} />
      )}
      {action.error && <ErrorNotice error={action.error} />}
      <DialogActions>
        {shown && <Button onClick={() => setShown(null)}>{text.back}</Button>}
        <span className="flex-1" />
        <Button onClick={onClose}>{messages.common.cancel}</Button>
        {shown && (
          <Button
            variant="primary"
            disabled={action.isBusy || adding === 0}
            onClick={() => void confirm(shown)}
          >
            {adding === 0 ? text.nothing : text.confirm(adding)}
          </Button>
        )}
      </DialogActions>
    </div>
  );
}

interface ChooseSourceProps {
  isBusy: boolean;
  onChosen(source: Source): Promise<boolean>;
}

function ChooseSource({ isBusy, onChosen }: ChooseSourceProps) {
  const [pasted, setPasted] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const fileId = useId();

  const takeFile = async ({ target }: ChangeEvent<HTMLInputElement>): Promise<void> => {
    const file = target.files?.[0];
    if (!file) return;
    setProblem(null);
    // The same file can be chosen again after it was mended.
    target.value = '';
    if (file.size > MAX_BYTES) return setProblem(text.tooLarge);
    try {
      await onChosen({ text: await file.text(), source: file.name });
    } catch (error) {
      setProblem(text.unreadable(error instanceof Error ? error.message : String(error)));
    }
  };

  return (
    <>
      <div className="flex flex-col gap-1">
        <label htmlFor={fileId} className="font-medium">
          {text.file}
        </label>
        <input
          id={fileId}
          type="file"
          disabled={isBusy}
          onChange={(event) => void takeFile(event)}
          className="text-xs text-muted file:mr-3 file:h-7 file:cursor-pointer file:rounded-md file:border file:border-solid file:border-line file:bg-raised file:px-2.5 file:text-sm file:text-ink hover:file:bg-hover"
        />
      </div>
      <Field label={text.orPaste} hint={text.pasteHint}>
        {(ids) => (
          <textarea
            {...ids}
            rows={8}
            value={pasted}
            onChange={(event) => setPasted(event.target.value)}
            placeholder='{ "mcpServers": { … } }'
            spellCheck={false}
            className={`${inputClass} h-auto resize-y py-1.5 font-mono text-xs`}
          />
        )}
      </Field>
      {problem !== null && <Notice tone="danger">{problem}</Notice>}
      <Button
        className="self-end"
        disabled={isBusy || pasted.trim() === ''}
        onClick={() => void onChosen({ text: pasted, source: text.pasted })}
      >
        {text.preview}
      </Button>
    </>
  );
}
