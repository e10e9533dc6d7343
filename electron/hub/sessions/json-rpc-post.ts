import type { ServerResponse } from 'node:http';
import { readEnvelope } from '../frames/read-envelope.ts';
import { isBatch } from '../frames/split-batch.ts';
import type { Endpoint, Reply } from '../routes/mux/mux.ts';
import { isOpen, writeJson } from './event-stream.ts';
import type { HttpCall } from './http-call.ts';
import type { LiveConversations } from './live-conversation.ts';
import { isPostOfJson, takeBody } from './post-request.ts';
import { PlainCaller } from './plain-caller.ts';
import { isAnswered, notAMessage, receiveBatch, splitMessages } from './receive-message.ts';
import type { BodyReader } from './request-body.ts';
import { RPC, rpcFailure, rpcOverloaded } from './rpc-failure.ts';

const SWEEP_MS = 60_000;

export interface JsonRpcPostDeps {
  conversations: LiveConversations;
  bodies: BodyReader;
}

/** `POST /jsonrpc`: one request, one JSON answer, no handshake, for scripts and programs that know no MCP. */
export interface JsonRpcPost {
  handle(call: HttpCall): void;
  close(): void;
}

export function createJsonRpcPost({ conversations, bodies }: JsonRpcPostDeps): JsonRpcPost {
  const callers = new Map<string, PlainCaller>();

  const callerOf = (endpoint: Endpoint, user: string): PlainCaller | null => {
    let caller = callers.get(user);
    if (caller) return caller;
    caller = new PlainCaller(() => callers.delete(user));
    // Known before it opens: a handshake that fails at once makes it forgotten again.
    callers.set(user, caller);
    if (caller.open(conversations, endpoint, user)) return caller;
    callers.delete(user);
    return null;
  };
  const sweep = setInterval(() => {
    for (const caller of callers.values()) if (caller.isIdle) caller.end();
  }, SWEEP_MS).unref();

  const take = ({ response, endpoint, user }: HttpCall, body: Buffer, receivedAt: number): void => {
    const envelope = readEnvelope(body);
    if (!envelope && !isBatch(body)) return rpcFailure(response, 400, notAMessage(body));
    const batch = envelope ? [{ frame: body, envelope }] : splitMessages(body);
    if (!Array.isArray(batch)) return rpcFailure(response, 400, batch);
    const caller = callerOf(endpoint, user);
    if (!caller) return rpcOverloaded(response, 'There are too many sessions at the moment.');
    // Notifications and answers have no conversation here that they could belong to.
    if (!isAnswered(batch)) return void response.writeHead(202).end();
    const reply = new PlainReply(response);
    if (envelope) caller.receive(body, envelope, reply, receivedAt);
    else receiveBatch(caller, batch, reply, receivedAt);
  };

  return {
    handle(call) {
      const { request, response } = call;
      const receivedAt = performance.now();
      if (request.method !== 'POST') {
        const failure = { code: RPC.other, message: 'Method not allowed.' };
        return rpcFailure(response, 405, failure, ['Allow', 'POST']);
      }
      if (!isPostOfJson(request, response)) return;
      takeBody({ request, response, bodies }, (body) => take(call, body, receivedAt));
    },
    close() {
      clearInterval(sweep);
    },
  };
}

class PlainReply implements Reply {
  readonly #response: ServerResponse;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  /** Nothing but the answer fits into a plain response. */
  send(): void {}

  answer(frame: Buffer, status?: number): void {
    if (isOpen(this.#response)) writeJson(this.#response, frame, { status });
  }
}
