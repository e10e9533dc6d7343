import { idOf, laneOf } from './calls.ts';
import { HttpLanes, openSocket } from './http-lanes.ts';
import { eventData, HttpReader } from './http-reader.ts';
import { httpError, httpPost, type HttpEndpoint } from './http-wire.ts';
import { lineReader } from './line-wire.ts';
import type { Wire } from './wire.ts';

/** The greeting is the first thing a server that is ready says; whoever comes too early may never hear it. */
const GREETING_MS = 300;

/**
 * A session over the older HTTP+SSE: answers come on one stream, requests go out on a keep-alive socket a lane. A lane
 * is free when both its POST and its answer are there. `edit` changes requests on their way out.
 */
export async function sseWire(endpoint: HttpEndpoint, edit: (frame: string) => string): Promise<Wire> {
  /** Lanes whose POST is not answered yet, with what waits for that. */
  const posts = new Map<number, (() => void)[]>();
  let isClosed = false;
  let postPath = '';
  const fail = (error: Error): void => {
    if (!isClosed) wire.onFailure(error);
  };
  const lanes = new HttpLanes(
    endpoint.port,
    (lane, answer) => {
      const error = httpError(answer);
      if (error) return fail(error);
      const waiting = posts.get(lane) ?? [];
      posts.delete(lane);
      for (const go of waiting) go();
    },
    fail,
  );
  const send = (lane: number, frame: string, waiting: (() => void)[]): void => {
    posts.set(lane, waiting);
    lanes.send(lane, httpPost({ ...endpoint, path: postPath }, '', edit(frame)));
  };
  const onMessage = (frame: Buffer): void => {
    const id = idOf(frame);
    const post = id === null ? undefined : posts.get(laneOf(id));
    if (post) post.push(() => wire.onFrame(frame));
    else wire.onFrame(frame);
  };
  const wire: Wire = {
    onFrame: () => {},
    onFailure: () => {},
    reserve: (count) => lanes.reserve(count),
    send: (lane, frame) => send(lane, frame, []),
    notify: (frame) => new Promise((resolve) => send(0, frame, [resolve])),
    close() {
      isClosed = true;
      stream.destroy();
      lanes.close();
    },
  };

  const stream = await openSocket(endpoint.port);
  stream.on('error', fail);
  stream.once('close', () => fail(new Error('The server closed the event stream.')));
  postPath = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => {
      wire.close();
      reject(new Error('The event stream said nothing.'));
    }, GREETING_MS);
    const onLine = lineReader((line) => {
      const data = eventData(line);
      if (data === null) return;
      if (postPath !== '') return onMessage(data);
      clearTimeout(timer);
      postPath = data.toString('utf8');
      resolve(postPath);
    });
    const reader = new HttpReader(() => {}, onLine);
    stream.on('data', (chunk: Buffer) => reader.push(chunk));
    stream.write(
      `GET ${endpoint.path} HTTP/1.1\r\nHost: 127.0.0.1:${endpoint.port}\r\nAccept: text/event-stream\r\n\r\n`,
    );
  });
  return wire;
}
