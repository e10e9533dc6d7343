import { createFairQueue, type FairQueue } from '../../servers/fair-queue.ts';
import type { UpstreamCall } from './upstream-call.ts';

/** Calls that may wait for a place at one server, and their bytes (B17). */
const MAX_CALLS = 256;
export const MAX_WAITING_BYTES = 8 * 1024 * 1024;

/** Calls that wait for a free place, one caller after the other (B18, C23). */
export class WaitingCalls {
  readonly #queue: FairQueue<UpstreamCall> = createFairQueue(MAX_CALLS);
  #bytes = 0;

  get size(): number {
    return this.#queue.size;
  }

  /** False when it is full. */
  push(call: UpstreamCall): boolean {
    if (this.#bytes + call.bytes > MAX_WAITING_BYTES || !this.#queue.push(call.caller, call)) return false;
    this.#bytes += call.bytes;
    return true;
  }

  shift(): UpstreamCall | undefined {
    const call = this.#queue.shift();
    if (call) this.#bytes -= call.bytes;
    return call;
  }

  /** False when it does not wait here. */
  remove(call: UpstreamCall): boolean {
    if (!this.#queue.remove(call.caller, call)) return false;
    this.#bytes -= call.bytes;
    return true;
  }
}
