import type { ReactNode } from 'react';
import type { ExchangeDetail, UsageSample } from '../../../shared/model/exchange.ts';
import { formatBytes, formatDuration, formatShare } from '../../lib/format.ts';
import { messages } from '../../messages/messages.ts';
import { classNames } from '../../ui/class-names.ts';
import { axisLength, axisTicks, type CallEvent, usageLine } from './call-events.ts';

const text = messages.exchange.waterfall;

const PHASE_LOOKS = { queue: 'bg-warn', hubIn: 'bg-info', server: 'bg-accent', hubOut: 'bg-info' } as const;
type PhaseKind = keyof typeof PHASE_LOOKS;
const isPhase = (kind: CallEvent['kind']): kind is PhaseKind => Object.hasOwn(PHASE_LOOKS, kind);

const LANES = [
  { kind: 'progress', look: 'bg-accent', shape: 'size-2 rotate-45 rounded-[1px]' },
  { kind: 'logging', look: 'bg-info', shape: 'h-2.5 w-1 rounded-full' },
  { kind: 'other', look: 'bg-faint', shape: 'h-2.5 w-1 rounded-full' },
  { kind: 'stderr', look: 'bg-warn', shape: 'h-3 w-px' },
] as const;

/** Requests of the server that get a lane of their own. */
const MAX_REQUEST_LANES = 8;

interface WaterfallProps {
  detail: ExchangeDetail;
  events: readonly CallEvent[];
  usage: readonly UsageSample[];
  /** The event that is pointed at, here or in the table. */
  selected: string | null;
  onSelect(key: string | null): void;
}

/** A call over time: its phases, what the server sent meanwhile, what it wrote and what it used, on one axis. */
export function Waterfall({ detail, events, usage, selected, onSelect }: WaterfallProps) {
  const lengthMs = axisLength(detail, events);
  const place = (atMs: number): number => Math.min(1, Math.max(0, atMs / lengthMs)) * 100;
  const chosen = events.find(({ key }) => key === selected);
  const phases = events.filter(({ kind }) => isPhase(kind));
  const requests = events.filter(({ kind }) => kind === 'requests');
  const duration = detail.exchange.durationMs;
  return (
    <div
      role="img"
      aria-label={text.summary(duration === null ? text.running : formatDuration(duration), events.length)}
      className="text-2xs"
    >
      <Lane label="">
        {axisTicks(lengthMs).map((tick) => (
          <span
            key={tick}
            className={classNames(
              'absolute bottom-0.5 whitespace-nowrap text-muted',
              tick > 0 && '-translate-x-1/2',
            )}
            style={{ left: `${place(tick)}%` }}
          >
            {formatDuration(tick)}
          </span>
        ))}
      </Lane>
      <div className="relative border-t border-line">
        <div aria-hidden="true" className="absolute inset-y-0 right-3 left-24">
          {axisTicks(lengthMs).map((tick) => (
            <span
              key={tick}
              className="absolute inset-y-0 w-px bg-line/70"
              style={{ left: `${place(tick)}%` }}
            />
          ))}
          {chosen && (
            <span
              className="absolute inset-y-0 z-10 w-px bg-ink"
              style={{ left: `${place(chosen.atMs)}%` }}
            />
          )}
        </div>
        <Lane label={text.call}>
          {phases.map((phase) => (
            <span
              key={phase.key}
              onPointerEnter={() => onSelect(phase.key)}
              className={classNames(
                'absolute top-1.5 h-3 min-w-[2px] first:rounded-l-sm last:rounded-r-sm',
                PHASE_LOOKS[phase.kind as PhaseKind],
                phase.key === selected && 'outline-1 outline-ink',
              )}
              style={{ left: `${place(phase.atMs)}%`, width: `${place(phase.tookMs ?? 0)}%` }}
            />
          ))}
        </Lane>
        {requests.slice(0, MAX_REQUEST_LANES).map((request) => (
          <Lane key={request.key} label={request.text}>
            <span
              onPointerEnter={() => onSelect(request.key)}
              className="absolute top-2 h-2 min-w-[3px] rounded-sm bg-info"
              style={{ left: `${place(request.atMs)}%`, width: `${place(request.tookMs ?? 0)}%` }}
            />
          </Lane>
        ))}
        {requests.length > MAX_REQUEST_LANES && (
          <p className="px-3 text-muted">{text.moreEvents(requests.length - MAX_REQUEST_LANES)}</p>
        )}
        {LANES.map(({ kind, look, shape }) => {
          const marks = events.filter((event) => event.kind === kind);
          return marks.length === 0 ? null : (
            <Lane key={kind} label={text[kind]}>
              {marks.map((mark) => (
                <span
                  key={mark.key}
                  title={mark.text}
                  onPointerEnter={() => onSelect(mark.key)}
                  className="absolute inset-y-0 grid w-2 -translate-x-1/2 place-items-center"
                  style={{ left: `${place(mark.atMs)}%` }}
                >
                  <span
                    className={classNames(
                      look,
                      shape,
                      (mark.atMs < 0 || mark.atMs > lengthMs) && 'opacity-40',
                      mark.key === selected && 'outline-1 outline-offset-1 outline-ink',
                    )}
                  />
                </span>
              ))}
            </Lane>
          );
        })}
        <UsageLanes startAt={detail.exchange.at} usage={usage} lengthMs={lengthMs} />
      </div>
    </div>
  );
}

function Lane({ label, note, children }: { label: string; note?: string; children: ReactNode }) {
  return (
    <div className="relative grid h-6 grid-cols-[6rem_minmax(0,1fr)] pr-3">
      <span className="flex items-center truncate pl-3 text-muted" title={note}>
        <span className="truncate">{label}</span>
      </span>
      <div className="relative">{children}</div>
    </div>
  );
}

interface UsageLanesProps {
  startAt: number;
  usage: readonly UsageSample[];
  lengthMs: number;
}

function UsageLanes({ startAt, usage, lengthMs }: UsageLanesProps) {
  const readings = (value: (sample: UsageSample) => number) =>
    usageLine(
      usage.map((sample) => ({ atMs: sample.at - startAt, value: value(sample) })),
      lengthMs,
    );
  const cpu = readings(({ cpuPercent }) => cpuPercent);
  const memory = readings(({ rssBytes }) => rssBytes);
  if (!cpu || !memory) return <p className="relative bg-surface px-3 py-1 text-muted">{text.noUsage}</p>;
  return (
    <>
      {[
        { label: text.cpu, line: cpu, peak: formatShare(cpu.peak / 100), look: 'stroke-accent' },
        { label: text.memory, line: memory, peak: formatBytes(memory.peak), look: 'stroke-info' },
      ].map(({ label, line, peak, look }) => (
        <Lane key={label} label={label}>
          <svg
            viewBox="0 0 1000 20"
            preserveAspectRatio="none"
            className="absolute inset-x-0 top-0.5 h-5 w-full"
          >
            <polyline
              points={line.points
                .map(({ x, y }) => `${(x * 1_000).toFixed(1)},${(19 - y * 18).toFixed(1)}`)
                .join(' ')}
              fill="none"
              className={look}
              strokeWidth="1.25"
              vectorEffect="non-scaling-stroke"
            />
          </svg>
          <span className="absolute inset-y-0 right-0 flex items-center">
            <span className="rounded-sm bg-surface/80 px-1 text-muted">{text.peak(peak)}</span>
          </span>
        </Lane>
      ))}
    </>
  );
}
