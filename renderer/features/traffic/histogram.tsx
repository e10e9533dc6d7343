import { type ReactNode, useMemo } from 'react';
import type { Exchange } from '../../../shared/model/exchange.ts';
import { useHubQuery } from '../../lib/hub-context.tsx';
import { useLastKnown } from '../../lib/use-last-known.ts';
import { messages } from '../../messages/messages.ts';
import { Segmented } from '../../ui/segmented.tsx';
import { HistogramChart } from './histogram-chart.tsx';
import { timeOf, withoutTime, withTime } from './filter-terms.ts';
import {
  countsIn,
  endOf,
  type HistogramSpan,
  selectionOfSpan,
  type Selection,
  type SliceCount,
  spanOfSelection,
  type TimeWindow,
  windowAround,
  windowUpTo,
} from './histogram-scale.ts';
import { isFailure } from './outcome.tsx';
import { changeView, HISTOGRAM_SPANS, useTrafficView } from './traffic-view-store.ts';

const text = messages.traffic.histogram;

/** What just happened shows soon, and time itself moves the window. */
const REFRESH_MS: Record<HistogramSpan, number> = { '1h': 3_000, '24h': 5_000, '7d': 30_000 };

const SPAN_CHOICES = HISTOGRAM_SPANS.map((value) => ({ value, label: text.spans[value] }));

interface HistogramProps {
  /** The filter in use. */
  filter: string;
  /** The filter as it stands in the box, which may be a moment ahead: what the brush changes. */
  draft: string;
  onChange(filter: string): void;
}

/** Calls over time above the list, as the hub counts them: the filter's other terms hold, its span is what is marked. */
export function Histogram({ filter, draft, onChange }: HistogramProps) {
  const { histogramSpan: span } = useTrafficView();
  const others = withoutTime(filter);
  const { data, error } = useHubQuery(
    `${span} ${others}`,
    async (client, signal) => {
      const window = windowUpTo(Date.now(), span);
      const found = await client.traffic.histogram(
        { filter: others, from: window.from, until: endOf(window), slices: window.slices },
        { signal },
      );
      return { window, counts: countsIn(window, found) };
    },
    { everyMs: REFRESH_MS[span] },
  );
  // Another filter keeps the old bars until the new ones are there: an empty chart would say that nothing happened.
  const last = useLastKnown(data);
  const shown = data ?? last;
  return (
    <HistogramFrame
      shown={shown}
      isStale={data === null}
      problem={error?.message ?? null}
      draft={draft}
      onChange={onChange}
      controls={
        <Segmented<HistogramSpan>
          label={text.span}
          options={SPAN_CHOICES}
          value={span}
          onChange={(histogramSpan) => changeView({ histogramSpan })}
        />
      }
    />
  );
}

/** The same for the rows of an opened file: `rows` is all of it, `matching` what passes the filter's other terms. */
export function FileHistogram({
  rows,
  matching,
  draft,
  onChange,
}: Omit<HistogramProps, 'filter'> & { rows: readonly Exchange[]; matching: readonly Exchange[] }) {
  const window = useMemo(() => windowAround(rows), [rows]);
  const counts = useMemo(
    () =>
      countsIn(
        window,
        matching.map((row) => ({ at: row.at, count: 1, failed: isFailure(row) ? 1 : 0 })),
      ),
    [window, matching],
  );
  return (
    <HistogramFrame
      shown={{ window, counts }}
      isStale={false}
      problem={null}
      draft={draft}
      onChange={onChange}
      controls={null}
    />
  );
}

interface HistogramFrameProps extends Omit<HistogramProps, 'filter'> {
  shown: { window: TimeWindow; counts: SliceCount[] } | null;
  isStale: boolean;
  problem: string | null;
  controls: ReactNode;
}

function HistogramFrame({ shown, isStale, problem, draft, onChange, controls }: HistogramFrameProps) {
  const select = (selection: Selection | null): void => {
    if (!shown) return;
    const span = selection ? spanOfSelection(selection, shown.window) : { since: null, until: null };
    onChange(withTime(draft, span));
  };
  return (
    <section
      aria-label={text.label}
      className="flex h-16 shrink-0 items-stretch gap-3 border-b border-line py-1.5 pr-4 pl-4"
    >
      {shown ? (
        <HistogramChart
          window={shown.window}
          counts={shown.counts}
          isStale={isStale}
          selection={selectionOfSpan(timeOf(draft), shown.window, Date.now())}
          onSelect={select}
          controls={controls}
        />
      ) : (
        <p className="m-auto text-xs text-muted">{problem ?? text.loading}</p>
      )}
    </section>
  );
}
