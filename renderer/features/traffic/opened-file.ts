import { create } from 'zustand';
import { readExport } from '../../../shared/export/read-export.ts';
import { type ErrorInfo, PatchbayError } from '../../../shared/model/error.ts';
import type { Exchange, ExchangeDetail } from '../../../shared/model/exchange.ts';
import { errorInfoOf } from '../../lib/error-info.ts';
import type { ExchangePredicate, LogSnapshot } from '../../lib/exchange-log.ts';
import { formatBytes } from '../../lib/format.ts';
import { SortedRows } from '../../lib/sorted-rows.ts';
import { messages } from '../../messages/messages.ts';

/** A file of exchanges that somebody looks at; nothing of it goes to the hub. */
export interface OpenedFile {
  name: string;
  /** Ascending by id. */
  rows: readonly Exchange[];
  details: ReadonlyMap<number, ExchangeDetail>;
  /** Exchanges that were not read, because there are too many. */
  leftOut: number;
}

interface OpenedFileState {
  phase: 'none' | 'reading' | 'open';
  file: OpenedFile | null;
  error: ErrorInfo | null;
}

/** The file that is open in this window; it stays while other screens are looked at. */
export const useOpenedFile = create<OpenedFileState>()(() => ({ phase: 'none', file: null, error: null }));

/** More than this would have to be held in memory twice over while it is read. */
const MAX_BYTES = 512 * 1024 * 1024;

/** Sorts what a file holds the way the log does; of two exchanges with one id the later counts. */
export function toOpenedFile(
  name: string,
  { details, leftOut }: { details: readonly ExchangeDetail[]; leftOut: number },
): OpenedFile {
  const byId = new Map(details.map((detail) => [detail.exchange.id, detail]));
  const rows = [...byId.values()].map(({ exchange }) => exchange).sort((a, b) => a.id - b.id);
  return { name, rows, details: byId, leftOut };
}

/** Opens a file instead of the live list. What was shown stays when it cannot be read. */
export async function openFile(file: File): Promise<void> {
  useOpenedFile.setState({ phase: 'reading', error: null });
  try {
    if (file.size > MAX_BYTES)
      throw new PatchbayError('INPUT_INVALID', messages.traffic.file.tooLarge(formatBytes(MAX_BYTES)));
    const opened = toOpenedFile(file.name, readExport(await file.text()));
    useOpenedFile.setState({ phase: 'open', file: opened, error: null });
  } catch (error) {
    const { file: before } = useOpenedFile.getState();
    useOpenedFile.setState({ phase: before ? 'open' : 'none', error: errorInfoOf(error) });
  }
}

/** Back to the live list. */
export function closeFile(): void {
  useOpenedFile.setState({ phase: 'none', file: null, error: null });
}

/** The rows of a file that pass a filter, in the shape of the live log. */
export function fileSnapshot({ rows }: OpenedFile, matches: ExchangePredicate): LogSnapshot {
  const view = new SortedRows<Exchange>();
  for (const row of rows) if (matches(row)) view.upsert(row);
  return {
    rowCount: view.length,
    selection: Symbol('selection'),
    heldCount: rows.length,
    headShift: 0,
    isPaused: false,
    waiting: 0,
    missed: 0,
    rowAt: (index) => view.at(index),
    indexOf: (id) => view.indexOf(id),
  };
}
