import type { ServerResponse } from 'node:http';
import { isTooSlow } from './slow-reader.ts';

/** Up to here one string in one write is faster than head and frame side by side. */
const SMALL_FRAME_BYTES = 16 * 1024;
/** When a client whose stream broke should come back. */
const RETRY_MS = 1_000;

const STREAM_HEADERS = [
  'Content-Type',
  'text/event-stream',
  'Cache-Control',
  'no-cache, no-transform',
  // Proxies of the nginx family would hold events back.
  'X-Accel-Buffering',
  'no',
] as const;

/** True while something can still be said on it. */
export const isOpen = (response: ServerResponse): boolean => !response.writableEnded && !response.destroyed;

/** Starts a stream of events; `headers` are more names and values, in turn. */
export function startEvents(response: ServerResponse, headers: readonly string[] = []): void {
  response.writeHead(200, [...STREAM_HEADERS, ...headers]);
  response.flushHeaders();
}

/** An event without a message: from here on the client can resume, and knows how soon it should (2025-11-25). */
export function primeEvents(response: ServerResponse, id: string): void {
  response.write(`id: ${id}\nretry: ${RETRY_MS}\ndata: \n\n`, 'latin1');
}

/**
 * Says one frame as one event, with `last` as the last one. False when the reader was too far behind and its
 * connection is closed now.
 */
export function writeEvent(
  response: ServerResponse,
  frame: Buffer,
  { id, last = false, isAnswer = last }: { id?: string; last?: boolean; isAnswer?: boolean } = {},
): boolean {
  if (isTooSlow(response, response.writableLength, isAnswer)) {
    response.destroy();
    return false;
  }
  const head = id === undefined ? 'event: message\ndata: ' : `event: message\nid: ${id}\ndata: `;
  if (frame.length <= SMALL_FRAME_BYTES) {
    // Latin-1 both ways leaves every byte as it is.
    const event = `${head}${frame.toString('latin1')}\n\n`;
    if (last) response.end(event, 'latin1');
    else response.write(event, 'latin1');
    return true;
  }
  response.cork();
  response.write(head, 'latin1');
  response.write(frame);
  if (last) response.end('\n\n', 'latin1');
  else response.write('\n\n', 'latin1');
  response.uncork();
  return true;
}

export function writeComment(response: ServerResponse): void {
  response.write(': alive\n\n', 'latin1');
}

/** One JSON answer, headers and body in one write. */
export function writeJson(
  response: ServerResponse,
  frame: Buffer,
  { status = 200, headers = [] }: { status?: number; headers?: readonly string[] } = {},
): void {
  response.writeHead(status, [
    'Content-Type',
    'application/json',
    'Content-Length',
    String(frame.length),
    ...headers,
  ]);
  if (frame.length <= SMALL_FRAME_BYTES) response.end(frame.toString('latin1'), 'latin1');
  else response.end(frame);
}
