import type { Exchange } from '../../../shared/model/exchange.ts';
import type { LogSnapshot } from '../../lib/exchange-log.ts';
import { collapseRuns, lineOfRow } from './collapse-runs.ts';
import { sortRows } from './sort-rows.ts';
import type { SortOrder } from './column-layout.ts';

/** One line of the list: an exchange, or a run of equal ones. */
export interface Line {
  /** The newest of a folded run. */
  exchange: Exchange;
  /** How many calls it stands for. */
  count: number;
  /** The slowest of them. */
  slowestMs: number | null;
  /** Length of the unfolded run that begins here, else 0. */
  unfolded: number;
}

/** The lines the list shows, whatever they are made of. */
export interface LineList {
  readonly count: number;
  at(index: number): Line | undefined;
  /** The line that holds an exchange, or -1. */
  indexOf(id: number): number;
}

type Rows = Pick<LogSnapshot, 'rowCount' | 'rowAt' | 'indexOf'>;

const single = (exchange: Exchange): Line => ({
  exchange,
  count: 1,
  slowestMs: exchange.durationMs,
  unfolded: 0,
});

/** One line per row, as things happened. */
export const plainLines = (rows: Rows): LineList => ({
  count: rows.rowCount,
  at(index) {
    const exchange = rows.rowAt(index);
    return exchange && single(exchange);
  },
  indexOf: (id) => rows.indexOf(id),
});

/** As things happened, runs of equal calls folded into one line each. */
export function foldedLines(rows: Rows, unfolded: ReadonlySet<number>): LineList {
  const lines = collapseRuns(rows.rowCount, (index) => rows.rowAt(index), unfolded);
  return {
    count: lines.count,
    at(index) {
      if (index < 0 || index >= lines.count) return undefined;
      const start = lines.starts[index]!;
      const count = lines.lengths[index]!;
      const first = rows.rowAt(start);
      const newest = rows.rowAt(start + count - 1);
      if (!first || !newest) return undefined;
      if (count === 1) return { ...single(first), unfolded: lines.unfolded[index]! };
      let slowestMs: number | null = null;
      for (let row = start; row < start + count; row += 1) {
        // Notifications take no time that could be named.
        slowestMs = slower(slowestMs, rows.rowAt(row)?.durationMs ?? null);
      }
      return { exchange: newest, count, slowestMs, unfolded: 0 };
    },
    indexOf(id) {
      const row = rows.indexOf(id);
      return row < 0 ? -1 : lineOfRow(lines, row);
    },
  };
}

/** The rows there are now in the order of a column. They keep that place; what becomes of them is taken from `rows`. */
export function sortedLines(rows: Rows, sort: NonNullable<SortOrder>): LineList {
  const loaded = Array.from({ length: rows.rowCount }, (_, index) => rows.rowAt(index)!);
  const sorted = sortRows(loaded, sort.column, sort.isDescending);
  const places = new Map(sorted.map((row, index) => [row.id, index]));
  return {
    count: sorted.length,
    at(index) {
      const row = sorted[index];
      return row && single(row);
    },
    indexOf: (id) => places.get(id) ?? -1,
  };
}

/** The same places with what became of their rows since. */
export const withCurrentRows = (lines: LineList, rows: Rows): LineList => ({
  ...lines,
  at(index) {
    const line = lines.at(index);
    return line && single(rows.rowAt(rows.indexOf(line.exchange.id)) ?? line.exchange);
  },
});

const slower = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.max(a, b);
