import type { CapturedBody, Exchange, ExchangeDetail } from '../model/exchange.ts';
import { wellFormed } from './well-formed.ts';

/** Who wrote a file. */
export interface Creator {
  name: string;
  version: string;
}

/**
 * HAR 1.2. `pages` may be absent by the specification, but Firefox's importer fails without it; there is none, as
 * nothing here belongs to a page.
 */
export const harHead = (creator: Creator): string =>
  `{"log":{"version":"1.2","creator":${JSON.stringify(creator)},"pages":[],"entries":[`;

/** What follows the last entry. */
export const HAR_TAIL = '\n]}}\n';

/** A likeness: what was really said is in the bodies and in `_exchange`. */
const STATUS: Readonly<Record<Exchange['outcome'], number>> = {
  ok: 200,
  'tool-error': 200,
  error: 500,
  cancelled: 499,
  lost: 0,
  pending: 0,
};

/** One exchange as a line of `entries`; what HAR has no place for is in the members that begin with `_`. */
export function harEntry({ exchange, request, response, phases }: ExchangeDetail) {
  return {
    startedDateTime: new Date(exchange.at).toISOString(),
    time: exchange.durationMs ?? 0,
    request: {
      method: 'POST',
      url: harUrl(exchange),
      httpVersion: 'MCP',
      cookies: [],
      headers: headersOf(exchange),
      queryString: [],
      ...(request
        ? { postData: { mimeType: 'application/json', text: request.text, ...cutNote(request) } }
        : {}),
      headersSize: -1,
      bodySize: exchange.requestBytes,
    },
    response: {
      status: STATUS[exchange.outcome],
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
    _phases: phases,
    _request: factsOf(request),
    _response: factsOf(response),
  };
}

/**
 * Browsers take entries of `http` for full: with another scheme Firefox shows no host and Chrome leaves entries out
 * of its filters. The host is the server and the last part the tool, which is what both show first; `.invalid` never
 * resolves (RFC 6761), so nothing is asked when somebody opens it.
 */
function harUrl({ server, method, tool }: Exchange): string {
  const host = server
    .toLowerCase()
    .replaceAll(/[^a-z\d]+/g, '-')
    .slice(0, 60)
    .replaceAll(/^-|-$/g, '');
  const parts = [...method.split('/'), ...(tool === null ? [] : [tool])].map(urlPart);
  return `http://${host || 'server'}.mcp.invalid/${parts.join('/')}`;
}

/** Dots alone mean another folder in an address, even escaped. */
function urlPart(text: string): string {
  const part = wellFormed(text.slice(0, 300));
  return /^\.{1,2}$/.test(part) ? `_${part}` : encodeURIComponent(part);
}

/** Who asked, where browsers show it; `Mcp-Session-Id` is the protocol's own name. */
const headersOf = ({ client, project, sessionId }: Exchange): { name: string; value: string }[] => [
  { name: 'Mcp-Session-Id', value: sessionId },
  { name: 'X-Patchbay-Client', value: client },
  ...(project === null ? [] : [{ name: 'X-Patchbay-Project', value: project }]),
];

const cutNote = ({ truncated, bytes }: CapturedBody): { comment?: string } =>
  truncated ? { comment: `Cut: the frame had ${bytes} bytes.` } : {};

const factsOf = (body: CapturedBody | null): Omit<CapturedBody, 'text'> | null =>
  body && { bytes: body.bytes, truncated: body.truncated, redactions: body.redactions };
