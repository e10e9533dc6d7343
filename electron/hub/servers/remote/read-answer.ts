import type { IncomingMessage } from 'node:http';
import { readEnvelope } from '../../frames/read-envelope.ts';
import { isBatch, splitBatch } from '../../frames/split-batch.ts';
import { MAX_FRAME_BYTES } from '../../frames/split-lines.ts';
import { createSseParser, type SseParser } from './sse-parser.ts';

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;

export interface AnswerSink {
  /** One message on one line. `bytes` may be a view that is good during the call only. */
  frame(bytes: Buffer): void;
  oversized(bytes: number): void;
  /** Nothing follows. `isWhole`: it ended as HTTP says, not by a cut connection. */
  end(isWhole: boolean): void;
}

/** An event stream with a handler for events that are no messages. */
export interface EventSink extends AnswerSink {
  other?(type: string, data: Buffer): void;
  /** Bytes came in, be they only a comment to keep the connection open. */
  alive?(): void;
}

/** Kind of a response's body by its content type. */
export function bodyKind({ headers }: IncomingMessage): 'json' | 'events' | 'none' | 'other' {
  const type = headers['content-type']?.split(';')[0]!.trim().toLowerCase();
  // We ask for no encoding, so one that is there anyway is some box's in between, which cannot be trusted.
  if ((headers['content-encoding'] ?? 'identity') !== 'identity') return 'other';
  if (type === 'text/event-stream') return 'events';
  if (type === 'application/json' || type?.endsWith('+json')) return 'json';
  return type === undefined ? 'none' : 'other';
}

/** Reads a stream of events, each a message. What is cut off in mid-event never comes out (B29). */
export function readEvents(response: IncomingMessage, sink: EventSink): SseParser {
  const parser = createSseParser({
    event(data, type) {
      if (type === 'message') sink.frame(onOneLine(data));
      else sink.other?.(type, data);
    },
    oversized: sink.oversized,
  });
  response.on('data', (chunk: Buffer) => {
    parser.push(chunk);
    sink.alive?.();
  });
  onEnd(response, sink.end);
  return parser;
}

/** Reads one JSON body: a message, or the batch that revision 2025-03-26 allows. Above the limit it is cut off. */
export function readJson(
  response: IncomingMessage,
  sink: AnswerSink,
  maxBytes: number = MAX_FRAME_BYTES,
): void {
  let parts: Buffer[] = [];
  let size = 0;
  const expected = Number(response.headers['content-length'] ?? 0);
  const passOver = (): void => {
    parts = [];
    sink.oversized(Math.max(size, expected));
    response.destroy();
  };
  if (expected > maxBytes) {
    // Not from within the handler of the response: its stream must be told of first.
    process.nextTick(passOver);
  } else {
    response.on('data', (chunk: Buffer) => {
      if (size > maxBytes) return;
      size += chunk.length;
      if (size > maxBytes) return passOver();
      parts.push(chunk);
    });
  }
  onEnd(response, (isWhole) => {
    if (isWhole && size > 0) eachMessage(parts.length === 1 ? parts[0]! : Buffer.concat(parts, size), sink);
    sink.end(isWhole);
  });
}

/** The start of a body as text, for telling what went wrong; never more than `maxBytes` are read. */
export function readStart(response: IncomingMessage, maxBytes: number, done: (body: Buffer) => void): void {
  const parts: Buffer[] = [];
  let size = 0;
  response.on('data', (chunk: Buffer) => {
    parts.push(chunk);
    size += chunk.length;
    if (size > maxBytes) response.destroy();
  });
  onEnd(response, () => done(Buffer.concat(parts).subarray(0, maxBytes)));
}

function eachMessage(body: Buffer, sink: AnswerSink): void {
  const line = onOneLine(body);
  const messages = isBatch(line) ? splitBatch(line) : [];
  if (typeof messages === 'string' || messages.length === 0) return sink.frame(line);
  for (const { start, end } of messages) sink.frame(line.subarray(start, end));
}

/** `close` comes also where `end` does not; after a cut there may be an `error` too, which says nothing more. */
function onEnd(response: IncomingMessage, end: (isWhole: boolean) => void): void {
  let isTold = false;
  const tell = (isWhole: boolean): void => {
    if (isTold) return;
    isTold = true;
    end(isWhole);
  };
  response.once('end', () => tell(response.complete));
  response.once('close', () => tell(false));
}

/**
 * A frame is a line. In JSON a line end can only stand between tokens, where a space does as well; the bytes are our
 * own, so they are changed in place.
 */
function onOneLine(bytes: Buffer): Buffer {
  if (bytes.indexOf(LF) === -1 && bytes.indexOf(CR) === -1) return bytes;
  for (let index = 0; index < bytes.length; index += 1) {
    if (bytes[index] === LF || bytes[index] === CR) bytes[index] = SPACE;
  }
  return bytes;
}

/** How the answers of the SDKs begin; `id` may be of any length. */
const ANSWER = /^\{"(?:jsonrpc":"2\.0","id":\d+,"(?:result|error)|result|error)":/;
const CALL = /^\{"(?:jsonrpc":"2\.0","(?:id":(?:\d+|"[^"\\]*"),")?method|method)":/;

/**
 * Whether a message answers a request, so that nothing more is to come on its stream. The usual spellings are told by
 * their first bytes: reading a large result through would double what its way through the hub costs.
 */
export function isAnswer(frame: Buffer): boolean {
  const start = frame.toString('latin1', 0, 64);
  if (ANSWER.test(start)) return true;
  return !CALL.test(start) && readEnvelope(frame)?.kind === 'response';
}
