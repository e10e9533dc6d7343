/** Kept of each end of a line that is too long to keep: ids, which stand at the ends, are at most half as long. */
export const EDGE_BYTES = 2 * 1024;

/** The first and the last bytes of a line that is passed over. */
export class LineEdges {
  readonly #head = Buffer.allocUnsafeSlow(EDGE_BYTES);
  #headLength = 0;
  /** The newest bytes stand at the end of what is used; moved to the front when there is no room left. */
  readonly #tail = Buffer.allocUnsafeSlow(2 * EDGE_BYTES);
  #tailLength = 0;
  #length = 0;

  /** Length of the whole line so far. */
  get length(): number {
    return this.#length;
  }

  push(piece: Buffer): void {
    this.#length += piece.length;
    const taken = piece.copy(this.#head, this.#headLength);
    this.#headLength += taken;
    const rest = piece.subarray(Math.max(taken, piece.length - EDGE_BYTES));
    if (this.#tailLength + rest.length > this.#tail.length) {
      const kept = Math.min(EDGE_BYTES, this.#tailLength);
      this.#tail.copyWithin(0, this.#tailLength - kept, this.#tailLength);
      this.#tailLength = kept;
    }
    this.#tailLength += rest.copy(this.#tail, this.#tailLength);
  }

  /** The line with its middle cut out. */
  join(): Buffer {
    const tailStart = Math.max(0, this.#tailLength - EDGE_BYTES);
    return Buffer.concat([
      this.#head.subarray(0, this.#headLength),
      this.#tail.subarray(tailStart, this.#tailLength),
    ]);
  }
}
