import { z } from 'zod';
import { create } from 'zustand';
import { ColumnChoice, completeChoice, DEFAULT_COLUMNS, SortOrder } from './column-layout.ts';

const KEY = 'patchbay.traffic-view';

/** Spans the histogram can show. */
export const HISTOGRAM_SPANS = ['1h', '24h', '7d'] as const;

/** How a person likes the list. Kept per browser. */
const TrafficView = z.object({
  columns: ColumnChoice.catch(DEFAULT_COLUMNS).transform(completeChoice),
  sort: SortOrder.catch(null),
  collapsesRuns: z.boolean().catch(true),
  showsHistogram: z.boolean().catch(true),
  histogramSpan: z.enum(HISTOGRAM_SPANS).catch('24h'),
});
export type TrafficView = z.infer<typeof TrafficView>;

/** The view out of what was stored; whatever cannot be read is as at first. */
export function readView(stored: string | null): TrafficView {
  let value: unknown;
  try {
    value = JSON.parse(stored ?? '{}');
  } catch {
    value = {};
  }
  const view = TrafficView.safeParse(value);
  return view.success ? view.data : TrafficView.parse({});
}

/** The view in use. */
export const useTrafficView = create<TrafficView>()(() =>
  readView(globalThis.localStorage?.getItem(KEY) ?? null),
);

/** Changes the view and stores it; a browser that stores nothing keeps it for as long as the page is open. */
export function changeView(change: Partial<TrafficView>): void {
  useTrafficView.setState(change);
  try {
    localStorage.setItem(KEY, JSON.stringify(useTrafficView.getState()));
  } catch {
    // Storage is full or forbidden.
  }
}
