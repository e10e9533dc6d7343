import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef, useState } from 'react';
import { formatMoment } from '../../lib/format.ts';
import { messages } from '../../messages/messages.ts';
import { classNames } from '../../ui/class-names.ts';
import {
  barsOf,
  endOf,
  moveEdge,
  type Selection,
  selectionBetween,
  type SliceCount,
  type TimeWindow,
} from './histogram-scale.ts';

const text = messages.traffic.histogram;

const HEIGHT = 34;
const PAGE = 10;

interface HistogramChartProps {
  window: TimeWindow;
  counts: readonly SliceCount[];
  /** The counts are of an older question. */
  isStale: boolean;
  /** What the filter asks for, in slices; null: everything. */
  selection: Selection | null;
  onSelect(selection: Selection | null): void;
  controls: ReactNode;
}

/** Bars with a brush: drag over them, or move the two edges by keyboard. Escape lets everything in again. */
export function HistogramChart({
  window,
  counts,
  isStale,
  selection,
  onSelect,
  controls,
}: HistogramChartProps) {
  const plot = useRef<HTMLDivElement>(null);
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null);
  const [hovered, setHovered] = useState<number | null>(null);
  const shown = drag ? selectionBetween(drag.from, drag.to, window) : selection;

  const sliceAt = (event: PointerEvent): number => {
    const box = plot.current!.getBoundingClientRect();
    const share = (event.clientX - box.left) / Math.max(1, box.width);
    return Math.max(0, Math.min(window.slices - 1, Math.floor(share * window.slices)));
  };
  const words = (slice: number): string => {
    const at = window.from + slice * window.sliceMs;
    return formatMoment(at, window.sliceMs * window.slices);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || (selection === null && drag === null)) return;
    event.preventDefault();
    setDrag(null);
    if (selection !== null) onSelect(null);
  };

  return (
    <>
      <div
        className={classNames('flex min-w-0 flex-1 flex-col', isStale && 'opacity-50')}
        onKeyDown={onKeyDown}
      >
        <div
          ref={plot}
          className="relative min-h-0 flex-1 cursor-crosshair touch-none border-b border-line-strong/60 select-none"
          onPointerDown={(event) => {
            if (event.button !== 0 || (event.target as Element).closest('[role="slider"]')) return;
            event.currentTarget.setPointerCapture(event.pointerId);
            setDrag({ from: sliceAt(event), to: sliceAt(event) });
          }}
          onPointerMove={(event) => {
            setHovered(sliceAt(event));
            if (drag) setDrag({ ...drag, to: sliceAt(event) });
          }}
          onPointerUp={() => {
            if (drag) onSelect(selectionBetween(drag.from, drag.to, window));
            setDrag(null);
          }}
          onPointerCancel={() => setDrag(null)}
          onPointerLeave={() => setHovered(null)}
          onDoubleClick={() => onSelect(null)}
        >
          <Bars counts={counts} hovered={hovered} />
          {shown && <Shade selection={shown} slices={window.slices} />}
          <Edge edge="start" {...{ window, counts, selection, onSelect, words }} />
          <Edge edge="end" {...{ window, counts, selection, onSelect, words }} />
        </div>
        <div aria-hidden="true" className="flex justify-between text-2xs leading-3.5 text-faint">
          <span>{words(0)}</span>
          <span className="max-[1040px]:hidden">{words(Math.round(window.slices / 2))}</span>
          <span>{endOf(window) > Date.now() ? text.now : words(window.slices)}</span>
        </div>
      </div>
      <div className="flex w-44 shrink-0 flex-col items-end justify-between">
        {controls}
        <Figures window={window} counts={counts} hovered={hovered} selection={shown} words={words} />
      </div>
    </>
  );
}

/** One path for all calls, one for the failed: three elements however many slices there are. */
function Bars({ counts, hovered }: { counts: readonly SliceCount[]; hovered: number | null }) {
  const bars = barsOf(counts, HEIGHT - 2);
  const path = (heightOf: (index: number) => number): string =>
    bars
      .map((_, index) => [index, heightOf(index)] as const)
      .filter(([, height]) => height > 0)
      .map(([index, height]) => `M${index + 0.1} ${HEIGHT}v-${height.toFixed(2)}h.8v${height.toFixed(2)}z`)
      .join('');
  return (
    <svg
      aria-hidden="true"
      viewBox={`0 0 ${counts.length} ${HEIGHT}`}
      preserveAspectRatio="none"
      className="absolute inset-0 size-full"
    >
      {hovered !== null && <rect x={hovered} y={0} width={1} height={HEIGHT} className="fill-hover" />}
      <path d={path((index) => bars[index]!.height)} className="fill-accent/55" />
      <path d={path((index) => bars[index]!.failedHeight)} className="fill-danger" />
    </svg>
  );
}

/** What is not selected steps back. */
function Shade({ selection, slices }: { selection: Selection; slices: number }) {
  const percent = (slice: number): string => `${(slice / slices) * 100}%`;
  return (
    <>
      <div className="absolute inset-y-0 left-0 bg-surface/70" style={{ width: percent(selection.start) }} />
      <div
        className="absolute inset-y-0 border-x border-accent bg-accent/10"
        style={{ left: percent(selection.start), width: percent(selection.end - selection.start) }}
      />
      <div
        className="absolute inset-y-0 right-0 bg-surface/70"
        style={{ width: percent(slices - selection.end) }}
      />
    </>
  );
}

interface EdgeProps extends Pick<HistogramChartProps, 'window' | 'counts' | 'selection' | 'onSelect'> {
  edge: 'start' | 'end';
  words(slice: number): string;
}

/** One edge of the brush, as a slider. Without a selection it rests at the end of the chart. */
function Edge({ edge, window, counts, selection, onSelect, words }: EdgeProps) {
  const whole: Selection = { start: 0, end: window.slices };
  const now = selection ?? whole;
  const value = edge === 'start' ? now.start : now.end;
  const move = (to: number): void => {
    const next = moveEdge(now, edge, to, window);
    onSelect(next.start === 0 && next.end === window.slices ? null : next);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.shiftKey ? PAGE : 1;
    const to: Record<string, number> = {
      ArrowLeft: value - step,
      ArrowDown: value - step,
      ArrowRight: value + step,
      ArrowUp: value + step,
      PageDown: value - PAGE,
      PageUp: value + PAGE,
      Home: 0,
      End: window.slices,
    };
    const target = to[event.key];
    if (target === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    move(target);
  };
  const inside = sumOf(counts, now);
  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label={edge === 'start' ? text.edgeStart : text.edgeEnd}
      aria-valuemin={0}
      aria-valuemax={window.slices}
      aria-valuenow={Math.round(value)}
      aria-valuetext={text.edgeValue(
        edge === 'end' && value >= window.slices && endOf(window) > Date.now() ? text.now : words(value),
        text.figures(inside.count, inside.failed),
      )}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        event.stopPropagation();
      }}
      onPointerMove={(event) => {
        if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
        const box = event.currentTarget.parentElement!.getBoundingClientRect();
        move(((event.clientX - box.left) / box.width) * window.slices);
      }}
      className={classNames(
        'absolute inset-y-0 z-10 w-2 -translate-x-1/2 cursor-ew-resize rounded-sm',
        selection === null && 'pointer-events-none',
      )}
      style={{ left: `${(value / window.slices) * 100}%` }}
    />
  );
}

function sumOf(counts: readonly SliceCount[], { start, end }: Selection): SliceCount {
  const sum = { count: 0, failed: 0 };
  for (const { count, failed } of counts.slice(Math.floor(start), Math.ceil(end))) {
    sum.count += count;
    sum.failed += failed;
  }
  return sum;
}

interface FiguresProps {
  window: TimeWindow;
  counts: readonly SliceCount[];
  hovered: number | null;
  selection: Selection | null;
  words(slice: number): string;
}

/** The chart in numbers: of the slice under the pointer, else of what is selected. */
function Figures({ window, counts, hovered, selection, words }: FiguresProps) {
  const range = hovered === null ? (selection ?? { start: 0, end: window.slices }) : null;
  const { count, failed } = range ? sumOf(counts, range) : counts[hovered!]!;
  return (
    <p className="max-w-full truncate text-2xs leading-3.5 text-muted">
      {hovered !== null && <span className="mr-1.5 text-ink">{words(hovered)}</span>}
      {text.count(count)}
      {failed > 0 && <span className="ml-1.5 text-danger">{text.failed(failed)}</span>}
    </p>
  );
}
