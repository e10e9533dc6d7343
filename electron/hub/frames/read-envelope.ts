import { isUtf8 } from 'node:buffer';
import type { Envelope } from '../../../shared/json-rpc/envelope.ts';
import { MESSAGE, SLOT, SLOT_COUNT } from './envelope-keys.ts';
import { decodeString, skipSpace, walkObject } from './envelope-scan.ts';

/** Ids and progress tokens are kept as long as they are open; nobody needs longer ones. */
const MAX_ID_BYTES = 1_024;

const OPEN_BRACE = 0x7b;
const QUOTE = 0x22;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;

/** One frame is read at a time, to the end: the ranges are taken out before the next. */
const found = new Int32Array(SLOT_COUNT);

/**
 * Reads the envelope of one frame in one pass over its bytes, without building its tree: big numbers, duplicate keys
 * and deep nesting stay what they are. Null when the line is not one JSON-RPC message: not UTF-8 (B10), not an
 * object (a batch is none), broken, nested deeper than 128 (C07), a control key twice or in another case (C14), an id
 * that is neither string nor integer (C05), request and response at once (B21). Never throws.
 *
 * What it returns is right for every valid JSON text. It does not check the inside of values it passes over, so it is
 * no validator.
 */
export function readEnvelope(line: Buffer): Envelope | null {
  if (!isUtf8(line)) return null;
  found.fill(0);
  const start = skipSpace(line, 0);
  if (line[start] !== OPEN_BRACE) return null;
  const end = walkObject(line, start, MESSAGE, { found, depth: 1 });
  if (end === -1 || skipSpace(line, end) !== line.length) return null;
  if (textAt(line, SLOT.jsonrpc) !== '2.0') return null;
  const hasResult = found[SLOT.result] !== 0;
  // Some servers write `"error": null` beside a result.
  const hasError = found[SLOT.error] !== 0 && !isNull(line, SLOT.error);
  if (found[SLOT.method] === 0) return readResponse(line, hasResult, hasError);
  return hasResult || hasError ? null : readCall(line);
}

function readCall(line: Buffer): Envelope | null {
  const method = textAt(line, SLOT.method);
  const id = rawId(line, SLOT.id);
  const isNotification = found[SLOT.id] === 0;
  if (method === null || (id === null && !isNotification)) return null;
  return {
    kind: isNotification ? 'notification' : 'request',
    id,
    method,
    target: textAt(line, SLOT.name) ?? textAt(line, SLOT.uri),
    progressToken: rawId(line, isNotification ? SLOT.token : SLOT.metaToken),
    cancelsId: isNotification ? rawId(line, SLOT.requestId) : null,
    error: null,
    isToolError: false,
  };
}

function readResponse(line: Buffer, hasResult: boolean, hasError: boolean): Envelope | null {
  if (!hasResult && !hasError) return null;
  const id = rawId(line, SLOT.id);
  // Only an error may lack its id: the request could not be read.
  if (id === null && (hasResult || (found[SLOT.id] !== 0 && !isNull(line, SLOT.id)))) return null;
  const code = found[SLOT.code] === 0 ? Number.NaN : Number(rawAt(line, SLOT.code));
  return {
    kind: 'response',
    id,
    method: null,
    target: null,
    progressToken: null,
    cancelsId: null,
    error: hasError
      ? { code: Number.isFinite(code) ? code : null, message: textAt(line, SLOT.message) ?? '' }
      : null,
    isToolError: found[SLOT.isError] !== 0 && rawAt(line, SLOT.isError) === 'true',
  };
}

const rawAt = (line: Buffer, slot: number): string => line.toString('utf8', found[slot], found[slot + 1]);

const isNull = (line: Buffer, slot: number): boolean =>
  found[slot + 1]! - found[slot]! === 4 && rawAt(line, slot) === 'null';

/** The text of a string value; null when it is absent or no string. */
function textAt(line: Buffer, slot: number): string | null {
  const start = found[slot]!;
  return start !== 0 && line[start] === QUOTE ? decodeString(line, start, found[slot + 1]!) : null;
}

/** The JSON text of a string or integer; null when it is absent, too long or anything else. */
function rawId(line: Buffer, slot: number): string | null {
  const start = found[slot]!;
  const length = found[slot + 1]! - start;
  if (start === 0 || length > MAX_ID_BYTES) return null;
  const first = line[start]!;
  if (first === QUOTE && decodeString(line, start, start + length) === null) return null;
  if (first !== QUOTE && !isInteger(line, start, start + length)) return null;
  return rawAt(line, slot);
}

/** The scan has seen to it that this is a JSON value: without point and exponent a number is an integer. */
function isInteger(line: Buffer, start: number, end: number): boolean {
  for (let at = line[start] === MINUS ? start + 1 : start; at < end; at += 1) {
    if (line[at]! < ZERO || line[at]! > NINE) return false;
  }
  return true;
}
