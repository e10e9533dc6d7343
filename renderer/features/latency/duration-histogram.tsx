import { useMemo } from 'react';
import type { LatencyDistribution } from '../../../shared/model/latency.ts';
import { formatCount, formatDuration, formatShare } from '../../lib/format.ts';
import { messages } from '../../messages/messages.ts';
import { axisTicks, type BucketGroup, countsIn, groupBuckets, positionOf, termOf } from './bucket-groups.ts';
import { AxisLabels, ChartFrame } from './chart-frame.tsx';

const text = messages.latency.detail;
const MOST_BARS = 40;
const HEIGHT = 100;
/** One call among many thousand is still a bar. */
const LEAST_HEIGHT = 2;

/** The span of a group in words. */
export const spanOf = ({ fromMs, toMs }: BucketGroup): string =>
  text.span(formatDuration(fromMs), formatDuration(toMs));

interface DurationHistogramProps {
  data: LatencyDistribution;
  /** Shows the calls that match one more term. */
  onChoose(term: string): void;
}

/** Calls by duration, on a logarithmic axis, with the percentiles marked. */
export function DurationHistogram({ data, onChoose }: DurationHistogramProps) {
  const { groups, counts, ticks } = useMemo(() => {
    const groups = groupBuckets(data, MOST_BARS);
    return { groups, counts: countsIn(groups, data.counts), ticks: axisTicks(groups, groups.length / 7) };
  }, [data]);
  const { total } = data;
  const peak = Math.max(1, ...counts);
  const sum = counts.reduce((all, count) => all + count, 0);
  const marks = (['p50Ms', 'p90Ms', 'p99Ms'] as const).flatMap((name) => {
    const at = positionOf(groups, total[name]);
    return at === null ? [] : [{ name, at }];
  });
  const show = (group: BucketGroup): void => onChoose(termOf(group));

  return (
    <ChartFrame
      title={text.distribution}
      hint={text.distributionHint}
      table={{
        head: [text.duration, messages.latency.calls, text.share],
        rows: groups.flatMap((group, index) => {
          const count = counts[index]!;
          if (count === 0) return [];
          return [
            [
              <button
                type="button"
                onClick={() => show(group)}
                className="rounded-sm text-accent underline-offset-2 hover:underline"
              >
                {spanOf(group)}
              </button>,
              formatCount(count),
              formatShare(count / sum),
            ],
          ];
        }),
      }}
    >
      <svg
        role="img"
        aria-label={text.distributionOf(
          total.count,
          formatDuration(total.p50Ms),
          formatDuration(total.p99Ms),
        )}
        viewBox={`0 0 ${groups.length} ${HEIGHT}`}
        preserveAspectRatio="none"
        className="block h-28 w-full border-b border-line-strong/60"
      >
        {groups.map((group, index) => {
          const count = counts[index]!;
          const height = count === 0 ? 0 : Math.max(LEAST_HEIGHT, (count / peak) * (HEIGHT - 4));
          return (
            <g
              key={group.fromMs}
              className={count > 0 ? 'cursor-pointer' : undefined}
              onClick={() => count > 0 && show(group)}
            >
              <title>{text.barOf(spanOf(group), count)}</title>
              {/* The whole height is the target: a low bar would be hard to hit. */}
              <rect x={index} y={0} width={1} height={HEIGHT} className="fill-transparent hover:fill-hover" />
              <rect
                x={index + 0.06}
                y={HEIGHT - height}
                width={0.88}
                height={height}
                className="pointer-events-none fill-accent"
              />
            </g>
          );
        })}
        {marks.map(({ name, at }) => (
          <line
            key={name}
            x1={at}
            x2={at}
            y1={0}
            y2={HEIGHT}
            strokeWidth={1}
            strokeDasharray="3 3"
            vectorEffect="non-scaling-stroke"
            className="pointer-events-none stroke-ink"
          />
        ))}
      </svg>
      <AxisLabels
        labels={ticks.map(({ ms, at }) => ({ at: at / groups.length, label: formatDuration(ms) }))}
      />
    </ChartFrame>
  );
}
