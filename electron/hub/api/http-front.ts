import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { RPC_SUBPROTOCOL } from '../../../shared/contract/desktop-bridge.ts';
import { PatchbayError } from '../../../shared/model/error.ts';
import { MAX_FRAME_BYTES } from '../frames/split-lines.ts';
import { createPathReader } from '../sessions/http-path.ts';
import type { HttpTransports } from '../sessions/transports.ts';
import { MCP_SUBPROTOCOL } from '../sessions/websocket-session.ts';
import type { Health } from './health.ts';
import { createHttpGuard, type HttpGuard } from './http-guard.ts';
import type { Metrics } from './metrics.ts';
import { describePortOwner } from './port-owner.ts';
import type { RestApi } from './rest-api.ts';
import { portOverWebSocket, type ApiPort } from './socket-port.ts';
import { serveStatic } from './static-files.ts';

const MAX_API_MESSAGE = 32 * 1024 * 1024;
/** Slow heads and bodies end here (C03, C21); Node looks every `TIMEOUT_CHECK_MS`. */
const HEADERS_MS = 10_000;
const REQUEST_MS = 30_000;
const TIMEOUT_CHECK_MS = 2_000;
/** Longer than the minute that clients keep an idle connection: the side that reuses it must not meet our close. */
const KEEP_ALIVE_MS = 75_000;
/**
 * The kernel asks a silent peer after this long, then ten times a second apart: one that vanished is found before the
 * next keep-alive comment would sit in its send queue, where it would hide the silence for a quarter of an hour (C02).
 */
const PROBE_AFTER_MS = 4_000;
const MAX_CONNECTIONS = 8_192;

export interface HttpFrontOptions {
  /** 0: any free port, for tests and the demo. */
  port: number;
  token: string;
  /** Who owns the token. */
  user: string;
  /** Folder of the built UI. */
  ui: string;
  mcp: HttpTransports;
  connectApi(port: ApiPort): void;
  /** `/api/…`; 404 without. */
  rest?: RestApi;
  /** `/health` in full and `/health/sessions`; without, `/health` says that we live. */
  health?: Health;
  /** `/metrics`; 404 without. */
  metrics?: Metrics;
}

export interface HttpFront {
  port: number;
  url: string;
  close(): Promise<void>;
}

/**
 * The hub on loopback HTTP: the UI, its API, and the MCP endpoints. It is powerful (it can start programs), so: bound
 * to loopback, Host and Origin exact, token on everything but the UI's own files and a bare `/health`, no CORS headers.
 */
export async function openHttpFront(options: HttpFrontOptions): Promise<HttpFront> {
  const apiSockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_API_MESSAGE,
    handleProtocols: (offered) => (offered.has(RPC_SUBPROTOCOL) ? RPC_SUBPROTOCOL : false),
  });
  const mcpSockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME_BYTES,
    handleProtocols: (offered) => (offered.has(MCP_SUBPROTOCOL) ? MCP_SUBPROTOCOL : false),
  });
  const readPath = createPathReader();

  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    if (!guard.isHostAllowed(request) || !guard.isOriginAllowed(request)) {
      return refuse(response, 403, 'FORBIDDEN');
    }
    // Without chunks an answer of unknown length cannot be told from one that was cut (C15).
    if (request.httpVersion === '1.0') return refuse(response, 400, 'USAGE');
    const path = readPath(request.url ?? '/');
    if (!('label' in path)) {
      serveOther({ request, response, hasToken: guard.hasBearer(request) }, path, options).catch(() =>
        response.destroy(),
      );
    } else if (!guard.hasBearer(request)) refuse(response, 401, 'UNAUTHORIZED');
    else options.mcp.handle(request, response, path, options.user);
  };
  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on('error', () => socket.destroy());
    const { kind } = readPath(request.url ?? '/');
    const refusal = refuseUpgrade(request, guard, kind);
    if (refusal) {
      return void socket.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    }
    const sockets = kind === 'rpc' ? apiSockets : mcpSockets;
    sockets.handleUpgrade(request, socket, head, (websocket) => {
      websocket.on('error', () => websocket.terminate());
      if (kind === 'rpc') options.connectApi(portOverWebSocket(websocket));
      else options.mcp.webSocket(websocket, request, options.user);
    });
  };

  const create = (): Server => {
    const server = createServer(
      {
        headersTimeout: HEADERS_MS,
        requestTimeout: REQUEST_MS,
        connectionsCheckingInterval: TIMEOUT_CHECK_MS,
        keepAliveTimeout: KEEP_ALIVE_MS,
        keepAlive: true,
        keepAliveInitialDelay: PROBE_AFTER_MS,
        noDelay: true,
        maxHeaderSize: 64 * 1024,
      },
      onRequest,
    );
    server.maxConnections = MAX_CONNECTIONS;
    server.on('upgrade', onUpgrade);
    return server;
  };
  const servers = [create()];
  const port = await listen(servers[0]!, options.port, '127.0.0.1');
  // Made before the event loop turns again: no request comes earlier.
  const guard = createHttpGuard(port, options.token);
  // `localhost` may mean ::1 first; without IPv6 on the machine there is nothing to bind (D18).
  const six = create();
  await listen(six, port, '::1').then(
    () => servers.push(six),
    () => six.close(),
  );

  return {
    port,
    url: `http://127.0.0.1:${port}/`,
    async close() {
      for (const sockets of [apiSockets, mcpSockets]) {
        for (const client of sockets.clients) client.terminate();
      }
      await Promise.all(
        servers.map((server) => {
          const closed = new Promise<void>((resolve) => server.close(() => resolve()));
          server.closeAllConnections();
          return closed;
        }),
      );
    },
  };
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE') return reject(error);
      const owner = describePortOwner(port);
      reject(
        new PatchbayError('PORT_TAKEN', `Port ${port} is taken${owner ? ` by ${owner}` : ''}.`, {
          hint: 'End that program, or choose another port: patchbay serve --port N. Patchbay never moves to another port by itself.',
        }),
      );
    });
    server.listen({ port, host, exclusive: true }, () => resolve((server.address() as AddressInfo).port));
  });
}

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  hasToken: boolean;
}

type OtherPath = Exclude<ReturnType<ReturnType<typeof createPathReader>>, { label: string }>;

/** Everything but MCP. */
async function serveOther(exchange: Exchange, path: OtherPath, options: HttpFrontOptions): Promise<void> {
  const { request, response, hasToken } = exchange;
  const { health, metrics, rest } = options;
  switch (path.kind) {
    case 'health':
      return say(response, 200, health?.report(hasToken) ?? { status: 'ok' });
    case 'health-sessions':
      if (!hasToken) return refuse(response, 401, 'UNAUTHORIZED');
      if (health) return say(response, 200, health.sessions());
      break;
    case 'metrics':
      if (!hasToken) return refuse(response, 401, 'UNAUTHORIZED');
      if (metrics) {
        const { contentType, text } = await metrics.scrape();
        return void response
          .writeHead(200, { 'content-type': contentType, 'cache-control': 'no-store' })
          .end(text);
      }
      break;
    case 'rest':
      if (!hasToken) return refuse(response, 401, 'UNAUTHORIZED');
      if (await rest?.handle(request, response)) return;
      break;
    case 'malformed':
      return refuse(response, 400, 'USAGE');
    case 'file':
      if (request.method !== 'GET' && request.method !== 'HEAD') break;
      if (await serveStatic(response, options.ui, path.path, request.method === 'HEAD')) return;
      break;
    case 'rpc':
      break;
  }
  refuse(response, 404, 'NOT_FOUND');
}

function refuseUpgrade(request: IncomingMessage, guard: HttpGuard, kind: string): string | null {
  if (!guard.isHostAllowed(request)) return '403 Forbidden';
  // Every browser sends Origin with a WebSocket: one that is missing is no browser, one that differs is an attack (E06).
  if (!guard.isOriginAllowed(request)) return '403 Forbidden';
  if (kind === 'rpc') return guard.hasBearerProtocol(request) ? null : '401 Unauthorized';
  if (kind !== 'websocket') return '404 Not Found';
  return guard.hasBearer(request) || guard.hasBearerProtocol(request) ? null : '401 Unauthorized';
}

function say(response: ServerResponse, status: number, body: unknown): void {
  response
    .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    .end(JSON.stringify(body));
}

const refuse = (response: ServerResponse, status: number, code: string): void =>
  say(response, status, { error: code });
