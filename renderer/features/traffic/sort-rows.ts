import type { Exchange } from '../../../shared/model/exchange.ts';
import type { ColumnId } from './column-layout.ts';

type SortKey = (exchange: Exchange) => string | number | null;

const KEYS: Record<ColumnId, SortKey> = {
  time: ({ at }) => at,
  client: ({ client, project }) => `${client}\u0000${project ?? ''}`,
  session: ({ sessionId }) => sessionId,
  server: ({ server }) => server,
  instance: ({ instanceId }) => instanceId,
  method: ({ tool, method }) => tool ?? method,
  outcome: ({ outcome }) => OUTCOMES.indexOf(outcome),
  error: ({ errorMessage }) => errorMessage,
  request: ({ requestBytes }) => requestBytes,
  response: ({ responseBytes }) => responseBytes,
  size: ({ requestBytes, responseBytes }) => requestBytes + (responseBytes ?? 0),
  hub: ({ hubMs }) => hubMs,
  duration: ({ durationMs }) => durationMs,
};

/** From quiet to loud. */
const OUTCOMES: readonly Exchange['outcome'][] = [
  'ok',
  'pending',
  'cancelled',
  'tool-error',
  'error',
  'lost',
];

const collator = new Intl.Collator('en', { numeric: true });

function compare(a: string | number, b: string | number): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(String(a), String(b));
}

/** The rows in the order of one column; what has no value there comes last either way, the newer first among equals. */
export function sortRows(rows: readonly Exchange[], column: ColumnId, isDescending: boolean): Exchange[] {
  const key = KEYS[column];
  const sign = isDescending ? -1 : 1;
  return rows
    .map((row) => ({ row, value: key(row) }))
    .sort((a, b) => {
      if (a.value === null || b.value === null) {
        return Number(a.value === null) - Number(b.value === null) || b.row.id - a.row.id;
      }
      return sign * compare(a.value, b.value) || b.row.id - a.row.id;
    })
    .map(({ row }) => row);
}
