import { silentLogger, type Logger } from '../../../../electron/hub/log.ts';
import { createHttpClient } from '../../../../electron/hub/servers/remote/http-client.ts';
import type { Authorizer, Link } from '../../../../electron/hub/servers/remote/link.ts';
import { openRemote } from '../../../../electron/hub/servers/remote/remote-connection.ts';
import { proxyRules } from '../../../../electron/hub/servers/remote/proxy.ts';
import type { RemoteTransport } from '../../../../electron/hub/servers/remote/remote-target.ts';
import { createSuspension } from '../../../../electron/hub/servers/remote/suspension.ts';
import type {
  ConnectionEnd,
  ConnectionEvents,
  ConnectionFailure,
  OutboundFrame,
  ServerConnection,
} from '../../../../electron/hub/servers/server-connection.ts';

/** What a connection has told, in its order. */
export type Told =
  | { kind: 'frame'; message: Message; request: number | null; text: string }
  | { kind: 'oversized'; bytes: number; request: number | null }
  | { kind: 'failed'; request: number; failure: ConnectionFailure }
  | { kind: 'closed'; end: ConnectionEnd };

export interface Message {
  id?: unknown;
  method?: string;
  params?: Record<string, unknown>;
  result?: Record<string, unknown>;
  error?: { code: number; message: string; data?: unknown };
}

export interface Recorder {
  events: ConnectionEvents;
  told: Told[];
  /** The first thing told, now or later, that matches. */
  next(matches: (told: Told) => boolean): Promise<Told>;
  /** Resolves with the answer frame or the failure of a request. */
  outcome(request: number): Promise<Told>;
  answer(request: number): Promise<Message>;
  failure(request: number): Promise<ConnectionFailure>;
  closed(): Promise<ConnectionEnd>;
}

/** Events that are kept, and promises for those to come: no test has to wait for a time. */
export function recordEvents(): Recorder {
  const told: Told[] = [];
  const waiting: { matches(told: Told): boolean; resolve(told: Told): void }[] = [];
  const tell = (event: Told): void => {
    told.push(event);
    for (const waiter of waiting.filter(({ matches }) => matches(event))) {
      waiting.splice(waiting.indexOf(waiter), 1);
      waiter.resolve(event);
    }
  };
  const next: Recorder['next'] = (matches) => {
    const found = told.find(matches);
    return found ? Promise.resolve(found) : new Promise((resolve) => waiting.push({ matches, resolve }));
  };
  const outcome = (request: number): Promise<Told> =>
    next(
      (event) =>
        (event.kind === 'frame' && event.message.id === request && event.message.method === undefined) ||
        ((event.kind === 'failed' || event.kind === 'oversized') && event.request === request),
    );
  return {
    told,
    next,
    outcome,
    events: {
      frame(bytes, request) {
        const text = bytes.toString();
        tell({ kind: 'frame', message: JSON.parse(text) as Message, request, text });
      },
      oversized: (bytes, request) => tell({ kind: 'oversized', bytes, request }),
      failed: (request, failure) => tell({ kind: 'failed', request, failure }),
      closed: (end) => tell({ kind: 'closed', end }),
    },
    async answer(request) {
      const event = await outcome(request);
      if (event.kind !== 'frame') throw new Error(`No answer: ${JSON.stringify(event)}`);
      return event.message;
    },
    async failure(request) {
      const event = await outcome(request);
      if (event.kind !== 'failed') throw new Error(`No failure: ${JSON.stringify(event)}`);
      return event.failure;
    },
    async closed() {
      const event = await next(({ kind }) => kind === 'closed');
      return (event as Extract<Told, { kind: 'closed' }>).end;
    },
  };
}

export const LEGACY = '2025-11-25';
export const MODERN = '2026-07-28';

export interface TestConnection extends Recorder {
  connection: ServerConnection;
  /** Sends a request; `_meta` of the modern era is added where the version asks for it. */
  request(id: number, method: string, params?: Record<string, unknown>, about?: Partial<OutboundFrame>): void;
  notify(method: string, params?: Record<string, unknown>, about?: Partial<OutboundFrame>): void;
  /** The handshake as the mux does it; resolves with the server's answer. */
  handshake(): Promise<Message>;
  link: Link;
  dispose(): Promise<void>;
}

export interface TestConnectionOptions {
  url: string | URL;
  transport?: RemoteTransport;
  headers?: Record<string, string>;
  authorizer?: Authorizer;
  version?: string | null;
  now?: () => number;
  env?: Record<string, string>;
  logger?: Logger;
}

export const noAuthorizer: Authorizer = {
  refusal: null,
  header: null,
  renew: () => Promise.resolve(false),
  giveUp: () => 'Not logged in.',
  needMore: () => 'Not allowed.',
};

/** A connection to `url` with its own client, as remote-servers.ts makes them. */
export async function connectTo(options: TestConnectionOptions): Promise<TestConnection> {
  const recorder = recordEvents();
  const client = createHttpClient((kind) => kind !== 'special', proxyRules(options.env ?? {}));
  const link: Link = {
    server: 'upstream',
    url: new URL(options.url),
    headers: options.headers ?? {},
    client,
    authorizer: options.authorizer ?? noAuthorizer,
    suspension: createSuspension(options.now ?? Date.now, () => {}),
    logger: options.logger ?? silentLogger,
  };
  const connection = await openRemote(
    { link, transport: options.transport ?? 'http' },
    recorder.events,
  ).catch((error: unknown) => {
    client.close();
    throw error;
  });
  const version = options.version === undefined ? LEGACY : options.version;
  const send = (message: Message, about: Partial<OutboundFrame>): void => {
    const params = message.params;
    const target = params?.name ?? params?.uri;
    connection.send(Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message })), {
      request: typeof message.id === 'number' ? message.id : null,
      method: message.method ?? null,
      target: typeof target === 'string' ? target : null,
      protocolVersion: message.method === 'initialize' ? null : version,
      parameterHeaders: null,
      ...about,
    });
  };
  const meta = {
    'io.modelcontextprotocol/protocolVersion': version,
    'io.modelcontextprotocol/clientCapabilities': {},
    'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
  };
  const paramsOf = (params: Record<string, unknown>): Record<string, unknown> =>
    version === MODERN ? { ...params, _meta: { ...meta, ...(params._meta as object | undefined) } } : params;
  return {
    ...recorder,
    connection,
    link,
    request: (id, method, params = {}, about = {}) => send({ id, method, params: paramsOf(params) }, about),
    notify: (method, params = {}, about = {}) => send({ method, params }, about),
    async handshake() {
      send(
        {
          id: 0,
          method: 'initialize',
          params: { protocolVersion: LEGACY, capabilities: {}, clientInfo: { name: 'test', version: '1' } },
        },
        {},
      );
      const answer = await recorder.answer(0);
      send({ method: 'notifications/initialized' }, {});
      return answer;
    },
    async dispose() {
      await connection.close();
      client.close();
    },
  };
}
