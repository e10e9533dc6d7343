import { randomUUID } from 'node:crypto';
import type { Envelope } from '../../../shared/json-rpc/envelope.ts';
import { editFrame } from '../frames/edit-frame.ts';
import { readEnvelope } from '../frames/read-envelope.ts';
import type { Conversation, Endpoint, Reply } from '../routes/mux/mux.ts';
import { resultFrame } from '../routes/mux/rpc-frames.ts';
import type { LiveConversation, LiveConversations } from './live-conversation.ts';
import { LEGACY_VERSIONS } from './protocol-versions.ts';
import { failureFrame, RPC } from './rpc-failure.ts';

const IDLE_MS = 5 * 60_000;
/** Requests that may wait for the hub's own handshake. */
const MAX_WAITING = 1_000;
const INITIALIZE = Buffer.from(
  JSON.stringify({
    jsonrpc: '2.0',
    id: 0,
    method: 'initialize',
    params: {
      protocolVersion: LEGACY_VERSIONS.at(-1),
      capabilities: {},
      clientInfo: { name: 'patchbay-jsonrpc', version: '1' },
    },
  }),
);
const INITIALIZED = Buffer.from('{"jsonrpc":"2.0","method":"notifications/initialized"}');

/** What makes no sense without a stream to the caller. */
const NEEDS_STREAM = new Set(['subscriptions/listen', 'resources/subscribe', 'resources/unsubscribe']);

/**
 * All plain requests of one user: one conversation in which the hub itself is the client. Its callers know nothing of
 * each other, so their ids, which are mostly 1, become numbers of ours and come back in the answer.
 */
export class PlainCaller {
  readonly #forgotten: () => void;
  #live: LiveConversation | null = null;
  #waiting: (() => void)[] | null = [];
  /** The hub's own handshake answer, for callers that ask for one by habit; null until it is there. */
  #welcome: string | null = null;
  #nextId = 1;
  /** Replies that are still owed, with the ids their callers gave. */
  readonly #owed = new Map<Reply, string>();
  #lastUsedAt = performance.now();

  constructor(forgotten: () => void) {
    this.#forgotten = forgotten;
  }

  get isIdle(): boolean {
    return this.#owed.size === 0 && performance.now() - this.#lastUsedAt > IDLE_MS;
  }

  open(conversations: LiveConversations, endpoint: Endpoint, user: string): boolean {
    const conversation = (): Conversation => this.#live!.conversation;
    const refuse = (frame: Buffer): void => {
      const envelope = readEnvelope(frame);
      if (envelope?.kind !== 'request') return;
      const message = 'The caller cannot be asked: it sends plain JSON-RPC requests.';
      const answer = failureFrame({ code: RPC.methodNotFound, message, id: envelope.id });
      conversation().receive(answer, readEnvelope(answer)!, null, performance.now());
    };
    this.#refuse = refuse;
    this.#live = conversations.open({
      endpoint,
      caller: {
        sessionId: randomUUID(),
        client: 'json-rpc',
        user,
        transport: 'json-rpc',
        cwd: null,
        env: null,
      },
      channel: { send: refuse },
      pid: null,
      resumed: 0,
      disconnect: () => this.#fail(),
    });
    if (!this.#live) return false;
    const handshake: Reply = { send: refuse, answer: (frame) => this.#greeted(frame) };
    conversation().receive(INITIALIZE, readEnvelope(INITIALIZE)!, handshake, performance.now());
    return true;
  }

  receive(frame: Buffer, envelope: Envelope, reply: Reply | null, receivedAt: number): void {
    if (envelope.kind !== 'request' || reply === null) return;
    if (this.#waiting === null) return this.#pass(frame, envelope, reply, receivedAt);
    if (this.#waiting.length >= MAX_WAITING) {
      const failure = { code: RPC.other, message: 'Too many requests wait.', id: envelope.id };
      return reply.answer(failureFrame(failure), 503);
    }
    this.#waiting.push(() => this.#pass(frame, envelope, reply, receivedAt));
  }

  end(): void {
    this.#fail();
    void this.#live?.close();
  }

  #fail(): void {
    this.#forgotten();
    this.#passWaiting();
    const message = 'Patchbay: the session was ended while this request was running. It was not repeated.';
    for (const [reply, id] of this.#owed) {
      reply.answer(failureFrame({ code: RPC.other, message, id }), 503);
    }
    this.#owed.clear();
  }

  #refuse: (frame: Buffer) => void = () => {};

  #pass(frame: Buffer, { id, method, ranges }: Envelope, reply: Reply, receivedAt: number): void {
    if (method === 'initialize' && this.#welcome !== null) {
      return reply.answer(resultFrame(id!, this.#welcome));
    }
    if (NEEDS_STREAM.has(method!)) {
      const message = `${method} needs a connection that stays open.`;
      return reply.answer(failureFrame({ code: RPC.methodNotFound, message, id }));
    }
    this.#lastUsedAt = receivedAt;
    this.#owed.set(reply, id!);
    const number = String(this.#nextId++);
    const renumbered = editFrame(frame, [{ start: ranges.id, end: ranges.idEnd, with: number }]);
    const restored: Reply = {
      send: this.#refuse,
      answer: (answer, status) => {
        if (this.#owed.delete(reply)) reply.answer(withId(answer, id!), status);
      },
    };
    this.#live!.conversation.receive(renumbered, readEnvelope(renumbered)!, restored, receivedAt);
  }

  #passWaiting(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    for (const pass of waiting) pass();
  }

  #greeted(frame: Buffer): void {
    const envelope = readEnvelope(frame);
    if (envelope?.error === null) {
      this.#welcome = frame.toString('utf8', envelope.ranges.result, envelope.ranges.resultEnd);
      this.#live!.conversation.receive(INITIALIZED, readEnvelope(INITIALIZED)!, null, performance.now());
    }
    this.#passWaiting();
    // Without a handshake nothing works: those who wait are told by the conversation, the next caller begins anew.
    if (this.#welcome === null) this.end();
  }
}

/** An answer under the id its caller gave; one that names none stays as it is. */
function withId(answer: Buffer, id: string): Buffer {
  const ranges = readEnvelope(answer)?.ranges;
  return ranges && ranges.id !== 0
    ? editFrame(answer, [{ start: ranges.id, end: ranges.idEnd, with: id }])
    : answer;
}
