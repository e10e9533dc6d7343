import type { ExportFormat } from '../../../shared/model/exchange.ts';
import type { HubClient } from '../../lib/hub-link.ts';

/** All that the hub gives. */
export const MAX_EXPORTED = 1_000_000;

/** Characters that are gathered before they become a part of the file: the browser keeps large parts on disk. */
const PART_CHARACTERS = 8 * 1024 * 1024;

const TYPES: Record<ExportFormat, { type: string; extension: string }> = {
  har: { type: 'application/json', extension: 'har' },
  jsonl: { type: 'application/x-ndjson', extension: 'jsonl' },
  csv: { type: 'text/csv', extension: 'csv' },
  otlp: { type: 'application/json', extension: 'otlp.json' },
};

/** `patchbay-2026-11-21T10-15-00.har`, without characters that a file system refuses. */
export const exportName = (format: ExportFormat, nowMs: number): string =>
  `patchbay-${new Date(nowMs).toISOString().slice(0, 19).replaceAll(':', '-')}.${TYPES[format].extension}`;

interface ExportOptions {
  filter: string;
  format: ExportFormat;
  signal: AbortSignal;
  /** Told how many exchanges are in the file so far. */
  onProgress(count: number): void;
}

/** Fetches a whole export piece by piece. Throws when the signal aborts. */
export async function fetchExport(
  client: HubClient,
  { filter, format, signal, onProgress }: ExportOptions,
): Promise<{ file: Blob; count: number }> {
  const parts: Blob[] = [];
  let gathered: string[] = [];
  let size = 0;
  let count = 0;
  const pieces = await client.traffic.export({ filter, format, limit: MAX_EXPORTED }, { signal });
  for await (const piece of pieces) {
    signal.throwIfAborted();
    gathered.push(piece.text);
    size += piece.text.length;
    count = piece.count;
    if (size >= PART_CHARACTERS) {
      parts.push(new Blob(gathered));
      gathered = [];
      size = 0;
    }
    onProgress(count);
  }
  signal.throwIfAborted();
  return { file: new Blob([...parts, ...gathered], { type: TYPES[format].type }), count };
}
