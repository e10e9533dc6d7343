import type { ExchangeDetail } from '../../../shared/model/exchange.ts';
import { formatDuration } from '../../lib/format.ts';
import { messages } from '../../messages/messages.ts';
import { classNames } from '../../ui/class-names.ts';

const text = messages.exchange;

interface TimingBarProps {
  phases: ExchangeDetail['phases'];
  totalMs: number | null;
}

/**
 * Where the time went: hub in, server, hub out, drawn to scale with a minimum so that no phase vanishes; before them the
 * wait for a free place, for calls that had to.
 */
export function TimingBar({ phases, totalMs }: TimingBarProps) {
  if (!phases) return totalMs === null ? null : <p className="text-xs text-muted">{text.noTiming}</p>;
  const parts = [
    ...(phases.queueMs > 0 ? [{ name: text.phases.queue, ms: phases.queueMs, look: 'bg-warn' }] : []),
    { name: text.phases.hubIn, ms: phases.hubInMs, look: 'bg-info' },
    { name: text.phases.server, ms: phases.serverMs, look: 'bg-accent' },
    { name: text.phases.hubOut, ms: phases.hubOutMs, look: 'bg-info' },
  ];
  return (
    <div>
      <div
        role="img"
        aria-label={text.phaseSentence(parts.map(({ name, ms }) => ({ name, duration: formatDuration(ms) })))}
        className="flex h-2 gap-px overflow-hidden rounded-sm"
      >
        {parts.map(({ name, ms, look }) => (
          <span
            key={name}
            className={classNames('min-w-[3px]', look)}
            style={{ flexGrow: Math.max(ms, 0.001) }}
          />
        ))}
      </div>
      <dl className="mt-1.5 flex flex-wrap gap-x-4 gap-y-0.5 text-xs">
        {parts.map(({ name, ms, look }) => (
          <div key={name} className="flex items-center gap-1.5">
            <span aria-hidden="true" className={classNames('size-2 rounded-[2px]', look)} />
            <dt className="text-muted">{name}</dt>
            <dd>{formatDuration(ms)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
