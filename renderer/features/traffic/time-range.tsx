import { Clock } from 'lucide-react';
import { useState } from 'react';
import { messages } from '../../messages/messages.ts';
import { Button } from '../../ui/button.tsx';
import { Field, inputClass } from '../../ui/field.tsx';
import { Popover } from '../../ui/popover.tsx';
import { momentText, timeOf, withTime } from './filter-terms.ts';
import { momentOf } from './histogram-scale.ts';
import { spanWords } from './time-words.ts';

const text = messages.traffic.time;
const PRESETS = ['5m', '15m', '1h', '6h', '24h', '7d'] as const;

interface TimeRangeProps {
  /** The filter's text; the span is part of it. */
  filter: string;
  isOpen: boolean;
  onOpenChange(isOpen: boolean): void;
  onChange(filter: string): void;
}

/** Chooses the span of time: the last so much, or from one moment to another. */
export function TimeRange({ filter, isOpen, onOpenChange, onChange }: TimeRangeProps) {
  const span = timeOf(filter);
  const isSet = span.since !== null || span.until !== null;
  const choose = (since: string | null, until: string | null): void => {
    onChange(withTime(filter, { since, until }));
    onOpenChange(false);
  };
  return (
    <Popover
      title={text.title}
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      trigger={
        <Button
          className={isSet ? 'max-w-56 border-accent! text-accent' : 'max-w-56'}
          icon={<Clock aria-hidden="true" className="size-3.5 shrink-0" />}
          aria-label={text.button(spanWords(span))}
        >
          <span className="truncate max-[1040px]:hidden">{spanWords(span)}</span>
        </Button>
      }
    >
      <div className="grid grid-cols-3 gap-1.5">
        {PRESETS.map((preset) => (
          <Button
            key={preset}
            aria-pressed={span.since === preset && span.until === null}
            className="aria-pressed:border-accent aria-pressed:text-accent"
            onClick={() => choose(preset, null)}
          >
            {text.last(preset)}
          </Button>
        ))}
      </div>
      <FromTo key={filter} since={span.since} until={span.until} onChoose={choose} />
      <Button variant="quiet" className="mt-1.5 w-full" disabled={!isSet} onClick={() => choose(null, null)}>
        {text.any}
      </Button>
    </Popover>
  );
}

interface FromToProps {
  since: string | null;
  until: string | null;
  onChoose(since: string | null, until: string | null): void;
}

function FromTo({ since, until, onChoose }: FromToProps) {
  const [from, setFrom] = useState(() => localText(momentOf(since, Date.now())));
  const [to, setTo] = useState(() => localText(momentOf(until, Date.now())));
  const fromMs = readLocal(from);
  const toMs = readLocal(to);
  const isBackwards = fromMs !== null && toMs !== null && fromMs >= toMs;
  return (
    <form
      className="mt-3 flex flex-col gap-2 border-t border-line pt-3"
      onSubmit={(event) => {
        event.preventDefault();
        onChoose(fromMs === null ? null : momentText(fromMs), toMs === null ? null : momentText(toMs));
      }}
    >
      <Field label={text.fromLabel}>
        {(ids) => (
          <input
            {...ids}
            type="datetime-local"
            step={1}
            value={from}
            onChange={(event) => setFrom(event.target.value)}
            className={inputClass}
          />
        )}
      </Field>
      <Field label={text.toLabel} error={isBackwards ? text.backwards : null} hint={text.zone}>
        {(ids) => (
          <input
            {...ids}
            type="datetime-local"
            step={1}
            value={to}
            onChange={(event) => setTo(event.target.value)}
            className={inputClass}
          />
        )}
      </Field>
      <Button type="submit" variant="primary" disabled={isBackwards || (fromMs === null && toMs === null)}>
        {text.apply}
      </Button>
    </form>
  );
}

/** The value of a date field, in the person's own zone; empty for none. */
function localText(epochMs: number | null): string {
  if (epochMs === null) return '';
  const minutes = new Date(epochMs).getTimezoneOffset();
  return new Date(epochMs - minutes * 60_000).toISOString().slice(0, 19);
}

function readLocal(value: string): number | null {
  const at = value === '' ? Number.NaN : new Date(value).getTime();
  return Number.isNaN(at) ? null : at;
}
