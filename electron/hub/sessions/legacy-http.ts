import type { ServerResponse } from 'node:http';
import { readEnvelope } from '../frames/read-envelope.ts';
import type { Reply } from '../routes/mux/mux.ts';
import type { Admission } from './admission.ts';
import { clientName } from './client-name.ts';
import type { HttpCall, PostedMessage } from './http-call.ts';
import { LegacyHttpReply } from './legacy-http-reply.ts';
import type { LegacyHttpSession } from './legacy-http-session.ts';
import type { LegacyHttpSessions } from './legacy-http-sessions.ts';
import { readAccept } from './post-request.ts';
import { canPrime, LEGACY_VERSIONS } from './protocol-versions.ts';
import { isAnswered, readBatch, receiveBatch } from './receive-message.ts';
import { readEventId } from './replay.ts';
import { RPC, rpcFailure, rpcOverloaded } from './rpc-failure.ts';

/** Streamable HTTP with handshake and sessions: revisions 2025-03-26 to 2025-11-25. */
export interface LegacyHttp {
  post(call: HttpCall, message: PostedMessage): void;
  get(call: HttpCall): void;
  delete(call: HttpCall): void;
}

const TOO_MANY = 'There are too many sessions at the moment.';

export function createLegacyHttp(sessions: LegacyHttpSessions, streams: Admission): LegacyHttp {
  /** The session that a request names; what is wrong with it has been answered when this is null. */
  const sessionOf = (call: HttpCall, id: string | null): LegacyHttpSession | null => {
    const { request, response, user, endpoint } = call;
    const version = request.headers['mcp-protocol-version'];
    if (typeof version === 'string' && !LEGACY_VERSIONS.includes(version)) {
      rpcFailure(response, 400, {
        code: RPC.other,
        message: `Bad Request: Unsupported protocol version (supported versions: ${LEGACY_VERSIONS.join(', ')})`,
        data: { supported: LEGACY_VERSIONS, requested: version },
        id,
      });
      return null;
    }
    const session = sessions.find(String(request.headers['mcp-session-id']), user, endpoint.label);
    if (session) return session;
    if (session === null) rpcOverloaded(response, TOO_MANY, id);
    else rpcFailure(response, 404, { code: RPC.sessionUnknown, message: 'Session not found', id });
    return null;
  };

  const reply = (
    session: LegacyHttpSession,
    { request, response }: HttpCall,
    ids: readonly string[],
  ): LegacyHttpReply => {
    const version = request.headers['mcp-protocol-version'];
    return new LegacyHttpReply(session, {
      response,
      accepted: readAccept(request.headers.accept),
      ids,
      canPrime: typeof version === 'string' && canPrime(version),
    });
  };

  const open = (call: HttpCall, { body, envelope, receivedAt }: PostedMessage): void => {
    const { request, response, endpoint, user } = call;
    const session = sessions.open({ endpoint, user, client: clientName(request) });
    const id = envelope!.id!;
    if (!session) return rpcOverloaded(response, TOO_MANY, id);
    const inner = reply(session, call, [id]);
    inner.headers = ['Mcp-Session-Id', session.id];
    const answer: Reply = {
      send: (frame) => inner.send(frame),
      answer(frame, status) {
        // A client that was refused, or has gone, never knows the id: nobody would come back for the session.
        const isGood = readEnvelope(frame)?.error === null && inner.isReachable;
        if (isGood) sessions.keep(session);
        else inner.headers = [];
        inner.answer(frame, status);
        if (!isGood) sessions.end(session.id, user, endpoint.label);
      },
    };
    session.conversation.receive(body, envelope!, answer, receivedAt);
  };

  const postBatch = (call: HttpCall, session: LegacyHttpSession, message: PostedMessage): void => {
    const { conversation } = session;
    const batch = readBatch(conversation, message.body);
    if (!Array.isArray(batch)) return rpcFailure(call.response, 400, batch);
    if (isAnswered(batch)) {
      const ids = batch.flatMap(({ envelope }) =>
        envelope === null ? ['null'] : envelope.kind === 'request' ? [envelope.id!] : [],
      );
      const answer = reply(session, call, ids);
      answer.batch = receiveBatch(conversation, batch, answer, message.receivedAt);
      return answer.endIfSettled();
    }
    for (const { frame, envelope } of batch) {
      conversation.receive(frame, envelope!, null, message.receivedAt);
    }
    accept(call.response);
  };

  return {
    post(call, message) {
      const { request, response } = call;
      const { body, envelope, receivedAt } = message;
      const id = envelope?.kind === 'request' ? envelope.id : null;
      if (request.headers['mcp-session-id'] === undefined) {
        if (envelope?.kind === 'request' && envelope.method === 'initialize') return open(call, message);
        // A modern client that probes falls back to the handshake on this answer.
        const failure = { code: RPC.other, message: 'Bad Request: Server not initialized', id };
        return rpcFailure(response, 400, failure);
      }
      const session = sessionOf(call, id);
      if (!session) return;
      if (!envelope) return postBatch(call, session, message);
      if (envelope.method === 'initialize') {
        const failure = { code: RPC.invalidRequest, message: 'Invalid Request: already initialized', id };
        return rpcFailure(response, 400, failure);
      }
      if (envelope.kind === 'request') {
        const answer = reply(session, call, [envelope.id!]);
        return session.conversation.receive(body, envelope, answer, receivedAt);
      }
      session.lastUsedAt = receivedAt;
      session.conversation.receive(body, envelope, null, receivedAt);
      if (envelope.cancelsId !== null) session.cancelled(envelope.cancelsId);
      accept(response);
    },
    get(call) {
      const { request, response, user } = call;
      if (!readAccept(request.headers.accept).events) {
        const message = 'Not Acceptable: Client must accept text/event-stream';
        return rpcFailure(response, 406, { code: RPC.other, message });
      }
      const session = sessionOf(call, null);
      if (!session) return;
      const lastEventId = request.headers['last-event-id'];
      const position = typeof lastEventId === 'string' ? readEventId(lastEventId) : null;
      // The stream of a POST ends with its answer; only the other one stays open.
      if (position && (position.stream !== 0 || position.requestId !== null)) {
        return session.resume(response, position);
      }
      if (!streams.enter(user)) return rpcOverloaded(response, 'There are too many streams at the moment.');
      const version = request.headers['mcp-protocol-version'];
      const isOpened = session.openStream(response, {
        after: position?.isOurs ? position.seq : null,
        primes: typeof version === 'string' && canPrime(version),
        ended: () => streams.leave(user),
      });
      if (isOpened) return;
      streams.leave(user);
      rpcFailure(response, 409, { code: RPC.other, message: 'This session has too many streams already.' });
    },
    delete(call) {
      const session = String(call.request.headers['mcp-session-id']);
      if (!sessions.end(session, call.user, call.endpoint.label)) {
        const failure = { code: RPC.sessionUnknown, message: 'Session not found' };
        return rpcFailure(call.response, 404, failure);
      }
      call.response.writeHead(204).end();
    },
  };
}

const accept = (response: ServerResponse): void => void response.writeHead(202).end();
