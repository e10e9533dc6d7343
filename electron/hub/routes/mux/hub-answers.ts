import { PatchbayError, toErrorInfo } from '../../../../shared/model/error.ts';
import type { CallTap, TappedCall } from '../../traffic/tap.ts';
import type { ClientRequest, OpenRequest } from './client-request.ts';
import { modernStatus } from './modern-status.ts';
import { plainAnswer } from './plain-answer.ts';
import { errorFrame, RPC, type CallFailure } from './rpc-frames.ts';

/** A request that the hub answers itself, at once or later; in the log it stands under the endpoint's own name. */
export class HubAnswering implements OpenRequest {
  readonly request: ClientRequest;
  readonly #over: (answering: HubAnswering) => void;
  readonly #tap: CallTap;
  #tapped: TappedCall | null = null;
  #isOver = false;

  constructor(request: ClientRequest, tap: CallTap, over: (answering: HubAnswering) => void) {
    this.request = request;
    this.#over = over;
    this.#tap = tap;
  }

  /** Shows it in the log. */
  begin(): TappedCall {
    const { frame, envelope, receivedAt } = this.request;
    this.#tapped ??= this.#tap.request('client-to-server', {
      bytes: frame,
      envelope,
      receivedAt,
      forwardedAt: performance.now(),
    });
    return this.#tapped;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Goes on with what it waits for. What goes wrong on the way is the answer: it must not end the hub. */
  when<T>(promise: Promise<T>, go: (value: T) => void): void {
    promise.then(go).catch((error: unknown) => {
      const { message } = toErrorInfo(error);
      this.fail({ code: error instanceof PatchbayError ? RPC.other : RPC.internal, message });
    });
  }

  /** `frame` is whole, id included. */
  answer(frame: Buffer): void {
    this.#finish(frame, null);
  }

  fail(failure: CallFailure, status?: number): void {
    this.#finish(errorFrame(this.request.id, failure), failure, status);
  }

  #finish(frame: Buffer, failure: CallFailure | null, status?: number): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#over(this);
    const { id, reply, era, method } = this.request;
    const ofEra = failure && era === 'modern' ? modernStatus(failure.code, method) : undefined;
    const now = performance.now();
    reply.answer(frame, status ?? ofEra);
    const envelope = plainAnswer(id, failure);
    this.begin().answered({ bytes: frame, envelope, receivedAt: now, forwardedAt: performance.now() });
  }

  /** It is known now who answers: `go` sends it there, and in the log it stands under that server's name. */
  handOver(go: () => void): void {
    this.cancel();
    go();
  }

  cancel(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#over(this);
    this.#tapped?.cancelled();
  }
}
