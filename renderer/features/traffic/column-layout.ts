import { z } from 'zod';

/** Every column the list can have, in the order it has at first. */
export const COLUMN_IDS = [
  'time',
  'client',
  'session',
  'server',
  'instance',
  'method',
  'outcome',
  'error',
  'request',
  'response',
  'size',
  'hub',
  'duration',
] as const;
export type ColumnId = (typeof COLUMN_IDS)[number];

interface ColumnSize {
  /** Width in pixels until a person changes it; the least one for a column with `share`. */
  width: number;
  /** Part of the spare width it takes. */
  share?: number;
  /** Where there is no room for all, the columns with the lowest rank give way. */
  rank: number;
}

const SIZES: Record<ColumnId, ColumnSize> = {
  time: { width: 92, rank: 8 },
  client: { width: 104, share: 1.2, rank: 6 },
  session: { width: 100, rank: 1 },
  server: { width: 84, share: 1, rank: 7 },
  instance: { width: 110, rank: 0 },
  method: { width: 128, share: 2, rank: 10 },
  outcome: { width: 128, rank: 9 },
  error: { width: 160, share: 2, rank: 5 },
  request: { width: 72, rank: 2 },
  response: { width: 72, rank: 3 },
  size: { width: 76, rank: 4 },
  hub: { width: 72, rank: 3.5 },
  duration: { width: 124, rank: 9.5 },
};

const MIN_WIDTH = 48;
const MAX_WIDTH = 1_200;
/** Between columns, and at both ends of a row; the classes of the rows say the same. */
const GAP = 12;
const PADDING = 12;

const SORTABLE = z.enum(COLUMN_IDS);
/** Order of the list; null: as things happened, newest last. */
export const SortOrder = z.object({ column: SORTABLE, isDescending: z.boolean() }).nullable();
export type SortOrder = z.infer<typeof SortOrder>;

/** What a person chose of the columns. */
export const ColumnChoice = z.object({
  /** All of them, in order. */
  order: z.array(z.enum(COLUMN_IDS)),
  hidden: z.array(z.enum(COLUMN_IDS)),
  /** Widths in pixels that a person gave. */
  widths: z.partialRecord(z.enum(COLUMN_IDS), z.number().min(MIN_WIDTH).max(MAX_WIDTH)),
});
export type ColumnChoice = z.infer<typeof ColumnChoice>;

export const DEFAULT_COLUMNS: ColumnChoice = {
  order: [...COLUMN_IDS],
  hidden: ['session', 'instance', 'error', 'request', 'response', 'hub'],
  widths: {},
};

/** The choice with columns that came since it was stored, hidden, and none twice; the subject always stays. */
export function completeChoice(choice: ColumnChoice): ColumnChoice {
  const order = [...new Set(choice.order)];
  const added = COLUMN_IDS.filter((id) => !order.includes(id));
  const hidden = [...new Set([...choice.hidden, ...added])].filter((id) => id !== 'method');
  return { ...choice, order: [...order, ...added], hidden };
}

/** The columns chosen, in order. */
export const chosenColumns = ({ order, hidden }: ColumnChoice): ColumnId[] =>
  order.filter((id) => !hidden.includes(id));

/** Width a column needs at least. */
export const widthOf = ({ widths }: ColumnChoice, id: ColumnId): number => widths[id] ?? SIZES[id].width;

const widthOfAll = (choice: ColumnChoice, columns: readonly ColumnId[]): number =>
  columns.reduce((sum, id) => sum + widthOf(choice, id) + GAP, 2 * PADDING - GAP);

/** The chosen columns that fit into a width; those that matter least are left out first, never the subject. */
export function fittingColumns(choice: ColumnChoice, available: number): ColumnId[] {
  let columns = chosenColumns(choice);
  while (columns.length > 1 && widthOfAll(choice, columns) > available) {
    const least = columns.reduce((a, b) => (SIZES[a].rank < SIZES[b].rank ? a : b));
    columns = columns.filter((id) => id !== least);
  }
  return columns;
}

/** How wide a column may be made without another one giving way. */
export function roomFor(
  choice: ColumnChoice,
  columns: readonly ColumnId[],
  id: ColumnId,
  available: number,
): number {
  const others = columns.filter((other) => other !== id);
  return Math.max(MIN_WIDTH, available - widthOfAll(choice, others) - GAP);
}

/** Value of `grid-template-columns`: a width that a person gave is kept, the others share what is left. */
export function columnTemplate(choice: ColumnChoice, columns: readonly ColumnId[]): string {
  const parts = columns.map((id) => {
    const own = choice.widths[id];
    const { share } = SIZES[id];
    return own === undefined && share !== undefined ? `minmax(0, ${share}fr)` : `${widthOf(choice, id)}px`;
  });
  // Without any column that grows, the rest of the row stays empty.
  return parts.some((part) => part.endsWith('fr)'))
    ? parts.join(' ')
    : [...parts, 'minmax(0, 1fr)'].join(' ');
}

/** Moves a column past the shown ones beside it; hidden ones keep their places between the others. */
export function moveColumn(choice: ColumnChoice, id: ColumnId, steps: number): ColumnChoice {
  const shown = chosenColumns(choice);
  const from = shown.indexOf(id);
  const to = Math.max(0, Math.min(shown.length - 1, from + steps));
  if (from < 0 || from === to) return choice;
  const order = choice.order.filter((other) => other !== id);
  const neighbour = order.indexOf(shown[to]!);
  order.splice(to > from ? neighbour + 1 : neighbour, 0, id);
  return { ...choice, order };
}

/** Gives a column a width; null: the one it has by itself. */
export function resizeColumn(choice: ColumnChoice, id: ColumnId, width: number | null): ColumnChoice {
  const widths = { ...choice.widths };
  if (width === null) delete widths[id];
  else widths[id] = Math.round(Math.max(MIN_WIDTH, Math.min(MAX_WIDTH, width)));
  return { ...choice, widths };
}

/** Shows or hides a column. The subject stays: a row without it says nothing. */
export function toggleColumn(choice: ColumnChoice, id: ColumnId): ColumnChoice {
  if (id === 'method') return choice;
  const { hidden } = choice;
  return {
    ...choice,
    hidden: hidden.includes(id) ? hidden.filter((other) => other !== id) : [...hidden, id],
  };
}

/** Ascending, descending, and back to how things happened. */
export function nextSort(sort: SortOrder, column: ColumnId): SortOrder {
  if (sort?.column !== column) {
    // As it happened is the order without any: the first click on the time asks for the newest first.
    return { column, isDescending: column === 'time' };
  }
  return sort.isDescending ? null : { column, isDescending: true };
}
