const NEWLINE = 0x0a;

/** Held back at most; beyond it bytes pass as they come, so that memory stays bounded whatever the server does. */
const MAX_HELD_BYTES = 64 * 1024 * 1024;

/**
 * Lets bytes through untouched, but only up to the last line end: if the hub dies in the middle of a line, the client
 * must not be left with half a frame that swallows the next one.
 */
export class WholeLines {
  readonly #emit: (bytes: Buffer) => void;
  #held: Buffer[] = [];
  #heldBytes = 0;

  constructor(emit: (bytes: Buffer) => void) {
    this.#emit = emit;
  }

  push(chunk: Buffer): void {
    const end = chunk.lastIndexOf(NEWLINE) + 1;
    if (end > 0 || this.#heldBytes + chunk.length > MAX_HELD_BYTES) {
      const cut = end > 0 ? end : chunk.length;
      this.flush();
      this.#emit(chunk.subarray(0, cut));
      chunk = chunk.subarray(cut);
    }
    if (chunk.length > 0) {
      this.#held.push(chunk);
      this.#heldBytes += chunk.length;
    }
  }

  /** The server has ended by itself: its last line may lack a line end. */
  flush(): void {
    for (const bytes of this.#held) this.#emit(bytes);
    this.drop();
  }

  /** The connection is lost: half a line is worth nothing. */
  drop(): void {
    this.#held = [];
    this.#heldBytes = 0;
  }
}
