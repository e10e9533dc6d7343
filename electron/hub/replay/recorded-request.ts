import { findJsonFault } from '../../../shared/json-rpc/find-json-fault.ts';
import type { Era } from '../../../shared/json-rpc/envelope.ts';
import { PatchbayError } from '../../../shared/model/error.ts';
import type { ExchangeDetail } from '../../../shared/model/exchange.ts';
import { readEnvelope } from '../frames/read-envelope.ts';
import { REDACTED } from '../traffic/redaction-patterns.ts';

/** A request that can be sent again. */
export interface RecordedRequest {
  method: string;
  /** JSON text of an object, on one line; null for none. */
  params: string | null;
  /** Raw JSON of the id it had. */
  id: string;
  /** `params.name` of tools/call and prompts/get. */
  name: string | null;
  era: Era;
}

/** What belongs to a conversation as a whole, or lasts as long as it: sent alone it means nothing. */
const NOT_ALONE: ReadonlySet<string> = new Set([
  'initialize',
  'subscriptions/listen',
  'resources/subscribe',
  'resources/unsubscribe',
]);
const NAMED: ReadonlySet<string> = new Set(['tools/call', 'prompts/get']);

/**
 * The request of an exchange, with `edited` (JSON text) in place of its params. Throws REPLAY_IMPOSSIBLE with what
 * keeps it from being sent, INPUT_INVALID when `edited` is no JSON object.
 */
export function recordedRequest(detail: ExchangeDetail, edited: string | undefined): RecordedRequest {
  const { exchange, request: body } = detail;
  if (exchange.kind !== 'request' || exchange.direction !== 'client-to-server') {
    throw impossible('Only requests of a client can be sent again.');
  }
  if (NOT_ALONE.has(exchange.method)) {
    throw impossible(`${exchange.method} belongs to the conversation it was part of.`);
  }
  if (edited === undefined) assertSendable(body);
  else {
    assertObject(edited);
    if (body && body.redactions > 0 && edited.includes(REDACTED)) {
      throw impossible(`The params still hold ${REDACTED} where a secret was: put the real value there.`);
    }
  }
  const frame = body && !body.truncated ? Buffer.from(body.text) : null;
  const envelope = frame && readEnvelope(frame);
  if (edited === undefined && !envelope) throw impossible('The recorded request cannot be read.');
  const recorded =
    frame && envelope && envelope.ranges.params !== 0
      ? frame.toString('utf8', envelope.ranges.params, envelope.ranges.paramsEnd)
      : null;
  const params = edited ?? recorded;
  const method = envelope?.method ?? exchange.method;
  const sent = requestFrame({ method, params, id: exchange.rpcId });
  const read = readEnvelope(Buffer.from(sent.text));
  if (!read) throw impossible('The request is not one that the hub passes on.');
  return {
    method,
    params: params === null ? null : onOneLine(params),
    id: sent.id,
    name: NAMED.has(method) ? read.target : null,
    era: (envelope ?? read).protocolVersion === null ? 'legacy' : 'modern',
  };
}

function assertSendable(body: ExchangeDetail['request']): void {
  if (!body) {
    throw impossible('The body of this request was not kept.', 'Send it with params of your own.');
  }
  if (body.truncated) {
    throw impossible(
      `Only a part of this request was kept (it had ${body.bytes} bytes).`,
      'Send it with params of your own, or raise the limit for bodies in the settings.',
    );
  }
  if (body.redactions > 0) {
    throw impossible(
      'A secret was taken out of this request before it was kept.',
      `Edit the params: put the real value where ${REDACTED} stands.`,
    );
  }
}

function assertObject(text: string): void {
  const fault = findJsonFault(text);
  if (fault) {
    const { message, line, column } = fault;
    throw new PatchbayError('INPUT_INVALID', `The params are not JSON: ${message}`, { line, column });
  }
  if (/^\s*\{/.test(text)) return;
  throw new PatchbayError('INPUT_INVALID', 'The params must be a JSON object.', { line: 1, column: 1 });
}

/** The id as it was, so that two answers can be compared; a number of ours where the log only has a likeness of it. */
function requestFrame(parts: { method: string; params: string | null; id: string | null }): {
  text: string;
  id: string;
} {
  const { method, params } = parts;
  const id = parts.id !== null && isId(parts.id) ? parts.id : '1';
  const rest = params === null ? '' : `,"params":${params}`;
  return { text: `{"jsonrpc":"2.0","id":${id},"method":${JSON.stringify(method)}${rest}}`, id };
}

function isId(text: string): boolean {
  if (/^-?\d{1,19}$/.test(text)) return true;
  if (!text.startsWith('"') || findJsonFault(text)) return false;
  return !text.includes(REDACTED);
}

/** Servers read a message per line. Inside a JSON string no line end can stand, so nothing said changes. */
const onOneLine = (json: string): string => json.replaceAll(/[\r\n]+/g, ' ');

const impossible = (message: string, hint?: string): PatchbayError =>
  new PatchbayError('REPLAY_IMPOSSIBLE', message, { hint });
