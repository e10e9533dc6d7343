import { z } from 'zod';
import { findJsonFault } from '../json-rpc/find-json-fault.ts';
import { PatchbayError } from '../model/error.ts';
import { CapturedBody, Exchange, ExchangeDetail, Phases } from '../model/exchange.ts';

/** What an exported file holds, for a look at it. */
export interface ReadExport {
  format: 'har' | 'jsonl';
  /** In the order of the file. */
  details: ExchangeDetail[];
  /** Exchanges beyond the bound, which were not read. */
  leftOut: number;
}

/** Kept of one file. */
const MAX_EXCHANGES = 100_000;
/** The last moment a Date can hold: beyond it every clock of the UI would throw. */
const LAST_MOMENT_MS = 8.64e15;

const BodyFacts = CapturedBody.omit({ text: true }).nullable();
const Text = z.object({ text: z.string().optional() }).optional();
const HarEntry = z.object({
  request: z.object({ postData: Text }),
  response: z.object({ content: Text }),
  _exchange: Exchange,
  _phases: Phases.nullable(),
  _request: BodyFacts,
  _response: BodyFacts,
});
const Har = z.object({ log: z.object({ version: z.string(), entries: z.array(z.unknown()) }) });

/**
 * Reads a HAR or JSONL file that Patchbay wrote. Throws INPUT_INVALID with the line that is wrong; what another
 * program wrote is refused, since MCP cannot be told from its HTTP.
 */
export function readExport(text: string, maxExchanges: number = MAX_EXCHANGES): ReadExport {
  // Some editors put a byte order mark in front.
  const content = text.startsWith('\ufeff') ? text.slice(1) : text;
  return /^\s*\{\s*"log"\s*:/.test(content)
    ? readHar(content, maxExchanges)
    : readJsonl(content, maxExchanges);
}

function readJsonl(text: string, max: number): ReadExport {
  const details: ExchangeDetail[] = [];
  let leftOut = 0;
  let line = 0;
  for (let start = 0; start < text.length;) {
    const found = text.indexOf('\n', start);
    const end = found === -1 ? text.length : found;
    line += 1;
    const content = text.slice(start, end).trim();
    start = end + 1;
    if (content === '') continue;
    if (details.length >= max) leftOut += 1;
    else details.push(checkTime(readLine(content, line), `Line ${line}`, line));
  }
  if (details.length === 0) throw invalid('The file holds no exchange.', 1);
  return { format: 'jsonl', details, leftOut };
}

function readLine(content: string, line: number): ExchangeDetail {
  const value = parse(content, line);
  const detail = ExchangeDetail.safeParse(value);
  if (detail.success) return detail.data;
  if (typeof value === 'object' && value !== null && 'resourceSpans' in value) {
    throw invalid(
      'These are spans for OpenTelemetry; they hold no messages. Open a HAR or JSONL file.',
      line,
    );
  }
  throw invalid(`Line ${line} is no exchange as Patchbay writes them: ${firstIssue(detail.error)}`, line);
}

function readHar(text: string, max: number): ReadExport {
  const archive = Har.safeParse(parse(text, 1));
  if (!archive.success) throw invalid(`This is no HAR file: ${firstIssue(archive.error)}`, 1);
  const { entries } = archive.data.log;
  const lineOf = ourLines(text);
  const details = entries.slice(0, max).map((value, index) => {
    const entry = HarEntry.safeParse(value);
    const line = lineOf(index);
    const name = `Entry ${index + 1}`;
    if (entry.success) return checkTime(detailOf(entry.data), name, line);
    const isForeign = typeof value === 'object' && value !== null && !('_exchange' in value);
    throw invalid(
      isForeign
        ? `${name} was not written by Patchbay: it says nothing of an MCP exchange.`
        : `${name} is not as Patchbay writes them: ${firstIssue(entry.error)}`,
      line,
    );
  });
  return { format: 'har', details, leftOut: Math.max(0, entries.length - max) };
}

function detailOf(entry: z.infer<typeof HarEntry>): ExchangeDetail {
  const body = (facts: z.infer<typeof BodyFacts>, text: string | undefined): CapturedBody | null =>
    facts && { ...facts, text: text ?? '' };
  return {
    exchange: entry._exchange,
    request: body(entry._request, entry.request.postData?.text),
    response: body(entry._response, entry.response.content?.text),
    phases: entry._phases,
  };
}

/** Our own files have an entry per line, after the first; other programs may have laid them out anew. */
function ourLines(text: string): (index: number) => number | undefined {
  const second = text.slice(text.indexOf('\n') + 1, text.indexOf('\n') + 20);
  return second.startsWith('{"startedDateTime"') ? (index) => index + 2 : () => undefined;
}

function parse(text: string, firstLine: number): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    const fault = findJsonFault(text);
    if (fault === null) throw invalid('The file is too deep or too large to be read.', firstLine);
    const line = firstLine + fault.line - 1;
    throw new PatchbayError('INPUT_INVALID', `Line ${line} is not JSON: ${fault.message}`, {
      line,
      column: fault.column,
      hint: 'Only HAR and JSONL files that Patchbay exported can be opened.',
    });
  }
}

function checkTime(detail: ExchangeDetail, name: string, line: number | undefined): ExchangeDetail {
  if (Math.abs(detail.exchange.at) <= LAST_MOMENT_MS) return detail;
  throw invalid(`${name} has a time that no calendar knows.`, line);
}

function firstIssue({ issues }: z.ZodError): string {
  const issue = issues[0];
  if (!issue) return 'it does not fit.';
  return `${issue.path.map(String).join('.') || 'the whole'}: ${issue.message}`;
}

const invalid = (message: string, line: number | undefined): PatchbayError =>
  new PatchbayError('INPUT_INVALID', message, line === undefined ? {} : { line, column: 1 });
