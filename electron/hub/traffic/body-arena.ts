import type { BodyBatch, BodyPart } from './stored-exchange.ts';

const FIRST_BYTES = 64 * 1024;
const MAX_BYTES = 32 * 1024 * 1024;

/** Whoever owns the id; it is read when the batch is taken, since it may not be known before. */
interface Owner {
  exchange: { id: number };
}

interface Entry {
  owner: Owner;
  part: BodyPart;
  offset: number;
  length: number;
  bytes: number;
}

/**
 * Copies frames one after the other into one growing buffer, which is then given to the worker without another copy.
 */
export class BodyArena {
  #data: Buffer<ArrayBuffer> | null = null;
  #used = 0;
  #entries: Entry[] = [];

  /** False when there is no room until the next take. */
  append(owner: Owner, part: BodyPart, frame: Buffer, limit: number): boolean {
    const length = Math.min(frame.length, limit);
    if (this.#used + length > MAX_BYTES) return false;
    const data = this.#room(length);
    frame.copy(data, this.#used, 0, length);
    this.#entries.push({ owner, part, offset: this.#used, length, bytes: frame.length });
    this.#used += length;
    return true;
  }

  take(): BodyBatch {
    const data = this.#data ?? Buffer.alloc(0);
    const entries = this.#entries.map(({ owner, ...entry }) => ({ exchangeId: owner.exchange.id, ...entry }));
    this.#data = null;
    this.#used = 0;
    this.#entries = [];
    return { data, entries };
  }

  #room(length: number): Buffer<ArrayBuffer> {
    const needed = this.#used + length;
    if (this.#data && this.#data.length >= needed) return this.#data;
    let size = this.#data?.length ?? FIRST_BYTES;
    while (size < needed) size *= 2;
    // Outside Node's shared pool: the whole buffer changes hands.
    const grown = Buffer.allocUnsafeSlow(size);
    this.#data?.copy(grown, 0, 0, this.#used);
    this.#data = grown;
    return grown;
  }
}
