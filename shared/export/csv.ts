import type { Exchange } from '../model/exchange.ts';

const COLUMNS = [
  'id',
  'at',
  'sessionId',
  'client',
  'project',
  'server',
  'instanceId',
  'direction',
  'kind',
  'method',
  'tool',
  'rpcId',
  'outcome',
  'errorCode',
  'errorMessage',
  'requestBytes',
  'responseBytes',
  'durationMs',
  'hubMs',
] as const satisfies readonly (keyof Exchange)[];

/** RFC 4180, with a header line. `at` is ISO 8601. Bodies are left out: they belong in JSONL or HAR. */
export const csvHead = (): string => csvLine(COLUMNS);

/** One exchange. */
export const csvRow = (exchange: Exchange): string =>
  csvLine(
    COLUMNS.map((column) => (column === 'at' ? new Date(exchange.at).toISOString() : exchange[column])),
  );

const csvLine = (cells: readonly (string | number | null)[]): string => `${cells.map(csvCell).join(',')}\r\n`;

function csvCell(cell: string | number | null): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  // A spreadsheet would run these as a formula; the apostrophe makes it text.
  const text = /^[=+\-@\t\r\n]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
