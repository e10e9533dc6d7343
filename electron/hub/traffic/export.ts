import type { CapturedBody, Exchange, ExchangeDetail } from '../../../shared/model/exchange.ts';

declare const __PATCHBAY_VERSION__: string;

/** One JSON document per line. */
export function* toJsonl(details: Iterable<ExchangeDetail>): Generator<string> {
  for (const detail of details) yield `${JSON.stringify(detail)}\n`;
}

const CSV_COLUMNS = [
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
export function* toCsv(details: Iterable<ExchangeDetail>): Generator<string> {
  yield csvLine(CSV_COLUMNS);
  for (const { exchange } of details) {
    yield csvLine(CSV_COLUMNS.map((column) => (column === 'at' ? isoTime(exchange.at) : exchange[column])));
  }
}

const csvLine = (cells: readonly (string | number | null)[]): string => `${cells.map(csvCell).join(',')}\r\n`;

function csvCell(cell: string | number | null): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  // A spreadsheet would run these as a formula; the apostrophe makes it text.
  const text = /^[=+\-@\t\r\n]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * HAR 1.2, an entry per exchange. MCP is not HTTP, so the address is `mcp://<server>/<method>` and the status is a
 * likeness; what was really said is in `_exchange`.
 */
export function* toHar(details: Iterable<ExchangeDetail>): Generator<string> {
  const creator = { name: 'Patchbay', version: __PATCHBAY_VERSION__ };
  yield `{"log":{"version":"1.2","creator":${JSON.stringify(creator)},"entries":[`;
  let separator = '\n';
  for (const detail of details) {
    yield separator + JSON.stringify(harEntry(detail));
    separator = ',\n';
  }
  yield '\n]}}\n';
}

const HAR_STATUS: Readonly<Record<Exchange['outcome'], number>> = {
  ok: 200,
  'tool-error': 200,
  error: 500,
  cancelled: 499,
  lost: 0,
  pending: 0,
};

function harEntry({ exchange, request, response, phases }: ExchangeDetail) {
  const method = exchange.method.split('/').map(urlPart).join('/');
  return {
    startedDateTime: isoTime(exchange.at),
    time: exchange.durationMs ?? 0,
    request: {
      method: 'POST',
      url: `mcp://${urlPart(exchange.server)}/${method}`,
      httpVersion: 'MCP',
      cookies: [],
      headers: [],
      queryString: [],
      ...(request
        ? { postData: { mimeType: 'application/json', text: request.text, ...cutNote(request) } }
        : {}),
      headersSize: -1,
      bodySize: exchange.requestBytes,
    },
    response: {
      status: HAR_STATUS[exchange.outcome],
      statusText: exchange.outcome,
      httpVersion: 'MCP',
      cookies: [],
      headers: [],
      content: {
        size: exchange.responseBytes ?? 0,
        mimeType: 'application/json',
        ...(response ? { text: response.text, ...cutNote(response) } : {}),
      },
      redirectURL: '',
      headersSize: -1,
      bodySize: exchange.responseBytes ?? -1,
    },
    cache: {},
    timings: {
      // HAR's word for waiting in a queue; -1 where it does not apply.
      blocked: phases?.queueMs ?? -1,
      send: phases?.hubInMs ?? 0,
      wait: phases?.serverMs ?? exchange.durationMs ?? 0,
      receive: phases?.hubOutMs ?? 0,
    },
    _exchange: exchange,
  };
}

const cutNote = ({ truncated, bytes }: CapturedBody): { comment?: string } =>
  truncated ? { comment: `Cut: the frame had ${bytes} bytes.` } : {};

/** Half a surrogate pair, which a hostile name may hold, cannot be encoded. */
const urlPart = (text: string): string => encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, '\ufffd'));

const isoTime = (at: number): string => new Date(at).toISOString();
