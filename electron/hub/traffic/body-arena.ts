const FIRST_BYTES = 64 * 1024;
const MAX_BYTES = 32 * 1024 * 1024;
/** Buffers that came back and wait for the next batch; larger ones are rare and are left to the garbage collector. */
const MAX_SPARE = 2;
const MAX_SPARE_BYTES = 2 * 1024 * 1024;

/**
 * Copies frames one after the other into a buffer, which is then given to the worker and comes back when it was
 * written.
 */
export class BodyArena {
  #data: Buffer<ArrayBuffer> | null = null;
  #used = 0;
  readonly #spare: Buffer<ArrayBuffer>[] = [];

  get used(): number {
    return this.#used;
  }

  /** Copies the first `length` bytes and says where they stand; -1 when there is no room until the next take. */
  append(frame: Buffer, length: number): number {
    const offset = this.#used;
    if (offset + length > MAX_BYTES) return -1;
    const data = this.#room(length);
    // For a whole frame `set` spares the view, which costs more than copying a small one.
    if (length === frame.length) data.set(frame, offset);
    else frame.copy(data, offset, 0, length);
    this.#used = offset + length;
    return offset;
  }

  /** The buffer, whose first `used` bytes count; the next frame begins another one. */
  take(): Uint8Array<ArrayBuffer> {
    const data = this.#data ?? new Uint8Array(0);
    this.#data = null;
    this.#used = 0;
    return data;
  }

  /** A taken buffer that nobody reads any more. */
  recycle({ buffer }: Uint8Array<ArrayBuffer>): void {
    if (buffer.byteLength === 0 || buffer.byteLength > MAX_SPARE_BYTES) return;
    if (this.#spare.length < MAX_SPARE) this.#spare.push(Buffer.from(buffer));
  }

  #room(length: number): Buffer<ArrayBuffer> {
    const needed = this.#used + length;
    const data = this.#data ?? this.#spare.pop() ?? null;
    this.#data = data;
    if (data && data.length >= needed) return data;
    let size = data?.length ?? FIRST_BYTES;
    while (size < needed) size *= 2;
    // Outside Node's shared pool: the whole buffer changes hands.
    const grown = Buffer.allocUnsafeSlow(size);
    data?.copy(grown, 0, 0, this.#used);
    this.#data = grown;
    return grown;
  }
}
