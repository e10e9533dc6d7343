import type { Envelope } from '../../../../shared/json-rpc/envelope.ts';
import { createFloodGate } from './flood-gate.ts';
import type { UpstreamCall } from './upstream-call.ts';

const PER_SECOND = 100;
const HOLD_MS = 100;
const MAX_OUTLIVED = 256;

/** A sign of progress as it came; `frame` is a view. */
export interface Progress {
  frame: Buffer;
  envelope: Envelope;
  receivedAt: number;
}

/**
 * Signs of progress of one server on their way to their callers. What comes faster than anyone can read is thinned
 * out (B12): the newest of each call is held for a moment, or until its answer, so that the last one is never lost.
 */
export class CallProgress {
  readonly #gate = createFloodGate(PER_SECOND);
  readonly #held = new Map<UpstreamCall, Progress>();
  readonly #outlived = new Map<number, (progress: Progress) => void>();
  #timer: NodeJS.Timeout | undefined;

  pass(call: UpstreamCall, progress: Progress): void {
    if (this.#gate.passes(progress.receivedAt)) {
      this.#held.delete(call);
      call.progressed(progress.frame, progress.envelope, progress.receivedAt);
      return;
    }
    this.#held.set(call, { ...progress, frame: Buffer.from(progress.frame) });
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      for (const held of this.#held.keys()) this.flush(held);
    }, HOLD_MS).unref();
  }

  /** What is held for this call goes out now. */
  flush(call: UpstreamCall): void {
    const held = this.#held.get(call);
    if (!held) return;
    this.#held.delete(call);
    call.progressed(held.frame, held.envelope, held.receivedAt);
  }

  drop(call: UpstreamCall): void {
    this.#held.delete(call);
  }

  /** The token of a call stays good after its answer, for as long as the task that it started (2025-11-25, tasks). */
  outlive(number: number, progressed: (progress: Progress) => void): void {
    this.#outlived.set(number, progressed);
    if (this.#outlived.size > MAX_OUTLIVED) this.#outlived.delete(this.#outlived.keys().next().value!);
  }

  /** False when no task goes on under this number, or too much is said of it. */
  afterAnswer(number: number, progress: Progress): boolean {
    const progressed = this.#outlived.get(number);
    if (!progressed || !this.#gate.passes(progress.receivedAt)) return false;
    progressed(progress);
    return true;
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#held.clear();
    this.#outlived.clear();
  }
}
