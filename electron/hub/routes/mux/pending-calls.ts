import type { UpstreamCall } from './upstream-call.ts';

/** Calls under way at one server, by numbers that are given out once. */
export class PendingCalls {
  readonly #calls = new Map<number, UpstreamCall>();
  #last = 0;
  #placesTaken = 0;
  #ofClients = 0;

  get size(): number {
    return this.#calls.size;
  }

  /** Those that count against `concurrency`. */
  get placesTaken(): number {
    return this.#placesTaken;
  }

  /** Those that a client waits for. */
  get ofClients(): number {
    return this.#ofClients;
  }

  nextNumber(): number {
    this.#last += 1;
    return this.#last;
  }

  add(call: UpstreamCall): void {
    this.#calls.set(call.number, call);
    if (call.takesPlace) this.#placesTaken += 1;
    if (call.client) this.#ofClients += 1;
  }

  get(number: number): UpstreamCall | undefined {
    return this.#calls.get(number);
  }

  /** False when it was not under way. */
  delete(call: UpstreamCall): boolean {
    if (!this.#calls.delete(call.number)) return false;
    if (call.takesPlace) this.#placesTaken -= 1;
    if (call.client) this.#ofClients -= 1;
    return true;
  }

  values(): Iterable<UpstreamCall> {
    return this.#calls.values();
  }

  /** The only one there is. */
  get single(): UpstreamCall | undefined {
    return this.#calls.size === 1 ? this.#calls.values().next().value : undefined;
  }

  /** All of them, which are under way no longer. */
  takeAll(): UpstreamCall[] {
    const all = [...this.#calls.values()];
    this.#calls.clear();
    this.#placesTaken = 0;
    this.#ofClients = 0;
    return all;
  }
}
