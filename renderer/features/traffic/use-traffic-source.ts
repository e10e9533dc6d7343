import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { asksForBookmarks, type Filter } from '../../../shared/filter/filter.ts';
import { matches } from '../../../shared/filter/match-filter.ts';
import { parseFilter } from '../../../shared/filter/parse-filter.ts';
import type { Annotation, Exchange } from '../../../shared/model/exchange.ts';
import type { ExchangePredicate, LogSnapshot } from '../../lib/exchange-log.ts';
import { useHub, useResource } from '../../lib/hub-context.tsx';
import { withoutTime } from './filter-terms.ts';
import { fileSnapshot, type OpenedFile, useOpenedFile } from './opened-file.ts';
import type { RowMark } from './traffic-row.tsx';

const EVERYTHING: Filter = { terms: [] };
const NO_MARKS: ReadonlyMap<number, RowMark> = new Map();

function filterOf(text: string): Filter {
  const parsed = parseFilter(text);
  return parsed.ok ? parsed.filter : EVERYTHING;
}

const predicateOf =
  (filter: Filter, bookmarked: ReadonlySet<number>): ExchangePredicate =>
  (exchange) =>
    matches(filter, exchange, Date.now(), bookmarked);

/** What the list is drawn from, apart from the rows themselves: those change a dozen times a second. */
export interface TrafficSource {
  /** Null: the live log. */
  file: OpenedFile | null;
  /** Rows of the file that pass the filter. */
  fileRows: LogSnapshot | null;
  /** Rows of the file that pass the filter without its span of time, for the histogram. */
  fileRowsAnyTime: readonly Exchange[];
  marks: ReadonlyMap<number, RowMark>;
}

/** The source under a filter that is valid; one that is not leaves everything in. */
export function useTrafficSource(filter: string): TrafficSource {
  const { traffic } = useHub();
  const { file } = useOpenedFile();
  const { data: annotations } = useResource('annotations');

  const parsed = useMemo(() => filterOf(filter), [filter]);
  // Only a filter that asks for bookmarks starts over when one is set.
  const asked = asksForBookmarks(parsed) ? annotations : null;
  const predicate = useMemo(() => predicateOf(parsed, bookmarkedOf(asked)), [parsed, asked]);
  useEffect(() => {
    if (parseFilter(filter).ok) traffic.setFilter(filter, predicate);
  }, [traffic, filter, predicate]);

  const fileRows = useMemo(() => file && fileSnapshot(file, predicate), [file, predicate]);
  const fileRowsAnyTime = useMemo(() => {
    const passes = predicateOf(filterOf(withoutTime(filter)), new Set());
    return file?.rows.filter(passes) ?? [];
  }, [file, filter]);
  const marks = useMemo(() => (file ? NO_MARKS : marksOf(annotations)), [file, annotations]);
  return { file, fileRows, fileRowsAnyTime, marks };
}

/** The rows to show, as they change: of the file when one is open, else of the live log. */
export function useRows(fileRows: LogSnapshot | null): LogSnapshot {
  const { traffic } = useHub();
  const live = useSyncExternalStore(traffic.log.subscribe, traffic.log.snapshot);
  return fileRows ?? live;
}

const bookmarkedOf = (annotations: readonly Annotation[] | null): ReadonlySet<number> =>
  new Set(annotations?.filter(({ bookmarked }) => bookmarked).map(({ exchange }) => exchange));

const marksOf = (annotations: readonly Annotation[] | null): ReadonlyMap<number, RowMark> =>
  new Map(annotations?.map(({ exchange, bookmarked }) => [exchange, bookmarked ? 'bookmark' : 'note']));
