import { exportWriter } from '../../../shared/export/export-writer.ts';
import type { ExchangeDetail, ExportChunk, ExportFormat } from '../../../shared/model/exchange.ts';
import { exchangePages, type ExportSource } from './exchange-pages.ts';
import { sendSpans } from './send-spans.ts';

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

/** A carrier takes messages of some megabytes; bodies may be larger. */
const CHUNK_LENGTH = 512 * 1024;
/** Exchanges that become one line of an OTLP file, or one request to a collector. */
const SPANS_AT_ONCE = 400;

/** Exports over the log as it is. */
export function createTrafficExport(source: ExportSource, version: string): TrafficExport {
  const creator = { name: 'Patchbay', version };
  return {
    async *file({ filter, format, limit }, signal) {
      const writer = exportWriter(format, creator);
      let waiting = writer.head;
      let count = 0;
      // Spans of one line share what they say of their server, so a line takes more of them than a page has.
      const atOnce = format === 'otlp' ? SPANS_AT_ONCE : 1;
      const pages = exchangePages(source, { filter, limit }, signal);
      for await (const details of inGroups(pages, atOnce)) {
        const written = writer.write(details);
        waiting += written.text;
        count += written.count;
        while (waiting.length >= CHUNK_LENGTH) {
          const end = wholeCharacters(waiting, CHUNK_LENGTH);
          yield { text: waiting.slice(0, end), count };
          waiting = waiting.slice(end);
        }
      }
      yield { text: waiting + writer.tail, count };
    },
    async sendSpans({ filter, limit, url, headers }) {
      let spans = 0;
      for await (const details of inGroups(exchangePages(source, { filter, limit }), SPANS_AT_ONCE)) {
        spans += await sendSpans(details, { url, headers, scope: creator });
      }
      return { spans };
    },
  };
}

/** Pages put together until there are `least` exchanges; the last group may have fewer. */
async function* inGroups(
  pages: AsyncIterable<ExchangeDetail[]>,
  least: number,
): AsyncGenerator<ExchangeDetail[]> {
  let group: ExchangeDetail[] = [];
  for await (const page of pages) {
    group.push(...page);
    if (group.length < least) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

/** Where to cut so that no character is split in two: each piece is turned into bytes by itself. */
const wholeCharacters = (text: string, length: number): number =>
  /[\uD800-\uDBFF]/.test(text[length - 1] ?? '') ? length - 1 : length;
