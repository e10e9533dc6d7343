import { mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import path from 'node:path';
import { startHub, type RunningHub } from '../../support/hub.ts';
import { fixtureServer } from '../../support/shim.ts';
import type { TemporaryHome } from '../../support/temporary-home.ts';

const server = (name: string, more: object = {}): object => ({
  command: process.execPath,
  args: [fixtureServer(name)],
  ...more,
});

/** A hub with servers of its sessions' own, shared ones, and one that works on a single call at a time. */
export function startClientsHub(home: TemporaryHome, args: readonly string[] = []): Promise<RunningHub> {
  mkdirSync(home.dataDir, { recursive: true, mode: 0o700 });
  const mcpServers = {
    own: server('echo-server'),
    shared: server('echo-server', { isolation: 'shared' }),
    narrow: server('echo-server', { isolation: 'shared', concurrency: 1 }),
    raw: server('raw-frames'),
  };
  writeFileSync(path.join(home.dataDir, 'mcp-servers.json'), JSON.stringify({ mcpServers }));
  return startHub(home, { args });
}

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
  /** The body as JSON; of an event stream the last event's message. */
  json(): { id?: unknown; result?: unknown; error?: { code: number; message: string; data?: unknown } };
}

export interface Post {
  path?: string;
  method?: string;
  headers?: Record<string, string>;
  body?: string | object;
  /** Ends the request when it fires, as a client that goes away. */
  signal?: AbortSignal;
}

export interface StartedAnswer {
  status: number;
  headers: Answer['headers'];
  /** Resolves with the body so far when it fits; rejects when it ends before. */
  until(fits: (text: string) => boolean): Promise<string>;
  /** Resolves with the body when it is over, complete or not. */
  ended: Promise<string>;
}

/** One HTTP request to the hub, with its token; resolves with the head of the answer. */
export function startPost(hub: RunningHub, options: Post): Promise<StartedAnswer> {
  const { path: target = '/servers/shared/mcp', method = 'POST', headers = {}, body, signal } = options;
  return new Promise((resolve, reject) => {
    const sent = request(
      new URL(target, hub.url),
      {
        method,
        signal,
        headers: {
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          authorization: `Bearer ${hub.token}`,
          ...headers,
        },
      },
      (response) => {
        const decoder = new TextDecoder();
        let text = '';
        const watched = watchText();
        response.on('data', (chunk: Buffer) =>
          watched.changed((text += decoder.decode(chunk, { stream: true }))),
        );
        // One that is cut is told by its end.
        response.once('error', () => {});
        response.once('close', () => watched.over(text));
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          until: watched.until,
          ended: watched.ended,
        });
      },
    );
    sent.once('error', reject);
    sent.end(typeof body === 'object' ? JSON.stringify(body) : body);
  });
}

/** `startPost`, with the whole answer. */
export async function post(hub: RunningHub, options: Post): Promise<Answer> {
  const { status, headers, ended } = await startPost(hub, options);
  const body = await ended;
  return {
    status,
    headers,
    body,
    json: () => JSON.parse(/^[[{]/.test(body) ? body : lastEvent(body)) as ReturnType<Answer['json']>,
  };
}

interface WatchedText {
  changed(text: string): void;
  over(text: string): void;
  until(fits: (text: string) => boolean): Promise<string>;
  ended: Promise<string>;
}

/** Lets several wait for what a text that grows will hold. */
function watchText(): WatchedText {
  let text = '';
  let isOver = false;
  let end = (_all: string): void => {};
  const ended = new Promise<string>((resolve) => (end = resolve));
  const waiting = new Set<() => void>();
  const wake = (): void => {
    for (const look of waiting) look();
  };
  return {
    ended,
    changed(now) {
      text = now;
      wake();
    },
    over(all) {
      text = all;
      isOver = true;
      wake();
      end(all);
    },
    until: (fits) =>
      new Promise((found, lost) => {
        const look = (): void => {
          if (!fits(text) && !isOver) return;
          waiting.delete(look);
          if (fits(text)) found(text);
          else lost(new Error(`It ended after: ${text.slice(0, 2_000)}`));
        };
        waiting.add(look);
        look();
      }),
  };
}

const lastEvent = (text: string): string => /data: (.+)\n\n$/.exec(text)?.[1] ?? 'null';

export const rpc = (id: number | string, method: string, params: object = {}): object => ({
  jsonrpc: '2.0',
  id,
  method,
  params,
});

export const toolCall = (id: number | string, name: string, args: object = {}): object =>
  rpc(id, 'tools/call', { name, arguments: args });

const MODERN = '2026-07-28';

/** A tool call of 2026-07-28, with headers that agree. */
export const modernCall = (
  id: number | string,
  name: string,
  args: object = {},
  meta: object = {},
): Post => ({
  headers: { 'mcp-protocol-version': MODERN, 'mcp-method': 'tools/call', 'mcp-name': name },
  body: rpc(id, 'tools/call', {
    name,
    arguments: args,
    _meta: {
      ...meta,
      'io.modelcontextprotocol/protocolVersion': MODERN,
      'io.modelcontextprotocol/clientCapabilities': {},
    },
  }),
});

/** Shakes hands on an endpoint; gives what every later request needs. */
export async function openSession(
  hub: RunningHub,
  target = '/servers/shared/mcp',
  version = '2025-11-25',
): Promise<{ path: string; headers: Record<string, string> }> {
  const params = { protocolVersion: version, capabilities: {}, clientInfo: { name: 'faulty', version: '1' } };
  const answer = await post(hub, { path: target, body: rpc(0, 'initialize', params) });
  const id = answer.headers['mcp-session-id'];
  if (typeof id !== 'string') throw new Error(`No session: ${answer.status} ${answer.body}`);
  const session = { path: target, headers: { 'mcp-session-id': id, 'mcp-protocol-version': version } };
  await post(hub, { ...session, body: { jsonrpc: '2.0', method: 'notifications/initialized' } });
  return session;
}

/** Text of a tool's first content. Throws when the answer is none. */
export function textOf({ status, json, body }: Answer): string {
  const { result } = json();
  const content = (result as { content?: { text: string }[] } | undefined)?.content;
  if (!content) throw new Error(`No result: ${status} ${body}`);
  return content[0]!.text;
}

/** Throws unless a new client gets a right answer: the hub lives, and what others did has not touched it. */
export async function expectHealthy(hub: RunningHub): Promise<void> {
  const session = await openSession(hub);
  const answer = await post(hub, { ...session, body: toolCall(1, 'add', { a: 2, b: 3 }) });
  if (textOf(answer) !== '5') throw new Error(answer.body);
  await post(hub, { ...session, method: 'DELETE' });
}

export interface RawConnection {
  socket: Socket;
  /** Resolves with all that came when it fits; rejects when the connection ends before. */
  until(fits: (text: string) => boolean): Promise<string>;
  /** Resolves with all that came when the hub has closed it. */
  closed: Promise<string>;
}

/** A TCP connection to the hub, for what no HTTP client would send. */
export function openRaw(hub: RunningHub, host = '127.0.0.1'): Promise<RawConnection> {
  const socket = connect({ port: hub.port, host });
  const watched = watchText();
  let text = '';
  socket.on('data', (chunk: Buffer) => watched.changed((text += chunk.toString('latin1'))));
  socket.on('error', () => {});
  socket.once('close', () => watched.over(text));
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('connect', () => resolve({ socket, until: watched.until, closed: watched.ended }));
  });
}

/** Head lines that every good request has. */
export const head = (hub: RunningHub, line: string, more: readonly string[] = []): string =>
  [line, `Host: 127.0.0.1:${hub.port}`, `Authorization: Bearer ${hub.token}`, ...more].join('\r\n');
