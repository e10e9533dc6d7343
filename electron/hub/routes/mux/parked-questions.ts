import { findMember } from '../../frames/find-member.ts';
import { idKey, errorFrame, RPC, resultFrame, type CallFailure } from './rpc-frames.ts';
import type { ServerMessage } from './attached.ts';
import type { ClientCall } from './client-call.ts';
import type { ClientRequest } from './client-request.ts';
import type { ClientConversation } from './conversation.ts';
import { inputRequiredResult, readInputResponses } from './eras/input-required.ts';
import { callDigest, createParkedCalls, type CallProof } from './eras/parked-calls.ts';
import { questionKey } from './server-link.ts';
import type { Upstream } from './upstream.ts';

/** Requests that may be answered with questions (2026-07-28, multi round-trip requests). */
const MAY_ASK: ReadonlySet<string> = new Set(['tools/call', 'prompts/get', 'resources/read']);
/** How long a client may take to come back with its answers. */
const TTL_MS = 10 * 60_000;
const MAX_PARKED = 256;
const MAX_QUESTIONS = 64;

interface Waiting {
  key: string;
  /** Raw id at the server. */
  serverId: string;
  method: string;
  params: Buffer | null;
  upstream: Upstream;
}

interface Parked {
  call: ClientCall;
  questions: Waiting[];
  asked: number;
  /** The client is about to be told; more questions may come in the same turn. */
  telling: NodeJS.Immediate | null;
  /** The end of the call, which came while nobody waited for it. */
  ended: (() => void) | null;
}

/**
 * A legacy server asks its modern client something in the middle of a call. That era cannot be asked: the call is
 * answered with the question, parked, and goes on when the client comes back with what it was asked for.
 */
export class ParkedQuestions {
  readonly #conversation: ClientConversation;
  readonly #parked = new Map<ClientCall, Parked>();
  readonly #states = createParkedCalls<Parked>({
    ttlMs: TTL_MS,
    max: MAX_PARKED,
    onExpired: ({ call }) => call.cancel('the client did not come back with its answers'),
  });

  constructor(conversation: ClientConversation) {
    this.#conversation = conversation;
  }

  /** Null when the question will be put, else why not. */
  park(upstream: Upstream, { frame, envelope, call }: ServerMessage): CallFailure | null {
    if (!call || !MAY_ASK.has(call.method)) {
      return { code: RPC.other, message: `The client cannot be asked ${envelope.method} outside of a call.` };
    }
    const parked = this.#parked.get(call) ?? { call, questions: [], asked: 0, telling: null, ended: null };
    if (parked.questions.length >= MAX_QUESTIONS)
      return { code: RPC.other, message: 'Too many questions wait.' };
    this.#parked.set(call, parked);
    parked.asked += 1;
    const { params, paramsEnd } = envelope.ranges;
    parked.questions.push({
      key: `question-${parked.asked}`,
      serverId: envelope.id!,
      method: envelope.method!,
      params: params === 0 ? null : Buffer.from(frame.subarray(params, paramsEnd)),
      upstream,
    });
    this.#tell(parked);
    return null;
  }

  has(key: string): boolean {
    return [...this.#parked.values()].some(({ questions }) =>
      questions.some(({ upstream, serverId }) => questionKey(upstream, idKey(serverId)) === key),
    );
  }

  #tell(parked: Parked): void {
    if (parked.call.reply === null) return;
    parked.telling ??= setImmediate(() => {
      parked.telling = null;
      const { call, questions } = parked;
      if (call.isOver || call.reply === null || questions.length === 0) return;
      const requestState = this.#states.park(parked, this.#proofOf(call.request));
      if (requestState === null) {
        for (const { upstream, serverId } of questions) {
          upstream.tell(
            errorFrame(serverId, { code: RPC.other, message: 'Too many calls wait for answers.' }),
            null,
          );
        }
        parked.questions = [];
        return;
      }
      call.suspend(inputRequiredResult(call.id, { requests: questions, requestState }));
    });
  }

  #proofOf({ frame, envelope, method }: ClientRequest): CallProof {
    return { principal: this.#conversation.caller.user, method, digest: callDigest(frame, envelope) };
  }

  /** True when the request goes on with a parked call. */
  resume(request: ClientRequest): boolean {
    if (this.#states.size === 0 || !MAY_ASK.has(request.method)) return false;
    const brought = readInputResponses(request.frame, request.envelope);
    if (!brought || brought.requestState === null) return false;
    const parked = this.#states.resume(brought.requestState, this.#proofOf(request));
    if (!parked) return false;
    const { call } = parked;
    call.resume(request);
    for (const { key, result } of brought.responses) {
      const question = parked.questions.find((other) => other.key === key);
      if (!question) continue;
      parked.questions = parked.questions.filter((other) => other !== question);
      question.upstream.tell(resultFrame(question.serverId, result.toString()), null);
    }
    if (parked.ended) parked.ended();
    else if (parked.questions.length > 0) this.#tell(parked);
    return true;
  }

  /** The end of a call that nobody waits for right now is kept for when its client is back. */
  hold(call: ClientCall, end: () => void): void {
    const parked = this.#parked.get(call);
    if (parked) parked.ended = end;
  }

  /** The server no longer wants to know. */
  withdraw(key: string): void {
    for (const parked of this.#parked.values()) {
      parked.questions = parked.questions.filter(
        ({ upstream, serverId }) => questionKey(upstream, idKey(serverId)) !== key,
      );
    }
  }

  endOf(call: ClientCall): void {
    const parked = this.#parked.get(call);
    if (!parked) return;
    this.#parked.delete(call);
    this.#states.drop(parked);
    if (parked.telling) clearImmediate(parked.telling);
  }

  close(): void {
    for (const call of this.#parked.keys()) call.cancel('the client is gone');
    this.#states.close();
  }
}

/**
 * Why a legacy server may not get this request, whose parked call is not there: sent on, it would be a second call
 * (C18). Null when it may. Answers without a state belong to no parked call and are left out on the way.
 */
export function refusedRetry({ frame, envelope }: ClientRequest): CallFailure | null {
  const { params } = envelope.ranges;
  if (params === 0) return null;
  if (findMember(frame, params, 'requestState')) {
    const message = 'Invalid params: requestState is unknown, has expired or belongs to another call.';
    return { code: RPC.invalidParams, message };
  }
  const responses = findMember(frame, params, 'inputResponses');
  if (!responses || frame[responses.start] === 0x7b) return null;
  return { code: RPC.invalidParams, message: 'Invalid params: inputResponses must be an object.' };
}
