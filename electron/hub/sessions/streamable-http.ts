import { readEnvelope } from '../frames/read-envelope.ts';
import { isBatch } from '../frames/split-batch.ts';
import type { HttpCall } from './http-call.ts';
import type { LegacyHttp } from './legacy-http.ts';
import type { ModernHttp } from './modern-http.ts';
import { isPostOfJson, readAccept, takeBody } from './post-request.ts';
import { isModernVersion } from './protocol-versions.ts';
import { notAMessage } from './receive-message.ts';
import type { BodyReader } from './request-body.ts';
import { RPC, rpcFailure } from './rpc-failure.ts';

/** One endpoint for both eras: the body tells which, the headers must agree (2026-07-28, basic/versioning). */
export interface StreamableHttp {
  handle(call: HttpCall): void;
}

export function createStreamableHttp(deps: {
  legacy: LegacyHttp;
  modern: ModernHttp;
  bodies: BodyReader;
}): StreamableHttp {
  const { legacy, modern, bodies } = deps;

  const post = (call: HttpCall): void => {
    const { request, response, endpoint } = call;
    const receivedAt = performance.now();
    const accepted = readAccept(request.headers.accept);
    if (!accepted.json && !accepted.events) {
      const message = 'Accept must allow application/json and text/event-stream.';
      return rpcFailure(response, 406, { code: RPC.invalidRequest, message });
    }
    if (!isPostOfJson(request, response)) return;
    takeBody({ request, response, bodies }, (body) => {
      const envelope = readEnvelope(body);
      if (!envelope && !isBatch(body)) return rpcFailure(response, 400, notAMessage(body));
      const message = { body, envelope, accepted, receivedAt };
      const version = request.headers['mcp-protocol-version'];
      const isModern =
        (envelope !== null && envelope.protocolVersion !== null) ||
        (typeof version === 'string' && isModernVersion(version));
      if (!isModern) return legacy.post(call, message);
      if (endpoint.downstreamEra === 'auto') return modern.post(call, message);
      // No modern error: the client goes on with the handshake (2026-07-28, basic/versioning).
      const id = envelope?.kind === 'request' ? envelope.id : null;
      rpcFailure(response, 400, { code: RPC.other, message: 'Bad Request: Server not initialized', id });
    });
  };

  /** The modern era has POST only; in the older one a stream belongs to a session. */
  const isPostOnly = ({ request, response }: HttpCall): boolean => {
    const version = request.headers['mcp-protocol-version'];
    const isModern = typeof version === 'string' && isModernVersion(version);
    const isStray = request.method === 'GET' && request.headers['mcp-session-id'] === undefined;
    if (!isModern && !isStray) return false;
    rpcFailure(response, 405, { code: RPC.other, message: 'Method not allowed.' }, ['Allow', 'POST']);
    return true;
  };

  return {
    handle(call) {
      switch (call.request.method) {
        case 'POST':
          return post(call);
        case 'GET':
          return isPostOnly(call) ? undefined : legacy.get(call);
        case 'DELETE':
          return isPostOnly(call) ? undefined : legacy.delete(call);
        default:
          return rpcFailure(call.response, 405, { code: RPC.other, message: 'Method not allowed.' }, [
            'Allow',
            'GET, POST, DELETE',
          ]);
      }
    },
  };
}
