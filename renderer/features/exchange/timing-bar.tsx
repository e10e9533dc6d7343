import type { Phases } from '../../../shared/model/exchange.ts';
import { formatDuration } from '../../lib/format.ts';
import { messages } from '../../messages/messages.ts';
import { classNames } from '../../ui/class-names.ts';

const text = messages.exchange;

/**
 * Where the time went in one line: hub in, server, hub out, drawn to scale with a minimum so that no phase vanishes;
 * before them the wait for a free place, for calls that had to.
 */
export function TimingBar({ phases }: { phases: Phases | null }) {
  if (!phases) return null;
  const parts = [
    ...(phases.queueMs > 0 ? [{ name: text.phases.queue, ms: phases.queueMs, look: 'bg-warn' }] : []),
    { name: text.phases.hubIn, ms: phases.hubInMs, look: 'bg-info' },
    { name: text.phases.server, ms: phases.serverMs, look: 'bg-accent' },
    { name: text.phases.hubOut, ms: phases.hubOutMs, look: 'bg-info' },
  ];
  const sentence = text.phaseSentence(parts.map(({ name, ms }) => ({ name, duration: formatDuration(ms) })));
  return (
    <div
      role="img"
      aria-label={sentence}
      title={sentence}
      className="flex h-1.5 gap-px overflow-hidden rounded-sm"
    >
      {parts.map(({ name, ms, look }) => (
        <span
          key={name}
          className={classNames('min-w-[3px]', look)}
          style={{ flexGrow: Math.max(ms, 0.001) }}
        />
      ))}
    </div>
  );
}
