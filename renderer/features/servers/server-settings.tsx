import { type FormEvent, type ReactNode, useState } from 'react';
import { Isolation } from '../../../shared/model/server.ts';
import type { ServerChange } from '../../../shared/model/server-change.ts';
import { SERVER_DEFAULTS } from '../../../shared/model/server-defaults.ts';
import { useHub, useHubQuery } from '../../lib/hub-context.tsx';
import { writeTime } from '../../lib/quantities.ts';
import { useAction } from '../../lib/use-action.ts';
import { messages } from '../../messages/messages.ts';
import { Button } from '../../ui/button.tsx';
import { Checkbox, Field, inputClass } from '../../ui/field.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import {
  draftOf,
  type LimitField,
  readDraft,
  readIsolation,
  type ServerDraft,
} from './server-change-draft.ts';
import { ToolRulesFields } from './tool-rules-fields.tsx';

const text = messages.serverSettings;

interface ServerSettingsProps {
  name: string;
  /** A program here; a remote server has no processes. */
  isLocal: boolean;
  /** Changes when the catalog does: then the form starts over with what stands there. */
  revision: string;
}

/** What may be changed of a server, with the words of `patchbay servers set`. */
export function ServerSettings({ name, isLocal, revision }: ServerSettingsProps) {
  const { data, error, reload } = useHubQuery(`${name} ${revision}`, (client, signal) =>
    client.servers.settings({ name }, { signal }),
  );
  return (
    <div
      role="region"
      aria-label={text.form}
      tabIndex={0}
      className="min-h-0 flex-1 overflow-y-auto p-4 -outline-offset-2"
    >
      {error && <ErrorNotice error={error} />}
      {!data && !error && <Spinner label={messages.common.loading} />}
      {data && (
        <SettingsForm
          key={JSON.stringify(data)}
          name={name}
          isLocal={isLocal}
          settings={data}
          onSaved={reload}
        />
      )}
    </div>
  );
}

interface SettingsFormProps {
  name: string;
  isLocal: boolean;
  settings: ServerChange;
  onSaved(): void;
}

function SettingsForm({ name, isLocal, settings, onSaved }: SettingsFormProps) {
  const { data } = useHub();
  const action = useAction();
  const [draft, setDraft] = useState(() => draftOf(settings));
  const [wasSubmitted, setSubmitted] = useState(false);
  const { change, problems } = readDraft(draft, settings);
  const isChanged = Object.keys(change).length > 0 || problems.size > 0;
  const edit = (next: Partial<ServerDraft>): void => setDraft({ ...draft, ...next });
  const isPrivate = (draft.isolation || SERVER_DEFAULTS.isolation) === 'session';

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setSubmitted(true);
    if (problems.size > 0 || !(await action.run((client) => client.servers.change({ name, change })))) return;
    data.refresh('servers');
    onSaved();
  };

  const limit = (field: LimitField, usual: string) => (
    <Field
      label={text.fields[field]}
      hint={text.hints[field]}
      error={wasSubmitted && problems.has(field) ? text.problems[field] : null}
    >
      {(ids) => (
        <input
          {...ids}
          value={draft[field]}
          placeholder={text.default(usual)}
          onChange={(event) => edit({ [field]: event.target.value })}
          autoComplete="off"
          spellCheck={false}
          className={inputClass}
        />
      )}
    </Field>
  );
  const calls = isPrivate ? SERVER_DEFAULTS.privateConcurrency : SERVER_DEFAULTS.sharedConcurrency;

  return (
    <form
      noValidate
      onSubmit={(event) => void submit(event)}
      className="flex flex-col gap-5 [&>section]:max-w-3xl"
    >
      {isLocal && (
        <Group title={text.sharing}>
          <Field label={text.isolation} hint={text.isolationHint}>
            {(ids) => (
              <select
                {...ids}
                value={draft.isolation}
                onChange={(event) => edit({ isolation: readIsolation(event.target.value) })}
                className={inputClass}
              >
                <option value="">{text.default(SERVER_DEFAULTS.isolation)}</option>
                {Isolation.options.map((isolation) => (
                  <option key={isolation} value={isolation}>
                    {text.isolations[isolation]}
                  </option>
                ))}
              </select>
            )}
          </Field>
          {limit('warm', String(SERVER_DEFAULTS.warm))}
          {limit('copies', String(SERVER_DEFAULTS.copies))}
          {limit('idleTimeout', writeTime(SERVER_DEFAULTS.idleTimeoutMs))}
        </Group>
      )}
      <Group title={text.limits}>
        {limit('timeout', writeTime(SERVER_DEFAULTS.timeoutMs))}
        {limit('startTimeout', writeTime(SERVER_DEFAULTS.startTimeoutMs))}
        {limit('concurrency', String(calls))}
        {isLocal && limit('memoryLimit', text.none)}
      </Group>
      <section aria-label={text.tools}>
        <h3 className="mb-2 font-semibold">{text.tools}</h3>
        <Checkbox
          checked={draft.holdChangedTools}
          aria-describedby="hold-changed-tools"
          onChange={({ target }) => edit({ holdChangedTools: target.checked })}
        >
          {text.holdChangedTools}
        </Checkbox>
        <p id="hold-changed-tools" className="mt-0.5 mb-3 pl-5.5 text-xs text-muted">
          {text.holdChangedToolsHint}
        </p>
        <ToolRulesFields
          server={name}
          saved={settings.tools ?? {}}
          draft={draft}
          hasDoubleName={problems.has('rename')}
          onChange={edit}
        />
      </section>
      {action.error && <ErrorNotice error={action.error} />}
      <div className="sticky -bottom-4 -mx-4 -mb-4 flex items-center gap-3 border-t border-line bg-surface px-4 py-3">
        <Button type="submit" variant="primary" disabled={!isChanged || action.isBusy}>
          {text.save}
        </Button>
        {isChanged && (
          <Button variant="quiet" onClick={() => setDraft(draftOf(settings))}>
            {text.discard}
          </Button>
        )}
        <span role="status" className="text-xs text-muted">
          {isChanged ? text.applies : text.unchanged}
        </span>
      </div>
    </form>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title}>
      <h3 className="mb-2 font-semibold">{title}</h3>
      <div className="grid grid-cols-2 items-start gap-x-4 gap-y-3">{children}</div>
    </section>
  );
}
