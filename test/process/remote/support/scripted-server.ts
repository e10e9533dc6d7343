import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Message } from './recorded-connection.ts';

/** One request as it came in, its body read. */
export interface Received {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  /** The body as a message; {} where it is none. */
  message: Message;
}

/** A real HTTP server whose answers the test writes by hand, for servers that no SDK would be. */
export interface ScriptedServer {
  url: URL;
  origin: string;
  received: Received[];
  /** The first request, now or later, that matches. */
  next(matches: (received: Received) => boolean): Promise<Received>;
  server: Server;
  sockets: Set<Socket>;
  close(): Promise<void>;
}

export type Script = (received: Received, response: ServerResponse, request: IncomingMessage) => void;

export async function serveScript(script: Script, server: Server = createServer()): Promise<ScriptedServer> {
  const received: Received[] = [];
  const waiting: { matches(received: Received): boolean; resolve(received: Received): void }[] = [];
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts).toString();
      const one: Received = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body,
        message: messageOf(body),
      };
      received.push(one);
      for (const waiter of waiting.filter(({ matches }) => matches(one))) {
        waiting.splice(waiting.indexOf(waiter), 1);
        waiter.resolve(one);
      }
      script(one, response, request);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const isSecure = 'setSecureContext' in server;
  const origin = `${isSecure ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: new URL('/mcp', origin),
    origin,
    received,
    server,
    sockets,
    next(matches) {
      const found = received.find(matches);
      return found ? Promise.resolve(found) : new Promise((resolve) => waiting.push({ matches, resolve }));
    },
    async close() {
      server.closeAllConnections();
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}

function messageOf(body: string): Message {
  try {
    return JSON.parse(body) as Message;
  } catch {
    return {};
  }
}

export function json(
  response: ServerResponse,
  body: unknown,
  status = 200,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

export const result = (id: unknown, value: unknown = {}): unknown => ({ jsonrpc: '2.0', id, result: value });

/** Starts an event stream; its head is on the wire when this returns. */
export function events(response: ServerResponse, headers: Record<string, string> = {}): void {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', ...headers });
  response.flushHeaders();
}

export const event = (message: unknown, id?: string): string =>
  `${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(message)}\n\n`;

/** The part of a well-behaved legacy server that most scripts share: handshake with a session, receipts, no stream. */
export function answerHandshake(
  { method, message }: Received,
  response: ServerResponse,
  session = 'session-1',
): boolean {
  if (method === 'POST' && message.method === 'initialize') {
    json(
      response,
      result(message.id, {
        protocolVersion: '2025-11-25',
        capabilities: {},
        serverInfo: { name: 'scripted', version: '1' },
      }),
      200,
      session === '' ? {} : { 'Mcp-Session-Id': session },
    );
    return true;
  }
  if (method === 'POST' && message.id === undefined) {
    response.writeHead(202).end();
    return true;
  }
  if (method === 'GET' || method === 'DELETE') {
    response.writeHead(405).end();
    return true;
  }
  return false;
}
