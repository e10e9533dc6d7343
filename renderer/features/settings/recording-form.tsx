import { type FormEvent, useState } from 'react';
import { HubSettings } from '../../../shared/model/settings.ts';
import { useHub } from '../../lib/hub-context.tsx';
import { useAction } from '../../lib/use-action.ts';
import { messages } from '../../messages/messages.ts';
import { Button } from '../../ui/button.tsx';
import { Checkbox, Field, inputClass } from '../../ui/field.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';

const text = messages.settings;

/** Kilobytes on the screen, bytes in the settings. */
const BYTES_PER_KB = 1_024;
const LIMITS = { captureKb: [0, 16_384], historyMaxMb: [1, 100_000], historyMaxDays: [1, 3_650] } as const;
type LimitName = keyof typeof LIMITS;

type SwitchName = 'recordTraffic' | 'captureBodies';

type Draft = Record<SwitchName, boolean> & Record<LimitName, string>;

const draftOf = (settings: HubSettings): Draft => ({
  recordTraffic: settings.recordTraffic,
  captureBodies: settings.captureBodies,
  captureKb: String(settings.captureLimitBytes / BYTES_PER_KB),
  historyMaxMb: String(settings.historyMaxMb),
  historyMaxDays: String(settings.historyMaxDays),
});

/** A whole number within the limits, else null. */
function readLimit(name: LimitName, draft: Draft): number | null {
  const [min, max] = LIMITS[name];
  const value = Number(draft[name].trim());
  return draft[name].trim() !== '' && Number.isInteger(value) && value >= min && value <= max ? value : null;
}

/** What the hub records and how much of it it keeps. */
export function RecordingForm({ settings }: { settings: HubSettings }) {
  const { data } = useHub();
  const action = useAction();
  const [draft, setDraft] = useState(() => draftOf(settings));
  const [wasSubmitted, setSubmitted] = useState(false);
  const isChanged = JSON.stringify(draft) !== JSON.stringify(draftOf(settings));

  const problemOf = (name: LimitName): string | null => {
    const [min, max] = LIMITS[name];
    return wasSubmitted && readLimit(name, draft) === null ? text.range(min, max) : null;
  };

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setSubmitted(true);
    const captureKb = readLimit('captureKb', draft);
    const next = HubSettings.safeParse({
      recordTraffic: draft.recordTraffic,
      captureBodies: draft.captureBodies,
      captureLimitBytes: captureKb === null ? Number.NaN : captureKb * BYTES_PER_KB,
      historyMaxMb: readLimit('historyMaxMb', draft),
      historyMaxDays: readLimit('historyMaxDays', draft),
    });
    if (!next.success) return;
    if (await action.run((client) => client.settings.set(next.data))) data.refresh('settings');
  };

  const limit = (name: LimitName, label: string, hint: string) => (
    <Field label={label} hint={hint} error={problemOf(name)}>
      {(ids) => (
        <input
          {...ids}
          type="text"
          inputMode="numeric"
          value={draft[name]}
          onChange={(event) => setDraft({ ...draft, [name]: event.target.value })}
          className={`${inputClass} max-w-28 text-right`}
        />
      )}
    </Field>
  );

  const onOff = (name: SwitchName, label: string, hint: string) => (
    <div>
      <Checkbox
        checked={draft[name]}
        onChange={(event) => setDraft({ ...draft, [name]: event.target.checked })}
        aria-describedby={`${name}-hint`}
      >
        <span className="font-medium">{label}</span>
      </Checkbox>
      <p id={`${name}-hint`} className="pl-5.5 text-xs text-muted">
        {hint}
      </p>
    </div>
  );

  return (
    <form noValidate onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
      {onOff('recordTraffic', text.recordTraffic, text.recordTrafficHint)}
      {onOff('captureBodies', text.captureBodies, text.captureBodiesHint)}
      {limit('captureKb', text.captureLimit, text.captureLimitHint)}
      {limit('historyMaxMb', text.historyMaxMb, text.historyMaxMbHint)}
      {limit('historyMaxDays', text.historyMaxDays, text.historyMaxDaysHint)}
      {action.error && <ErrorNotice error={action.error} />}
      <div className="flex items-center gap-3">
        <Button type="submit" variant="primary" disabled={!isChanged || action.isBusy}>
          {text.save}
        </Button>
        <span role="status" className="text-xs text-muted">
          {!isChanged && text.unchanged}
        </span>
      </div>
    </form>
  );
}
