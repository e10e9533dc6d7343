import { isUtf8 } from 'node:buffer';
import type { Envelope, FrameRanges } from '../../../shared/json-rpc/envelope.ts';
import { MESSAGE, SLOT } from './envelope-keys.ts';
import { found, hasAmbiguousKey, startEnvelope, walkObject } from './envelope-scan.ts';
import { idAt, isText, textAt } from './frame-text.ts';
import { skipSpace } from './scan-json.ts';

const OPEN_BRACE = 0x7b;
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
  startEnvelope();
  const start = skipSpace(line, 0);
  if (line[start] !== OPEN_BRACE) return null;
  const end = walkObject(line, start, MESSAGE, 1);
  if (end === -1 || skipSpace(line, end) !== line.length || hasAmbiguousKey()) return null;
  return envelopeOfFound(line);
}

/** The envelope of the frame whose members `found` tells; null where they make no message. */
export function envelopeOfFound(line: Buffer): Envelope | null {
  if (!isJsonRpc2(line)) return null;
  const hasError = found[SLOT.error] !== 0 && !isWord(line, SLOT.error, 'null');
  // Some servers write `"error": null` beside a result, or `"result": null` beside an error.
  const hasResult = found[SLOT.result] !== 0 && !(hasError && isWord(line, SLOT.result, 'null'));
  if (found[SLOT.method] === 0) return readResponse(line, hasResult, hasError);
  return hasResult || hasError ? null : readCall(line);
}

function readCall(line: Buffer): Envelope | null {
  const method = text(line, SLOT.method);
  const rawId = id(line, SLOT.id);
  const isNotification = found[SLOT.id] === 0;
  if (method === null || (rawId === null && !isNotification)) return null;
  const token = isNotification ? SLOT.token : SLOT.metaToken;
  return {
    kind: isNotification ? 'notification' : 'request',
    id: rawId,
    method,
    target: text(line, SLOT.name) ?? text(line, SLOT.uri),
    progressToken: id(line, token),
    cancelsId: isNotification ? id(line, SLOT.requestId) : null,
    protocolVersion: text(line, SLOT.protocolVersion),
    error: null,
    isToolError: false,
    resultType: null,
    ranges: readRanges(token),
  };
}

function readResponse(line: Buffer, hasResult: boolean, hasError: boolean): Envelope | null {
  // Exactly one of the two (B21).
  if (hasResult === hasError) return null;
  const rawId = id(line, SLOT.id);
  // Only an error may lack its id: the request could not be read.
  if (rawId === null && (hasResult || (found[SLOT.id] !== 0 && !isWord(line, SLOT.id, 'null')))) return null;
  return {
    kind: 'response',
    id: rawId,
    method: null,
    target: null,
    progressToken: null,
    cancelsId: null,
    protocolVersion: null,
    error: hasError ? readError(line) : null,
    isToolError: isWord(line, SLOT.isError, 'true'),
    resultType: text(line, SLOT.resultType),
    ranges: readRanges(SLOT.token),
  };
}

function readError(line: Buffer): { code: number | null; message: string } {
  const raw = line.toString('latin1', found[SLOT.code], found[SLOT.code + 1]);
  const code = raw === '' ? Number.NaN : Number(raw);
  return { code: Number.isFinite(code) ? code : null, message: text(line, SLOT.message) ?? '' };
}

function readRanges(token: number): FrameRanges {
  return {
    id: found[SLOT.id]!,
    idEnd: found[SLOT.id + 1]!,
    method: found[SLOT.method]!,
    methodEnd: found[SLOT.method + 1]!,
    params: found[SLOT.params]!,
    paramsEnd: found[SLOT.params + 1]!,
    name: found[SLOT.name]!,
    nameEnd: found[SLOT.name + 1]!,
    uri: found[SLOT.uri]!,
    uriEnd: found[SLOT.uri + 1]!,
    meta: found[SLOT.meta]!,
    metaEnd: found[SLOT.meta + 1]!,
    token: found[token]!,
    tokenEnd: found[token + 1]!,
    requestId: found[SLOT.requestId]!,
    requestIdEnd: found[SLOT.requestId + 1]!,
    result: found[SLOT.result]!,
    resultEnd: found[SLOT.result + 1]!,
    error: found[SLOT.error]!,
    errorEnd: found[SLOT.error + 1]!,
  };
}

const text = (line: Buffer, slot: number): string | null => textAt(line, found[slot]!, found[slot + 1]!);

const id = (line: Buffer, slot: number): string | null => idAt(line, found[slot]!, found[slot + 1]!);

const isWord = (line: Buffer, slot: number, word: string): boolean =>
  isText(line, found[slot]!, found[slot + 1]!, word);

/** Escapes in it are legal JSON, and nobody's. */
const isJsonRpc2 = (line: Buffer): boolean =>
  isWord(line, SLOT.jsonrpc, '"2.0"') || text(line, SLOT.jsonrpc) === '2.0';
