import { type FormEvent, useId, useState } from 'react';
import {
  joinCommandLine,
  readServerJson,
  splitCommandLine,
  type TypedServer,
} from '../../lib/command-line.ts';
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

const text = messages.servers;
type Form = 'command' | 'json';
const FORMS: readonly { value: Form; label: string }[] = [
  { value: 'command', label: text.forms.command },
  { value: 'json', label: text.forms.json },
];

interface AddServerDialogProps {
  isOpen: boolean;
  onClose(): void;
  takenNames: readonly string[];
}

/** Adds a server to the catalog from a command line or from pasted JSON. */
export function AddServerDialog({ isOpen, onClose, takenNames }: AddServerDialogProps) {
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={text.addTitle} description={text.addDescription}>
      {/* Mounted with the dialog: every opening starts with an empty form. */}
      <AddServerForm onClose={onClose} takenNames={takenNames} />
    </Dialog>
  );
}

interface Problems {
  name?: string;
  definition?: string;
}

function readForm(form: Form, name: string, definition: string): TypedServer {
  if (form === 'json') return readServerJson(definition, name);
  const [command, ...args] = splitCommandLine(definition);
  if (!command) throw new Error(text.commandMissing);
  return { name: name.trim(), definition: { command, args } };
}

function AddServerForm({ onClose, takenNames }: Omit<AddServerDialogProps, 'isOpen'>) {
  const { data } = useHub();
  const action = useAction();
  const [form, setForm] = useState<Form>('command');
  const [name, setName] = useState('');
  const [definition, setDefinition] = useState('');
  const [problems, setProblems] = useState<Problems>({});
  const formId = useId();

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    let server: TypedServer;
    try {
      server = readForm(form, name, definition);
    } catch (error) {
      setProblems({ definition: error instanceof Error ? error.message : String(error) });
      return;
    }
    if (server.name === '') return setProblems({ name: text.nameMissing });
    if (takenNames.includes(server.name)) return setProblems({ name: text.nameTaken });
    setProblems({});
    if (!(await action.run((client) => client.servers.add(server)))) return;
    data.refresh('servers');
    onClose();
    navigate({ screen: 'servers', server: server.name });
  };

  return (
    <form
      id={formId}
      noValidate
      onSubmit={(event) => void submit(event)}
      className="flex flex-col gap-3 pt-1"
    >
      <Field label={text.name} hint={text.nameHint} error={problems.name ?? null}>
        {(ids) => (
          <input
            {...ids}
            value={name}
            onChange={(event) => setName(event.target.value)}
            autoComplete="off"
            spellCheck={false}
            className={inputClass}
          />
        )}
      </Field>
      <Segmented
        label={text.form}
        options={FORMS}
        value={form}
        onChange={(next) => {
          setForm(next);
          setProblems({});
        }}
      />
      <Field
        label={form === 'command' ? text.commandLine : text.json}
        hint={form === 'command' ? text.commandLineHint : text.jsonHint}
        error={problems.definition ?? null}
      >
        {(ids) => (
          <textarea
            {...ids}
            rows={form === 'command' ? 2 : 7}
            value={definition}
            onChange={(event) => setDefinition(event.target.value)}
            placeholder={form === 'command' ? text.commandLinePlaceholder : text.jsonPlaceholder}
            spellCheck={false}
            className={`${inputClass} h-auto resize-y py-1.5 font-mono text-xs`}
          />
        )}
      </Field>
      {form === 'command' && <CommandPreview line={definition} />}
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
