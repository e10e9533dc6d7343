import type { ServerResponse } from 'node:http';
import type { Mux, Reply } from '../routes/mux/mux.ts';
import type { Admission } from './admission.ts';
import { clientName } from './client-name.ts';
import { isOpen, startEvents, writeComment, writeEvent, writeJson } from './event-stream.ts';
import type { Beating, KeepAliveWheel } from './keep-alive-wheel.ts';
import type { HttpCall, PostedMessage } from './http-call.ts';
import type { ModernConversation, ModernConversations, OpenReply } from './modern-conversations.ts';
import { checkHeaders, checkParameterHeaders } from './modern-headers.ts';
import type { Accepted } from './post-request.ts';
import { failureFrame, RPC, rpcFailure, rpcOverloaded, type Failure } from './rpc-failure.ts';

export interface ModernHttpDeps {
  mux: Mux;
  conversations: ModernConversations;
  wheel: KeepAliveWheel;
  /** For `subscriptions/listen`. */
  streams: Admission;
}

/** Streamable HTTP of 2026-07-28: every request stands for itself; there are no sessions and no other methods. */
export interface ModernHttp {
  post(call: HttpCall, message: PostedMessage): void;
}

export function createModernHttp({ mux, conversations, wheel, streams }: ModernHttpDeps): ModernHttp {
  /** What is wrong with a request before it is anybody's to answer; null: nothing. */
  const problemOf = ({ request, endpoint }: HttpCall, { body, envelope }: PostedMessage): Failure | null => {
    if (envelope === null || envelope.kind === 'response') {
      const message = 'Invalid Request: one request or notification per POST.';
      return { code: RPC.invalidRequest, message };
    }
    const { id, protocolVersion, method, target } = envelope;
    if (envelope.kind === 'notification') return null;
    // Without it the mux would take it for a request of the older era, in a conversation that many share.
    if (protocolVersion === null) {
      const message =
        'Invalid params: _meta must hold io.modelcontextprotocol/protocolVersion and io.modelcontextprotocol/clientCapabilities.';
      return { code: RPC.invalidParams, message, id };
    }
    const problem = checkHeaders(request.headers, body, envelope);
    if (problem) return problem;
    if (method !== 'tools/call' || target === null) return null;
    const wanted = mux.parameterHeaders(endpoint, target);
    return wanted && checkParameterHeaders(request.headers, body, envelope, wanted);
  };

  return {
    post(call, message) {
      const { response, user } = call;
      const { body, envelope, accepted, receivedAt } = message;
      const problem = problemOf(call, message);
      if (problem) return rpcFailure(response, 400, problem);
      const conversation = conversations.of(call.endpoint, user, clientName(call.request));
      if (!conversation) return rpcOverloaded(response, 'There are too many clients at the moment.');
      if (envelope!.kind === 'notification') {
        conversation.conversation.receive(body, envelope!, null, receivedAt);
        return void response.writeHead(202).end();
      }
      const isListen = envelope!.method === 'subscriptions/listen';
      if (isListen && !streams.enter(user)) {
        return rpcOverloaded(response, 'There are too many streams at the moment.', envelope!.id);
      }
      const id = envelope!.id!;
      const reply = new ModernReply({ response, accepted, wheel, conversation, id });
      response.once('close', () => {
        if (isListen) streams.leave(user);
        reply.closed();
      });
      conversation.conversation.receive(body, envelope!, reply, receivedAt);
    },
  };
}

interface ModernReplyOptions {
  response: ServerResponse;
  accepted: Accepted;
  wheel: KeepAliveWheel;
  conversation: ModernConversation;
  /** Raw JSON. */
  id: string;
}

/** The response to one request; its client going away is how this era cancels. */
class ModernReply implements Reply, Beating, OpenReply {
  slot = -1;
  readonly #options: ModernReplyOptions;
  #isAnswered = false;

  constructor(options: ModernReplyOptions) {
    this.#options = options;
    options.conversation.enter(this);
    options.wheel.add(this);
  }

  send(frame: Buffer): void {
    const { response, accepted } = this.#options;
    if (this.#isAnswered || !accepted.events || !isOpen(response)) return;
    if (!response.headersSent) startEvents(response);
    writeEvent(response, frame);
  }

  answer(frame: Buffer, status?: number): void {
    const { response, accepted } = this.#options;
    if (this.#isAnswered) return;
    this.#finish();
    if (!isOpen(response)) return;
    if (!response.headersSent && (accepted.json || (status ?? 200) >= 400)) {
      return writeJson(response, frame, { status });
    }
    if (!response.headersSent) startEvents(response);
    writeEvent(response, frame, { last: true });
  }

  beat(): void {
    const { response, accepted } = this.#options;
    if (!accepted.events || !isOpen(response)) return;
    if (!response.headersSent) startEvents(response);
    writeComment(response);
  }

  /** The connection is over, answered or not. */
  closed(): void {
    if (this.#isAnswered) return;
    this.#finish();
    this.#options.conversation.conversation.abandoned(this);
  }

  fail(message: string): void {
    this.answer(failureFrame({ code: RPC.other, message, id: this.#options.id }));
  }

  #finish(): void {
    if (this.#isAnswered) return;
    this.#isAnswered = true;
    this.#options.wheel.remove(this);
    this.#options.conversation.leave(this);
  }
}
