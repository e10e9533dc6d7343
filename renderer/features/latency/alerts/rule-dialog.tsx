import { type FormEvent, useState } from 'react';
import { AlertKind } from '../../../../shared/model/alert.ts';
import { useHub, useResource } from '../../../lib/hub-context.tsx';
import { useAction } from '../../../lib/use-action.ts';
import { messages } from '../../../messages/messages.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog, DialogActions } from '../../../ui/dialog.tsx';
import { Field, inputClass } from '../../../ui/field.tsx';
import { ErrorNotice } from '../../../ui/notice.tsx';
import { readDraft, type RuleDraft, type RuleProblem, withKind } from './rule-draft.ts';

const text = messages.alerts.dialog;

interface RuleDialogProps {
  /** What the form starts with; null while it is closed. */
  draft: RuleDraft | null;
  onClose(): void;
}

/** Adds a rule or changes one. */
export function RuleDialog({ draft, onClose }: RuleDialogProps) {
  return (
    <Dialog
      isOpen={draft !== null}
      onClose={onClose}
      title={draft?.isNew ? text.addTitle : text.editTitle}
      description={text.description}
    >
      {/* Mounted with the dialog: every opening starts with what it was given. */}
      {draft && <RuleForm start={draft} onClose={onClose} />}
    </Dialog>
  );
}

function RuleForm({ start, onClose }: { start: RuleDraft; onClose(): void }) {
  const { data } = useHub();
  const { data: servers } = useResource('servers');
  const action = useAction();
  const [draft, setDraft] = useState(start);
  const [wasSubmitted, setSubmitted] = useState(false);
  const read = readDraft(draft, () => crypto.randomUUID());
  const change = (next: Partial<RuleDraft>): void => setDraft({ ...draft, ...next });
  const problem = (name: RuleProblem, words: string): string | null =>
    wasSubmitted && read.problems?.has(name) ? words : null;
  // A rule may name a server that is not in the catalog any more.
  const names = [
    ...new Set([...(servers?.map(({ name }) => name) ?? []), ...(start.server ? [start.server] : [])]),
  ];

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setSubmitted(true);
    const { rule } = read;
    if (!rule || !(await action.run((client) => client.alerts.save(rule)))) return;
    data.refresh('alerts');
    onClose();
  };

  const input = (name: 'name' | 'tool' | 'threshold' | 'forMinutes' | 'minCalls', words: FieldWords) => (
    <Field label={words.label} hint={words.hint} error={words.error ?? null}>
      {(ids) => (
        <input
          {...ids}
          value={draft[name]}
          onChange={(event) => change({ [name]: event.target.value })}
          autoComplete="off"
          spellCheck={false}
          className={inputClass}
        />
      )}
    </Field>
  );

  return (
    <form noValidate onSubmit={(event) => void submit(event)} className="flex flex-col gap-3 pt-1">
      {input('name', { label: text.name, error: problem('name', text.nameWrong) })}
      <div className="grid grid-cols-2 items-start gap-3">
        <Field label={text.kind}>
          {(ids) => (
            <select
              {...ids}
              value={draft.kind}
              onChange={(event) => setDraft(withKind(draft, AlertKind.parse(event.target.value)))}
              className={inputClass}
            >
              {AlertKind.options.map((kind) => (
                <option key={kind} value={kind}>
                  {messages.alerts.kinds[kind]}
                </option>
              ))}
            </select>
          )}
        </Field>
        {draft.kind !== 'server-down' &&
          input('threshold', {
            label: text[draft.kind],
            hint: text[`${draft.kind}Hint`],
            error: problem('threshold', text[`${draft.kind}Wrong`]),
          })}
      </div>
      <div className="grid grid-cols-2 items-start gap-3">
        <Field label={text.server} hint={text.serverHint}>
          {(ids) => (
            <select
              {...ids}
              value={draft.server}
              onChange={(event) => change({ server: event.target.value })}
              className={inputClass}
            >
              <option value="">{text.each}</option>
              {names.map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </select>
          )}
        </Field>
        {draft.kind !== 'server-down' && input('tool', { label: text.tool, hint: text.toolHint })}
      </div>
      <div className="grid grid-cols-2 items-start gap-3">
        {input('forMinutes', {
          label: text.forMinutes,
          hint: text.forMinutesHint,
          error: problem('forMinutes', text.forMinutesWrong),
        })}
        {draft.kind !== 'server-down' &&
          input('minCalls', {
            label: text.minCalls,
            hint: text.minCallsHint,
            error: problem('minCalls', text.minCallsWrong),
          })}
      </div>
      {action.error && <ErrorNotice error={action.error} />}
      <DialogActions>
        <Button onClick={onClose}>{messages.common.cancel}</Button>
        <Button type="submit" variant="primary" disabled={action.isBusy}>
          {text.save}
        </Button>
      </DialogActions>
    </form>
  );
}

interface FieldWords {
  label: string;
  hint?: string;
  error?: string | null;
}
