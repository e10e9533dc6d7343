import type { ExportChunk, ExportFormat } from '../../../shared/model/exchange.ts';

/** Takes exchanges out of the log, for other tools. */
export interface TrafficExport {
  /** A whole file in pieces, oldest exchange first; ends early when `signal` aborts. Throws FILTER_INVALID. */
  file(
    query: { filter: string; format: ExportFormat; limit: number },
    signal: AbortSignal,
  ): AsyncGenerator<ExportChunk>;
  /** Posts spans to a collector in bounded requests. Throws EXPORT_FAILED with what it answered. */
  sendSpans(query: {
    filter: string;
    limit: number;
    url: string;
    headers: Record<string, string>;
  }): Promise<{ spans: number }>;
}
