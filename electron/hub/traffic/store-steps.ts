/** A question whose answer takes several steps. */
export interface Steps {
  /** Takes one step; true when it was the last. Never throws. */
  step(): boolean;
  /** No further step will be taken: what they read is gone. */
  dropped(): void;
}

/**
 * Takes the steps of questions in turns, one with each turn of the event loop, so that rows are written and other
 * questions answered meanwhile.
 */
export class StepQueue {
  /** By the number of the call; the next one first. */
  readonly #waiting = new Map<number, Steps>();
  #isScheduled = false;

  /** The first step is taken at once. */
  add(call: number, steps: Steps): void {
    if (steps.step()) return;
    this.#waiting.set(call, steps);
    this.#schedule();
  }

  /** Nobody wants to know any more. */
  cancel(call: number): void {
    this.#waiting.delete(call);
  }

  dropAll(): void {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const steps of waiting) steps.dropped();
  }

  #schedule(): void {
    if (this.#isScheduled || this.#waiting.size === 0) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      const [next] = this.#waiting;
      if (!next) return;
      this.#waiting.delete(next[0]);
      this.add(...next);
      this.#schedule();
    });
  }
}
