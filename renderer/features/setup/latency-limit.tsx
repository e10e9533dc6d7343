import { useState } from 'react';
import { formatCount } from '../../lib/format.ts';
import { MAX_SLOWER, type SetupChoices } from '../../lib/setup-choices.ts';
import { messages } from '../../messages/messages.ts';
import { Field, inputClass } from '../../ui/field.tsx';

const text = messages.setup.choose;

interface LatencyLimitProps {
  slower: SetupChoices['slower'];
  onChange(slower: SetupChoices['slower']): void;
}

/** How much slower a median may get before its client is put back by itself. */
export function LatencyLimit({ slower, onChange }: LatencyLimitProps) {
  return (
    <section aria-label={text.trigger} className="mb-6 rounded-lg border border-line bg-surface px-3.5 py-3">
      <h3 className="font-semibold">{text.trigger}</h3>
      <p className="mb-2 text-xs text-muted">{text.triggerHint}</p>
      <div className="grid max-w-lg grid-cols-2 gap-3">
        <Limit
          label={text.percent}
          value={slower.percent}
          onChange={(percent) => onChange({ ...slower, percent })}
        />
        <Limit label={text.ms} value={slower.ms} onChange={(ms) => onChange({ ...slower, ms })} />
      </div>
    </section>
  );
}

interface LimitProps {
  label: string;
  value: number;
  onChange(value: number): void;
}

/** What is typed stays in the field until it is a number that the hub takes. */
function Limit({ label, value, onChange }: LimitProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const isBad = typed !== null && !isLimit(typed);
  return (
    <Field label={label} error={isBad ? text.badLimit(formatCount(MAX_SLOWER)) : null}>
      {(ids) => (
        <input
          {...ids}
          inputMode="numeric"
          className={inputClass}
          value={typed ?? String(value)}
          onChange={({ target }) => {
            setTyped(isLimit(target.value) ? null : target.value);
            if (isLimit(target.value)) onChange(Number(target.value));
          }}
          onBlur={() => setTyped(null)}
        />
      )}
    </Field>
  );
}

const isLimit = (text: string): boolean => /^\d{1,6}$/.test(text) && Number(text) <= MAX_SLOWER;
