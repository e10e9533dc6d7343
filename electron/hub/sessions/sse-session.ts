import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Reply } from '../routes/mux/mux.ts';
import type { Admission } from './admission.ts';
import { clientName } from './client-name.ts';
import { isOpen, startEvents, writeComment, writeEvent } from './event-stream.ts';
import { queryParameter } from './http-path.ts';
import type { Beating, KeepAliveWheel } from './keep-alive-wheel.ts';
import type { HttpCall } from './http-call.ts';
import type { LiveConversations } from './live-conversation.ts';
import { isPostOfJson, takeBody } from './post-request.ts';
import { MessageInlet } from './receive-message.ts';
import type { BodyReader } from './request-body.ts';
import { RPC, rpcFailure, rpcOverloaded } from './rpc-failure.ts';

export interface SseSessionsDeps {
  conversations: LiveConversations;
  wheel: KeepAliveWheel;
  streams: Admission;
  bodies: BodyReader;
}

/** HTTP+SSE of 2024-11-05: all answers on one stream, requests as POSTs to the address it gives out. */
export interface SseSessions {
  stream(call: HttpCall): void;
  message(call: HttpCall): void;
}

export function createSseSessions({ conversations, wheel, streams, bodies }: SseSessionsDeps): SseSessions {
  const sessions = new Map<string, SseSession>();

  return {
    stream({ request, response, endpoint, user }) {
      if (request.method !== 'GET') return refuseMethod(response, 'GET');
      if (!streams.enter(user)) return rpcOverloaded(response, 'There are too many streams at the moment.');
      const id = randomUUID();
      const session = new SseSession(response, user, endpoint.label);
      const live = conversations.open({
        endpoint,
        caller: {
          sessionId: id,
          client: clientName(request),
          user,
          transport: 'sse',
          cwd: null,
          env: null,
        },
        channel: session,
        pid: null,
        resumed: 0,
        disconnect: () => response.end(),
      });
      if (!live) {
        streams.leave(user);
        return rpcOverloaded(response, 'There are too many sessions at the moment.');
      }
      session.inlet = new MessageInlet(live.conversation, session);
      sessions.set(id, session);
      wheel.add(session);
      response.once('close', () => {
        streams.leave(user);
        wheel.remove(session);
        sessions.delete(id);
        void live.close();
      });
      startEvents(response);
      const path = request.url!.slice(0, request.url!.lastIndexOf('/sse'));
      response.write(`event: endpoint\ndata: ${path}/messages?sessionId=${id}\n\n`);
    },
    message({ request, response, endpoint, user }) {
      if (request.method !== 'POST') return refuseMethod(response, 'POST');
      const receivedAt = performance.now();
      const session = sessions.get(queryParameter(request.url!, 'sessionId') ?? '');
      if (session?.user !== user || session.label !== endpoint.label) {
        return rpcFailure(response, 404, { code: RPC.sessionUnknown, message: 'Session not found' });
      }
      if (!isPostOfJson(request, response)) return;
      takeBody({ request, response, bodies }, (body) => {
        response.writeHead(202).end('Accepted');
        session.inlet.receive(body, receivedAt);
      });
    },
  };
}

/** Channel and every request's reply at once: this transport has one way back. */
class SseSession implements Reply, Beating {
  slot = -1;
  /** Set right after construction: the conversation needs its channel first. */
  inlet!: MessageInlet;
  readonly user: string;
  readonly label: string;
  readonly #response: ServerResponse;

  constructor(response: ServerResponse, user: string, label: string) {
    this.#response = response;
    this.user = user;
    this.label = label;
  }

  send(frame: Buffer): void {
    if (isOpen(this.#response)) writeEvent(this.#response, frame);
  }

  answer(frame: Buffer): void {
    if (isOpen(this.#response)) writeEvent(this.#response, frame, { isAnswer: true });
  }

  beat(): void {
    if (isOpen(this.#response)) writeComment(this.#response);
  }
}

function refuseMethod(response: ServerResponse, allowed: string): void {
  rpcFailure(response, 405, { code: RPC.other, message: 'Method not allowed.' }, ['Allow', allowed]);
}
