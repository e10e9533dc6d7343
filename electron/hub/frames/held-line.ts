/** Pieces from here on are kept as they came; smaller ones are collected, since each costs more than its bytes. */
const LARGE_PIECE = 8 * 1024;
const SMALLEST_BLOCK = 4 * 1024;
const LARGEST_BLOCK = 1024 * 1024;

/**
 * The part of a line that has come so far, in pieces. A long line that comes in large pieces is joined once, not once
 * a piece; one that comes byte by byte takes no more memory than a sixteenth beyond its length (B08, B09).
 */
export class HeldLine {
  #parts: Buffer[] = [];
  /** The last part when it is a block of our own with room in it. */
  #block: Buffer | null = null;
  #used = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Keeps a view of `piece` or a copy. */
  push(piece: Buffer): void {
    this.#length += piece.length;
    let rest = piece;
    if (this.#block !== null) {
      const taken = rest.copy(this.#block, this.#used);
      this.#used += taken;
      if (this.#used === this.#block.length) this.#block = null;
      if (taken === rest.length) return;
      rest = rest.subarray(taken);
    }
    // The first is kept in any case: mostly the next piece ends the line.
    if (this.#parts.length === 0 || rest.length >= LARGE_PIECE) {
      this.#parts.push(rest);
      return;
    }
    const room = Math.max(SMALLEST_BLOCK, Math.min(LARGEST_BLOCK, this.#length >> 4), rest.length);
    this.#block = Buffer.allocUnsafeSlow(room);
    this.#used = rest.copy(this.#block);
    this.#parts.push(this.#block);
    if (this.#used === room) this.#block = null;
  }

  /** All of it in one buffer. */
  join(): Buffer {
    return Buffer.concat(this.#parts, this.#length);
  }

  /** All of it and the piece that ends it; a view where that is all there is. Nothing is held any more. */
  finish(last: Buffer): Buffer {
    if (this.#length === 0) return last;
    const line = Buffer.allocUnsafe(this.#length + last.length);
    let at = 0;
    for (const part of this.takeParts()) at += part.copy(line, at);
    last.copy(line, at);
    return line;
  }

  /** The pieces in their order. Nothing is held any more. */
  takeParts(): Buffer[] {
    const parts = this.#parts;
    if (this.#block !== null) parts[parts.length - 1] = this.#block.subarray(0, this.#used);
    this.#parts = [];
    this.#block = null;
    this.#length = 0;
    return parts;
  }
}
