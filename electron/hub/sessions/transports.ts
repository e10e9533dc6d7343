import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { Endpoints } from '../routes/endpoints.ts';
import type { Mux } from '../routes/mux/mux.ts';
import type { InstancePool } from '../servers/instance-pool.ts';
import type { LaunchResolver } from '../servers/resolve-launch.ts';
import type { Sharing } from '../servers/server-connection.ts';
import type { ToolObserver } from '../tools/tool-observer.ts';
import type { Tap } from '../traffic/tap.ts';
import { createAdmission, SESSION_LIMITS, STREAM_LIMITS, type AdmissionLimits } from './admission.ts';
import type { HttpPath } from './http-path.ts';
import { createJsonRpcPost } from './json-rpc-post.ts';
import { createKeepAliveWheel } from './keep-alive-wheel.ts';
import { createLegacyHttpSessions } from './legacy-http-sessions.ts';
import { createLegacyHttp } from './legacy-http.ts';
import { createLiveConversations } from './live-conversation.ts';
import { createModernConversations } from './modern-conversations.ts';
import { createModernHttp } from './modern-http.ts';
import { createBodyReader } from './request-body.ts';
import { RPC, rpcFailure, rpcOverloaded } from './rpc-failure.ts';
import type { SessionRegistry } from './session-registry.ts';
import type { ShimHello } from './shim-protocol.ts';
import { serveShim } from './shim-session.ts';
import { createSseSessions } from './sse-session.ts';
import { createStreamableHttp } from './streamable-http.ts';
import { serveWebSocket } from './websocket-session.ts';

/** What the transports stand on; the composition root fills it in. */
export interface TransportServices {
  mux: Mux;
  endpoints: Pick<Endpoints, 'find'>;
  sessions: SessionRegistry;
  /** For pipes: shim sessions that have a server of their own. */
  pool: InstancePool;
  launches: LaunchResolver;
  tap: Tap;
  /** Told of the tools that servers list in pipes. */
  tools: ToolObserver;
  /** Throws SERVER_UNKNOWN. */
  sharing(server: string): Sharing;
  /** True where bytes cannot pass untouched: a server with a URL, or with rules for its tools. */
  isRewritten(server: string): boolean;
  /** Who owns the token and the local socket. */
  user: string;
  /** Where HTTP sessions are written down; made when it is absent. */
  recordsFile: string;
  /** Other than the usual. */
  limits?: { sessions: AdmissionLimits; streams: AdmissionLimits };
}

/** The ways clients reach the hub. All but pipes speak to the mux. */
export interface Transports {
  readonly http: HttpTransports;
  /** Serves one connection of a shim from hello to end. Never throws. */
  serveShim(socket: Socket, hello: ShimHello, rest: Buffer): Promise<void>;
  /** Ends every conversation; HTTP sessions stay known on disk. */
  close(): Promise<void>;
}

/** MCP over HTTP in all its forms. The caller has checked Host, Origin and token; `user` is whose token it is. */
export interface HttpTransports {
  handle(request: IncomingMessage, response: ServerResponse, path: McpPath, user: string): void;
  /** A WebSocket at `/ws`, its handshake done. */
  webSocket(socket: WebSocket, request: IncomingMessage, user: string): void;
}

export type McpPath = Extract<HttpPath, { label: string }>;

/** Builds all transports over one mux. Nothing listens yet: the HTTP front and the local socket bring the callers. */
export function createTransports(services: TransportServices): Transports {
  const { mux, endpoints, sessions, recordsFile } = services;
  const wheel = createKeepAliveWheel();
  const bodies = createBodyReader();
  const admission = createAdmission(services.limits?.sessions ?? SESSION_LIMITS);
  const streams = createAdmission(services.limits?.streams ?? STREAM_LIMITS);
  const legacySessions = createLegacyHttpSessions({
    mux,
    endpoints,
    sessions,
    wheel,
    admission,
    recordsFile,
  });
  const modernConversations = createModernConversations({ mux, sessions, admission });
  const conversations = createLiveConversations({ mux, sessions, admission });
  const streamable = createStreamableHttp({
    legacy: createLegacyHttp(legacySessions, streams),
    modern: createModernHttp({ mux, conversations: modernConversations, wheel, streams }),
    bodies,
  });
  const sse = createSseSessions({ conversations, wheel, streams, bodies });
  const jsonRpc = createJsonRpcPost({ conversations, bodies });
  const shimServices = { ...services, conversations };
  let isClosing = false;

  return {
    http: {
      handle(request, response, path, caller) {
        const endpoint = endpoints.find(path.label);
        if (!endpoint) return unknownEndpoint(response, path.label);
        if (isClosing) return rpcOverloaded(response, 'The hub is shutting down.');
        const call = { request, response, endpoint, user: caller };
        switch (path.kind) {
          case 'streamable':
            return streamable.handle(call);
          case 'sse':
            return sse.stream(call);
          case 'messages':
            return sse.message(call);
          case 'json-rpc':
            return jsonRpc.handle(call);
          case 'websocket':
            return rpcFailure(response, 426, { code: RPC.other, message: 'This is a WebSocket.' }, [
              'Upgrade',
              'websocket',
            ]);
        }
      },
      webSocket(socket, request, caller) {
        const endpoint = endpoints.find('*')!;
        serveWebSocket({ socket, request, endpoint, user: caller, conversations, wheel });
      },
    },
    serveShim: (socket, hello, rest) => serveShim(socket, hello, rest, shimServices),
    async close() {
      isClosing = true;
      jsonRpc.close();
      await Promise.all([legacySessions.close(), modernConversations.close(), conversations.close()]);
      wheel.close();
    },
  };
}

function unknownEndpoint(response: ServerResponse, label: string): void {
  const name = JSON.stringify(label.slice(label.indexOf('/') + 1));
  const what = label.startsWith('profiles/') ? `no profile ${name}` : `no server ${name} in the catalog`;
  rpcFailure(response, 404, { code: RPC.other, message: `There is ${what}.` });
}
