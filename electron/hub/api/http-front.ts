import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { RPC_SUBPROTOCOL } from '../../../shared/contract/desktop-bridge.ts';
import { PatchbayError } from '../../../shared/model/error.ts';
import type { StreamableHttp } from '../sessions/streamable-http.ts';
import { createHttpGuard, type HttpGuard } from './http-guard.ts';
import { describePortOwner } from './port-owner.ts';
import { portOverWebSocket, type ApiPort } from './socket-port.ts';
import { serveStatic } from './static-files.ts';

const MAX_WEBSOCKET_MESSAGE = 32 * 1024 * 1024;

export interface HttpFrontOptions {
  /** 0: any free port, for tests and the demo. */
  port: number;
  token: string;
  /** Folder of the built UI. */
  ui: string;
  mcp: StreamableHttp;
  connectApi(port: ApiPort): void;
}

export interface HttpFront {
  port: number;
  url: string;
  close(): Promise<void>;
}

/**
 * The hub on loopback HTTP: the UI, its API over a WebSocket, and the MCP endpoints. It is powerful (it can start
 * programs), so: bound to loopback, Host and Origin exact, token on everything but the UI's own files and `/health`,
 * no CORS headers.
 */
export async function openHttpFront(options: HttpFrontOptions): Promise<HttpFront> {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_WEBSOCKET_MESSAGE,
    handleProtocols: (offered) => (offered.has(RPC_SUBPROTOCOL) ? RPC_SUBPROTOCOL : false),
  });
  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    route(request, response, guard, options).catch(() => response.destroy());
  };
  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on('error', () => socket.destroy());
    const refusal = refuseUpgrade(request, guard);
    if (refusal)
      return void socket.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    sockets.handleUpgrade(request, socket, head, (websocket) => {
      websocket.on('error', () => websocket.terminate());
      options.connectApi(portOverWebSocket(websocket));
    });
  };

  const create = (): Server => {
    const server = createServer(
      { headersTimeout: 10_000, requestTimeout: 60_000, maxHeaderSize: 64 * 1024 },
      onRequest,
    );
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
      for (const client of sockets.clients) client.terminate();
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

async function route(
  request: IncomingMessage,
  response: ServerResponse,
  guard: HttpGuard,
  options: HttpFrontOptions,
): Promise<void> {
  if (!guard.isHostAllowed(request) || !guard.isOriginAllowed(request))
    return refuse(response, 403, 'FORBIDDEN');
  const { pathname } = new URL(request.url ?? '/', 'http://hub');
  if (pathname === '/health') return say(response, 200, { status: 'ok' });
  const endpoint = /^\/servers\/([^/]+)\/mcp$/.exec(pathname);
  if (endpoint) {
    if (!guard.hasBearer(request)) return refuse(response, 401, 'UNAUTHORIZED');
    const server = decodeName(endpoint[1]!);
    if (server === null) return refuse(response, 400, 'USAGE');
    return options.mcp.handle(request, response, server);
  }
  if (request.method === 'GET' || request.method === 'HEAD') {
    if (await serveStatic(response, options.ui, pathname, request.method === 'HEAD')) return;
  }
  refuse(response, 404, 'NOT_FOUND');
}

function refuseUpgrade(request: IncomingMessage, guard: HttpGuard): string | null {
  if (!guard.isHostAllowed(request)) return '403 Forbidden';
  // Every browser sends Origin with a WebSocket: one that is missing is no browser, one that differs is an attack (E06).
  if (!guard.isOriginAllowed(request)) return '403 Forbidden';
  if (new URL(request.url ?? '/', 'http://hub').pathname !== '/rpc') return '404 Not Found';
  return guard.hasBearerProtocol(request) ? null : '401 Unauthorized';
}

function decodeName(encoded: string): string | null {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return null;
  }
}

function say(response: ServerResponse, status: number, body: unknown): void {
  response
    .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    .end(JSON.stringify(body));
}

const refuse = (response: ServerResponse, status: number, code: string): void =>
  say(response, status, { error: code });
