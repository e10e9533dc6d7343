import type { ExchangeDetail, ExportFormat } from '../model/exchange.ts';
import { csvHead, csvRow } from './csv.ts';
import { HAR_TAIL, harEntry, harHead, type Creator } from './har.ts';
import { isSpan, traceRequest } from './otlp.ts';

/** Writes a file piece by piece: `head`, what `write` gives for each group of exchanges in order, `tail`. */
export interface ExportWriter {
  readonly head: string;
  /** `count`: how many of these are in the text (OTLP knows requests only). */
  write(details: readonly ExchangeDetail[]): { text: string; count: number };
  readonly tail: string;
}

/** A new file of this format. */
export function exportWriter(format: ExportFormat, creator: Creator): ExportWriter {
  switch (format) {
    case 'har':
      return harWriter(creator);
    case 'jsonl':
      return lines('', (detail) => `${JSON.stringify(detail)}\n`);
    case 'csv':
      return lines(csvHead(), ({ exchange }) => csvRow(exchange));
    case 'otlp':
      return {
        head: '',
        tail: '',
        // The OTLP file format: one request per line.
        write(details) {
          const count = details.filter(isSpan).length;
          return { text: count === 0 ? '' : `${JSON.stringify(traceRequest(details, creator))}\n`, count };
        },
      };
  }
}

const lines = (head: string, line: (detail: ExchangeDetail) => string): ExportWriter => ({
  head,
  tail: '',
  write: (details) => ({ text: details.map(line).join(''), count: details.length }),
});

function harWriter(creator: Creator): ExportWriter {
  let separator = '\n';
  return {
    head: harHead(creator),
    tail: HAR_TAIL,
    write(details) {
      let text = '';
      for (const detail of details) {
        // An entry per line, so that a reader can be told which one is wrong.
        text += separator + JSON.stringify(harEntry(detail));
        separator = ',\n';
      }
      return { text, count: details.length };
    },
  };
}
