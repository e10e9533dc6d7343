import { type ComponentProps, type FormEvent, useState } from 'react';
import { joinCommandLine, splitCommandLine } from '../../lib/command-line.ts';
import { useHub } from '../../lib/hub-context.tsx';
import { navigate } from '../../lib/route.ts';
import { useAction } from '../../lib/use-action.ts';
import { messages } from '../../messages/messages.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { Field, inputClass } from '../../ui/field.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import {
  ADD_FORMS,
  type AddDraft,
  type AddField,
  EMPTY_DRAFT,
  readAddDraft,
  REMOTE_TRANSPORTS,
} from './add-server-draft.ts';

const text = messages.servers;
const FORMS = ADD_FORMS.map((value) => ({ value, label: text.forms[value] }));
const TRANSPORTS = REMOTE_TRANSPORTS.map((value) => ({ value, label: text.transports[value] }));

interface AddServerDialogProps {
  isOpen: boolean;
  onClose(): void;
  takenNames: readonly string[];
}

/** Adds a server to the catalog: a command line, an address, or pasted JSON. */
export function AddServerDialog({ isOpen, onClose, takenNames }: AddServerDialogProps) {
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={text.addTitle} description={text.addDescription}>
      {/* Mounted with the dialog: every opening starts with an empty form. */}
      <AddServerForm onClose={onClose} takenNames={takenNames} />
    </Dialog>
  );
}

function AddServerForm({ onClose, takenNames }: Omit<AddServerDialogProps, 'isOpen'>) {
  const { data } = useHub();
  const action = useAction();
  const [draft, setDraft] = useState(EMPTY_DRAFT);
  const [problem, setProblem] = useState<{ field: AddField; message: string } | null>(null);
  const change = (next: Partial<AddDraft>): void => {
    setDraft({ ...draft, ...next });
    setProblem(null);
  };
  const errorOf = (field: AddField): string | null => (problem?.field === field ? problem.message : null);

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const read = readAddDraft(draft, takenNames);
    setProblem(read.problem);
    const { server } = read;
    if (!server || !(await action.run((client) => client.servers.add(server)))) return;
    data.refresh('servers');
    onClose();
    navigate({ screen: 'servers', server: server.name });
  };

  return (
    <form noValidate onSubmit={(event) => void submit(event)} className="flex flex-col gap-3 pt-1">
      <Field label={text.name} hint={text.nameHint} error={errorOf('name')}>
        {(ids) => (
          <Line {...ids} value={draft.name} onChange={(event) => change({ name: event.target.value })} />
        )}
      </Field>
      <Segmented label={text.form} options={FORMS} value={draft.form} onChange={(form) => change({ form })} />
      {draft.form === 'command' && <CommandFields draft={draft} change={change} errorOf={errorOf} />}
      {draft.form === 'url' && <UrlFields draft={draft} change={change} errorOf={errorOf} />}
      {draft.form === 'json' && (
        <Field label={text.json} hint={text.jsonHint} error={errorOf('json')}>
          {(ids) => (
            <Lines
              {...ids}
              rows={7}
              value={draft.json}
              onChange={(event) => change({ json: event.target.value })}
              placeholder={text.jsonPlaceholder}
            />
          )}
        </Field>
      )}
      {action.error && <ErrorNotice error={action.error} />}
      <DialogActions>
        <Button onClick={onClose}>{messages.common.cancel}</Button>
        <Button type="submit" variant="primary" disabled={action.isBusy}>
          {text.add}
        </Button>
      </DialogActions>
    </form>
  );
}

interface FieldsProps {
  draft: AddDraft;
  change(next: Partial<AddDraft>): void;
  errorOf(field: AddField): string | null;
}

function CommandFields({ draft, change, errorOf }: FieldsProps) {
  return (
    <>
      <Field label={text.commandLine} hint={text.commandLineHint} error={errorOf('commandLine')}>
        {(ids) => (
          <Lines
            {...ids}
            rows={2}
            value={draft.commandLine}
            onChange={(event) => change({ commandLine: event.target.value })}
            placeholder={text.commandLinePlaceholder}
          />
        )}
      </Field>
      <CommandPreview line={draft.commandLine} />
      <Field label={text.env} hint={text.envHint} error={errorOf('env')}>
        {(ids) => (
          <Lines
            {...ids}
            rows={2}
            value={draft.env}
            onChange={(event) => change({ env: event.target.value })}
          />
        )}
      </Field>
      <Field label={text.cwd} hint={text.cwdHint}>
        {(ids) => (
          <Line {...ids} value={draft.cwd} onChange={(event) => change({ cwd: event.target.value })} />
        )}
      </Field>
    </>
  );
}

function UrlFields({ draft, change, errorOf }: FieldsProps) {
  return (
    <>
      <Field label={text.url} error={errorOf('url')}>
        {(ids) => (
          <Line
            {...ids}
            value={draft.url}
            onChange={(event) => change({ url: event.target.value })}
            placeholder={text.urlPlaceholder}
          />
        )}
      </Field>
      <Segmented
        label={text.transport}
        options={TRANSPORTS}
        value={draft.transport}
        onChange={(transport) => change({ transport })}
      />
      <Field label={text.headers} hint={text.headersHint} error={errorOf('headers')}>
        {(ids) => (
          <Lines
            {...ids}
            rows={2}
            value={draft.headers}
            onChange={(event) => change({ headers: event.target.value })}
          />
        )}
      </Field>
    </>
  );
}

const Line = (props: ComponentProps<'input'>) => (
  <input {...props} autoComplete="off" spellCheck={false} className={inputClass} />
);

const Lines = (props: ComponentProps<'textarea'>) => (
  <textarea
    {...props}
    spellCheck={false}
    className={`${inputClass} h-auto resize-y py-1.5 font-mono text-xs`}
  />
);

function CommandPreview({ line }: { line: string }) {
  let words: string[];
  try {
    words = splitCommandLine(line);
  } catch {
    // Still being typed; the problem is said on submit.
    return null;
  }
  if (words.length === 0) return null;
  return (
    <div>
      <p className="mb-1 text-xs text-muted">{text.parts}</p>
      <ol className="flex flex-wrap gap-1">
        {words.map((word, index) => (
          <li key={index} className="rounded bg-sunken px-1.5 py-0.5 font-mono text-xs text-hostile">
            <SafeText text={word === '' ? joinCommandLine(['']) : word} />
          </li>
        ))}
      </ol>
    </div>
  );
}
