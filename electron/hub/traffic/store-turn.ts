/** How long one step of a question may keep the store from writing; a piece of a step may make it a little longer. */
const STEP_MS = 20;

/** Says when a question that takes long should let others have their turn. */
export class Turn {
  #begun = performance.now();

  get isOver(): boolean {
    return performance.now() - this.#begun >= STEP_MS;
  }

  begin(): void {
    this.#begun = performance.now();
  }
}
