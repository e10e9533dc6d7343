import type { LatencyDistribution } from '../../../shared/model/latency.ts';
import { formatDuration, formatShare } from '../../lib/format.ts';
import { messages } from '../../messages/messages.ts';
import { ChartFrame } from './chart-frame.tsx';

const text = messages.latency.detail;
const PERCENTILES = ['p50Ms', 'p90Ms', 'p99Ms'] as const;
const NAMES = {
  p50Ms: messages.latency.p50,
  p90Ms: messages.latency.p90,
  p99Ms: messages.latency.p99,
} as const;
/** Of the bar's full width, 1000: anything of ours shows as a line at least. */
const LEAST_WIDTH = 3;

/** The server's time and our own, side by side per percentile: what Patchbay costs must be easy to see. */
export function OverheadBars({ data: { total, hub } }: { data: Pick<LatencyDistribution, 'total' | 'hub'> }) {
  const longest = Math.max(total.p99Ms, hub.p99Ms) || 1;
  const rows = PERCENTILES.map((name) => {
    const whole = Math.max(total[name], hub[name]);
    const own = hub[name];
    const ownWidth = own === 0 ? 0 : Math.max(LEAST_WIDTH, (own / longest) * 1_000);
    return {
      name,
      whole,
      own,
      share: whole === 0 ? 0 : own / whole,
      ownWidth,
      serverWidth: Math.max(0, (whole / longest) * 1_000 - ownWidth),
    };
  });
  return (
    <ChartFrame
      title={text.overhead}
      hint={text.overheadHint}
      table={{
        head: ['', text.whole, text.ofPatchbay, text.share],
        rows: rows.map(({ name, whole, own, share }) => [
          NAMES[name],
          formatDuration(whole),
          formatDuration(own),
          formatShare(share),
        ]),
      }}
    >
      <ul className="flex flex-col gap-1">
        {rows.map(({ name, whole, own, share, ownWidth, serverWidth }) => (
          <li key={name} className="flex items-center gap-2 text-xs">
            <span className="w-7 shrink-0 text-muted">{NAMES[name]}</span>
            <svg
              role="img"
              aria-label={text.overheadOf(NAMES[name], formatDuration(whole), formatDuration(own), share)}
              viewBox="0 0 1000 10"
              preserveAspectRatio="none"
              className="h-3 min-w-0 flex-1 rounded-sm bg-sunken"
            >
              <rect width={ownWidth} height={10} className="fill-accent" />
              <rect
                x={ownWidth}
                width={serverWidth}
                height={10}
                className="fill-line-strong"
                fillOpacity={0.55}
              />
            </svg>
            <span className="w-40 shrink-0 text-right whitespace-nowrap">
              {formatDuration(whole)}
              <span className="text-muted">{` · ${formatDuration(own)} (${formatShare(share)})`}</span>
            </span>
          </li>
        ))}
      </ul>
      <p aria-hidden="true" className="mt-1 flex gap-3 text-2xs text-muted">
        <span className="inline-flex items-center gap-1">
          <span className="size-2 rounded-xs bg-accent" />
          {text.ofPatchbay}
        </span>
        <span className="inline-flex items-center gap-1">
          <span className="size-2 rounded-xs bg-line-strong/55" />
          {text.ofServer}
        </span>
      </p>
    </ChartFrame>
  );
}
