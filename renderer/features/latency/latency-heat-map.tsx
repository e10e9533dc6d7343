import { type MouseEvent, useMemo } from 'react';
import type { LatencyDistribution } from '../../../shared/model/latency.ts';
import { formatCount, formatDuration, formatMoment } from '../../lib/format.ts';
import { messages } from '../../messages/messages.ts';
import { axisTicks, type BucketGroup, groupBuckets, termOf } from './bucket-groups.ts';
import { AxisLabels, ChartFrame } from './chart-frame.tsx';
import { spanOf } from './duration-histogram.tsx';
import { groupReached, HEAT_LEVELS, type HeatColumn, heatLevel, heatMapOf } from './heat-levels.ts';
import { sliceTerms } from './row-filter.ts';

const text = messages.latency.detail;
const MOST_ROWS = 16;
/** Of the accent colour; far enough apart to tell neighbours in both themes. */
const OPACITIES = [0.18, 0.36, 0.56, 0.78, 1] as const;
const LEVELS = Array.from({ length: HEAT_LEVELS }, (_, index) => index + 1);

interface LatencyHeatMapProps {
  data: LatencyDistribution;
  /** Length of the period. */
  spanMs: number;
  /** Shows the calls that match more terms. */
  onChoose(terms: string): void;
}

/** Durations over time: one column per slice, slow calls on top. */
export function LatencyHeatMap({ data, spanMs, onChoose }: LatencyHeatMapProps) {
  const { groups, map, ticks } = useMemo(() => {
    const groups = groupBuckets(data, MOST_ROWS);
    return { groups, map: heatMapOf(data.slices, groups), ticks: axisTicks(groups, groups.length / 4) };
  }, [data]);
  const { columns, peak } = map;
  const height = groups.length;
  const moments = [columns[0], columns[Math.floor(columns.length / 2)], columns.at(-1)];
  const nameOf = (at: number): string => formatMoment(at, spanMs);
  const [first, second] = columns;
  const sliceMs = first && second ? second.at - first.at : spanMs;
  const termsOf = (column: HeatColumn): string => sliceTerms(column.at, sliceMs, column === columns.at(-1));
  const chooseCell = ({ clientX, clientY, currentTarget }: MouseEvent<SVGSVGElement>): void => {
    const box = currentTarget.getBoundingClientRect();
    const column = columns[Math.floor(((clientX - box.left) / box.width) * columns.length)];
    const index = height - 1 - Math.floor(((clientY - box.top) / box.height) * height);
    const group = groups[index];
    if (!column || !group || !column.counts[index]) return;
    onChoose(`${termsOf(column)} ${termOf(group)}`);
  };

  return (
    <ChartFrame
      title={text.heatMap}
      hint={text.heatMapHint}
      table={{
        head: [text.time, messages.latency.calls, text.halfWithin, text.allWithin],
        rows: columns
          .filter(({ total }) => total > 0)
          .map((column) => [
            <button
              type="button"
              onClick={() => onChoose(termsOf(column))}
              className="rounded-sm text-accent underline-offset-2 hover:underline"
            >
              {nameOf(column.at)}
            </button>,
            formatCount(column.total),
            endOf(groups, groupReached(column, 0.5)),
            endOf(groups, groupReached(column, 1)),
          ]),
      }}
    >
      <div className="flex gap-1.5">
        <div aria-hidden="true" className="relative w-11 shrink-0 text-right text-2xs text-faint">
          {ticks.map(({ ms, at }) => (
            <span
              key={ms}
              className="absolute right-0 translate-y-1/2 whitespace-nowrap"
              style={{ bottom: `${(at / height) * 100}%` }}
            >
              {formatDuration(ms)}
            </span>
          ))}
        </div>
        <svg
          role="img"
          aria-label={text.heatMapOf(
            columns.length,
            nameOf(columns[0]?.at ?? 0),
            nameOf(columns.at(-1)?.at ?? 0),
          )}
          viewBox={`0 0 ${columns.length} ${height}`}
          preserveAspectRatio="none"
          onClick={chooseCell}
          className="block h-28 w-full min-w-0 cursor-pointer flex-1 rounded-sm bg-sunken"
        >
          {LEVELS.map((level) => (
            <path
              key={level}
              d={cellsOf(columns, height, (count) => heatLevel(count, peak) === level)}
              fillOpacity={OPACITIES[level - 1]}
              shapeRendering="crispEdges"
              className="fill-accent"
            />
          ))}
          {columns.map((column, index) =>
            column.total === 0 ? null : (
              <rect key={column.at} x={index} y={0} width={1} height={height} className="fill-transparent">
                <title>{columnTitle(column, groups, nameOf)}</title>
              </rect>
            ),
          )}
        </svg>
      </div>
      <div className="ml-12.5">
        <AxisLabels
          labels={moments.flatMap((column, index) =>
            column ? [{ at: index / 2, label: nameOf(column.at) }] : [],
          )}
        />
      </div>
      <p className="flex items-center gap-1 text-2xs text-muted">
        <svg
          aria-hidden="true"
          viewBox={`0 0 ${HEAT_LEVELS} 1`}
          width={50}
          height={8}
          className="rounded-xs bg-sunken"
        >
          {LEVELS.map((level) => (
            <rect
              key={level}
              x={level - 1}
              width={1}
              height={1}
              fillOpacity={OPACITIES[level - 1]}
              className="fill-accent"
            />
          ))}
        </svg>
        {text.legend(peak)}
      </p>
    </ChartFrame>
  );
}

/** All cells of one shade as one path: a thousand elements less. */
function cellsOf(columns: readonly HeatColumn[], height: number, has: (count: number) => boolean): string {
  let path = '';
  for (const [x, { counts }] of columns.entries()) {
    for (const [group, count] of counts.entries()) {
      if (has(count)) path += `M${x} ${height - 1 - group}h1v1h-1z`;
    }
  }
  return path;
}

function endOf(groups: readonly BucketGroup[], index: number | null): string {
  const group = index === null ? undefined : groups[index];
  return group ? formatDuration(group.toMs) : messages.common.none;
}

function columnTitle(
  { at, counts, total }: HeatColumn,
  groups: readonly BucketGroup[],
  nameOf: (at: number) => string,
): string {
  const lines = counts.flatMap((count, index) => {
    const group = groups[index];
    return count > 0 && group ? [text.barOf(spanOf(group), count)] : [];
  });
  return [
    `${nameOf(at)}: ${messages.latency.sparkOf(total, Math.max(...counts))}`,
    ...lines.toReversed(),
  ].join('\n');
}
