import { HttpLanes } from './http-lanes.ts';
import { eventFrames, type HttpAnswer } from './http-reader.ts';
import type { Wire } from './wire.ts';

export interface HttpEndpoint {
  port: number;
  path: string;
  /** Bearer token, where one is wanted. */
  token?: string;
}

/** A POST of one frame; `extra` are more header lines. */
export function httpPost({ port, path, token }: HttpEndpoint, extra: string, body: string): string {
  const authorization = token === undefined ? '' : `Authorization: Bearer ${token}\r\n`;
  return (
    `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\n` +
    `Accept: application/json, text/event-stream\r\n${authorization}${extra}Content-Length: ${body.length}\r\n\r\n${body}`
  );
}

/** The error an HTTP status stands for; null when it is none. */
export function httpError({ status, body }: HttpAnswer): Error | null {
  return status < 300 ? null : new Error(`HTTP ${status}: ${body.toString('utf8', 0, 300)}`);
}

/** A Streamable HTTP session. */
export function httpWire(endpoint: HttpEndpoint): Wire {
  let session = '';
  let notified: (() => void) | null = null;

  const onAnswer = (_lane: number, answer: HttpAnswer): void => {
    const error = httpError(answer);
    if (error) return wire.onFailure(error);
    const { head, body } = answer;
    if (session === '') {
      const id = /\r\nmcp-session-id: *([^\r\n]+)/.exec(head)?.[1];
      // From the second request on, both headers must be there.
      if (id) session = `Mcp-Session-Id: ${id}\r\nMCP-Protocol-Version: 2025-06-18\r\n`;
    }
    if (notified) {
      const done = notified;
      notified = null;
      return done();
    }
    if (!head.includes('text/event-stream')) return wire.onFrame(body);
    for (const frame of eventFrames(body)) wire.onFrame(frame);
  };

  const lanes = new HttpLanes(endpoint.port, onAnswer, (error) => wire.onFailure(error));
  const wire: Wire = {
    onFrame: () => {},
    onFailure: () => {},
    reserve: (count) => lanes.reserve(count),
    send: (lane, frame) => lanes.send(lane, httpPost(endpoint, session, frame)),
    notify: (frame) =>
      new Promise((resolve) => {
        notified = resolve;
        lanes.send(0, httpPost(endpoint, session, frame));
      }),
    close: () => lanes.close(),
  };
  return wire;
}
