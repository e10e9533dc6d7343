import type { ExchangeDetail } from '../../../shared/model/exchange.ts';
import { formatJson } from '../../lib/json/format-json.ts';
import { indexJson, type JsonIndex } from '../../lib/json/json-index.ts';
import { memberAt, memberOf } from '../../lib/json/json-path.ts';
import { jsonChildren } from '../../lib/json/normal-json.ts';
import { asShellWord, escapeHidden } from '../../lib/shell-word.ts';

/** What an exchange can be copied as. */
export const COPY_FORMS = ['request', 'response', 'both', 'curl', 'inspector', 'replay'] as const;
export type CopyForm = (typeof COPY_FORMS)[number];

/** Why an exchange cannot be copied as something. */
export type CopyObstacle =
  | 'no-body'
  | 'cut'
  | 'too-large'
  | 'not-client'
  | 'session'
  | 'unknown-server'
  | 'no-command'
  | 'no-response';

export type Copied = { text: string; redactions: number } | { obstacle: CopyObstacle };

/** What the commands need to know about this hub. */
export interface CopyTarget {
  /** Such as `http://127.0.0.1:12009`. */
  origin: string;
  /** Put into the command in place of `$PATCHBAY_TOKEN`; null leaves the placeholder. */
  token: string | null;
  /** Whether the hub has an endpoint for the exchange's server. */
  isKnownServer: boolean;
}

/** Larger texts are copied as they came: nobody reads them. */
const MAX_FORMATTED = 1_000_000;
/** Larger requests become no command: reading one takes longer than a click may. */
const MAX_COMMAND = 1_000_000;
/** Linux takes no longer argument (128 KiB). */
const MAX_ARGUMENT = 100_000;

const VERSION = '2026-07-28';
const VERSION_KEY = 'io.modelcontextprotocol/protocolVersion';
const CAPABILITIES_KEY = 'io.modelcontextprotocol/clientCapabilities';
const CLIENT_KEY = 'io.modelcontextprotocol/clientInfo';

/** Need a conversation that goes on; one POST is none. */
const NEEDS_SESSION: ReadonlySet<string> = new Set([
  'initialize',
  'ping',
  'logging/setLevel',
  'resources/subscribe',
  'resources/unsubscribe',
  'subscriptions/listen',
  'tasks/list',
  'tasks/result',
]);

/** What the standard header `Mcp-Name` repeats (2026-07-28, transports/streamable-http). */
const NAMED_BY: Readonly<Record<string, string>> = {
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
  'tasks/get': 'taskId',
  'tasks/update': 'taskId',
  'tasks/cancel': 'taskId',
};

/** Why an exchange cannot be copied as this, as far as a glance tells; null when it can be tried. */
export function copyObstacle(
  form: CopyForm,
  detail: ExchangeDetail,
  target: CopyTarget,
): CopyObstacle | null {
  const { request, response, exchange } = detail;
  if (form === 'replay') return isClientRequest(detail) ? null : 'not-client';
  if (form === 'response') return response ? null : 'no-response';
  const isCommand = form === 'curl' || form === 'inspector';
  if (isCommand && !isClientRequest(detail)) return 'not-client';
  if (!request) return 'no-body';
  if (form === 'both') return response ? null : 'no-response';
  if (!isCommand) return null;
  if (request.truncated) return 'cut';
  if (request.text.length > MAX_COMMAND) return 'too-large';
  if (!target.isKnownServer) return 'unknown-server';
  if (form === 'curl') return NEEDS_SESSION.has(exchange.method) ? 'session' : null;
  return INSPECTED.has(exchange.method) ? null : 'no-command';
}

/** An exchange in another form, or why that cannot be had. */
export function copyAs(form: CopyForm, detail: ExchangeDetail, target: CopyTarget): Copied {
  const obstacle = copyObstacle(form, detail, target);
  if (obstacle) return { obstacle };
  const request = detail.request?.text ?? '';
  const response = detail.response?.text ?? '';
  switch (form) {
    case 'request':
      return { text: readable(request), redactions: 0 };
    case 'response':
      return { text: readable(response), redactions: 0 };
    case 'both':
      return { text: readable(`{"request":${request},"response":${response}}`), redactions: 0 };
    case 'replay':
      return { text: `patchbay replay ${detail.exchange.id}`, redactions: 0 };
    case 'curl':
    case 'inspector': {
      const index = indexJson(request);
      if (!index) return { obstacle: 'cut' };
      const text = (form === 'curl' ? curl : inspector)(detail, index, target);
      return text === null
        ? { obstacle: 'no-command' }
        : { text, redactions: detail.request?.redactions ?? 0 };
    }
  }
}

const isClientRequest = ({ exchange }: ExchangeDetail): boolean =>
  exchange.kind === 'request' && exchange.direction === 'client-to-server';

const readable = (text: string): string => (text.length > MAX_FORMATTED ? text : formatJson(text));

const endpoint = ({ origin }: CopyTarget, server: string): string =>
  `${origin}/servers/${encodeURIComponent(server)}/mcp`;

/** In double quotes, so that the shell puts the variable's value in. */
const authorization = ({ token }: CopyTarget): string =>
  token !== null && /^[\w.~+/=-]+$/.test(token)
    ? `'Authorization: Bearer ${token}'`
    : '"Authorization: Bearer $PATCHBAY_TOKEN"';

/**
 * One POST to the server's own endpoint in the era without sessions (2026-07-28): the tool has its own name there, no
 * handshake comes before it, and the hub translates for servers of the older era.
 */
function curl({ exchange }: ExchangeDetail, index: JsonIndex, target: CopyTarget): string {
  const { method, server, rpcId } = exchange;
  const version = versionIn(index) ?? VERSION;
  const params = modernParams(index, version);
  const body = escapeHidden(
    `{"jsonrpc":"2.0","id":${rpcId ?? '1'},"method":${JSON.stringify(method)},"params":${params}}`,
  );
  const headers = [
    'Content-Type: application/json',
    'Accept: application/json',
    `MCP-Protocol-Version: ${version}`,
    `Mcp-Method: ${method}`,
  ];
  const named = NAMED_BY[method];
  const name = named === undefined ? -1 : memberAt(index, ['params', named]);
  if (name !== -1 && index.kind(name) === 'string')
    headers.push(`Mcp-Name: ${headerValue(index.string(name))}`);
  const lines = [
    `curl -sS ${asShellWord(endpoint(target, server))}`,
    `-H ${authorization(target)}`,
    ...headers.map((header) => `-H ${asShellWord(header)}`),
  ];
  if (body.length <= MAX_ARGUMENT) return [...lines, `--data-raw ${asShellWord(body)}`].join(' \\\n  ');
  return `${[...lines, `--data-binary @- <<'PATCHBAY_BODY'`].join(' \\\n  ')}\n${body}\nPATCHBAY_BODY`;
}

function versionIn(index: JsonIndex): string | null {
  const node = memberAt(index, ['params', '_meta', VERSION_KEY]);
  return node !== -1 && index.kind(node) === 'string' ? index.string(node) : null;
}

/** Members of an object as they are written, but for some. */
const membersBut = (index: JsonIndex, object: number, without: readonly string[]): string[] =>
  object === -1 || index.kind(object) !== 'object'
    ? []
    : jsonChildren(index, object)
        .filter((child) => !without.includes(index.key(child)!))
        .map((child) => index.text.slice(index.keyStart(child), index.end(child)));

/** The recorded parameters with what every request of the modern era says of its sender. */
function modernParams(index: JsonIndex, version: string): string {
  const params = memberAt(index, ['params']);
  const meta = params === -1 ? -1 : memberOf(index, params, '_meta');
  const own = [VERSION_KEY, CAPABILITIES_KEY, CLIENT_KEY];
  // Progress has no way back in a plain answer.
  const kept = membersBut(index, meta, [...own, 'progressToken']);
  const said = [
    `${JSON.stringify(VERSION_KEY)}:${JSON.stringify(version)}`,
    `${JSON.stringify(CLIENT_KEY)}:{"name":"curl","version":"1"}`,
    `${JSON.stringify(CAPABILITIES_KEY)}:{}`,
  ];
  return `{${[...membersBut(index, params, ['_meta']), `"_meta":{${[...kept, ...said].join()}}`].join()}}`;
}

/** Header values are printable ASCII; anything else goes as Base64 (2026-07-28, transports/streamable-http). */
function headerValue(value: string): string {
  if (/^[!-~](?:[ -~]*[!-~])?$/.test(value) && !value.startsWith('=?base64?')) return value;
  const bytes = new TextEncoder().encode(value);
  return `=?base64?${btoa(String.fromCharCode(...bytes))}?=`;
}

const LISTS: ReadonlySet<string> = new Set([
  'tools/list',
  'prompts/list',
  'resources/list',
  'resources/templates/list',
]);

const INSPECTED: ReadonlySet<string> = new Set([...LISTS, 'tools/call', 'resources/read', 'prompts/get']);

/** The command line of the MCP Inspector 2; its `--tool-args-json` keeps the types as they are. */
function inspector({ exchange }: ExchangeDetail, index: JsonIndex, target: CopyTarget): string | null {
  const { method, server } = exchange;
  const option = (name: string, value: string): string =>
    value.startsWith('-') ? asShellWord(`${name}=${value}`) : `${name} ${asShellWord(value)}`;
  const words = [
    `npx @modelcontextprotocol/inspector --cli ${asShellWord(endpoint(target, server))}`,
    '--transport http',
    `--header ${authorization(target)}`,
    `--method ${asShellWord(method)}`,
  ];
  const named = NAMED_BY[method];
  const name = named === undefined ? -1 : memberAt(index, ['params', named]);
  const args = memberAt(index, ['params', 'arguments']);
  if (LISTS.has(method)) return words.join(' \\\n  ');
  if (name === -1 || index.kind(name) !== 'string') return null;
  if (method === 'tools/call') {
    words.push(option('--tool-name', index.string(name)));
    if (args !== -1) words.push(`--tool-args-json ${asShellWord(escapeHidden(index.raw(args)))}`);
  } else if (method === 'resources/read') words.push(option('--uri', index.string(name)));
  else if (method === 'prompts/get') {
    words.push(option('--prompt-name', index.string(name)));
    const given = args !== -1 && index.kind(args) === 'object' ? jsonChildren(index, args) : [];
    for (const child of given)
      words.push(`--prompt-args ${asShellWord(`${index.key(child)}=${index.string(child)}`)}`);
  }
  return words.join(' \\\n  ');
}
