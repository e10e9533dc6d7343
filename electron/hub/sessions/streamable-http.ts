import type { IncomingMessage, ServerResponse } from 'node:http';
import { PatchbayError } from '../../../shared/model/error.ts';
import { readBody } from '../api/read-body.ts';
import { readEnvelope } from '../frames/read-envelope.ts';
import { HttpExchange } from './http-exchange.ts';
import type { HttpSession } from './http-session.ts';
import type { HttpSessions } from './http-sessions.ts';
import { rpcFailure } from './rpc-failure.ts';

const MAX_BODY_BYTES = 32 * 1024 * 1024;

export interface StreamableHttp {
  /** Serves `/servers/<name>/mcp`. Host, Origin and token have been checked. */
  handle(request: IncomingMessage, response: ServerResponse, server: string): Promise<void>;
}

export function createStreamableHttp(sessions: HttpSessions): StreamableHttp {
  async function post(request: IncomingMessage, response: ServerResponse, server: string): Promise<void> {
    const receivedAt = performance.now();
    if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
      return rpcFailure(response, 415, 'Content-Type must be application/json.');
    }
    const accept = request.headers.accept ?? '*/*';
    if (!/application\/json|text\/event-stream|\*\/\*/i.test(accept)) {
      return rpcFailure(response, 406, 'Accept must allow application/json and text/event-stream.');
    }
    const body = await readBody(request, MAX_BODY_BYTES);
    if (body === null) return rpcFailure(response, 413, `The body is larger than ${MAX_BODY_BYTES} bytes.`);
    const envelope = readEnvelope(body);
    if (!envelope) return rpcFailure(response, 400, 'The body must be one JSON-RPC message.');

    const sessionId = request.headers['mcp-session-id'];
    let session: HttpSession | undefined;
    if (typeof sessionId === 'string') {
      session = await sessions.find(sessionId, server);
      if (!session) return rpcFailure(response, 404, 'Session not found.', envelope.id);
    } else if (envelope.method === 'initialize') {
      session = await sessions.open(server, clientName(request), body);
    } else {
      // A modern client probes with `server/discover`; this answer makes it fall back to the handshake.
      return rpcFailure(response, 400, 'Bad Request: Server not initialized', envelope.id);
    }

    const headers = { 'mcp-session-id': session.id };
    if (envelope.kind !== 'request' || envelope.id === null) {
      session.toServer(body, receivedAt, null);
      if (envelope.method === 'notifications/initialized') sessions.initialized(session);
      response.writeHead(202, headers).end();
      return;
    }
    if (session.owes(envelope.id))
      return rpcFailure(response, 400, 'A request with this id is under way.', envelope.id);
    const exchange = new HttpExchange(response, {
      headers,
      acceptsStream: /text\/event-stream|\*\/\*/i.test(accept),
    });
    exchange.owed.add(envelope.id);
    if (envelope.progressToken !== null) exchange.tokens.add(envelope.progressToken);
    const current = session;
    response.once('close', () => current.abandon(exchange));
    session.toServer(body, receivedAt, exchange);
  }

  async function get(request: IncomingMessage, response: ServerResponse, server: string): Promise<void> {
    const session = await sessions.find(String(request.headers['mcp-session-id'] ?? ''), server);
    if (!session) return rpcFailure(response, 404, 'Session not found.');
    const stream = new HttpExchange(response, {
      headers: { 'mcp-session-id': session.id },
      acceptsStream: true,
    });
    if (!session.openStream(stream)) return rpcFailure(response, 409, 'This session already has a stream.');
    response.once('close', () => session.closeStream(stream));
  }

  return {
    async handle(request, response, server) {
      try {
        if (request.method === 'POST') return await post(request, response, server);
        if (request.method === 'GET') return await get(request, response, server);
        if (request.method === 'DELETE') {
          const id = String(request.headers['mcp-session-id'] ?? '');
          if (!sessions.end(id, server)) return rpcFailure(response, 404, 'Session not found.');
          response.writeHead(204).end();
          return;
        }
        response.setHeader('allow', 'GET, POST, DELETE');
        rpcFailure(response, 405, 'Method not allowed.');
      } catch (error) {
        const known = error instanceof PatchbayError ? error : null;
        const status = known?.code === 'SERVER_UNKNOWN' ? 404 : 502;
        const message = known
          ? [known.message, known.info.hint].filter(Boolean).join(' ')
          : 'The hub failed.';
        rpcFailure(response, status, message);
      }
    },
  };
}

/** For the log only; it grants nothing. `claude-code/2.1.329 (sdk-cli)` becomes `claude-code`. */
function clientName(request: IncomingMessage): string {
  const product = /^[A-Za-z0-9_-]{1,64}/.exec(request.headers['user-agent'] ?? '')?.[0];
  return product ?? 'http';
}
