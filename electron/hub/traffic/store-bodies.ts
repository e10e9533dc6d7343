import type { CapturedBody } from '../../../shared/model/exchange.ts';
import { redactJson } from './redaction.ts';

/** A body begins below this in its slice, so that one number says where it stands. */
export const MAX_OFFSET = 1024 * 1024;
const FIRST_BYTES = 64 * 1024;
/** Length in bytes; then redactions, and in the lowest bit whether it was cut. */
const HEADER_BYTES = 8;
const MAX_REDACTIONS = 2 ** 31 - 1;

/** Slice and offset as one number, which stays exact for 2^33 slices. */
export const bodyPlace = (slice: number, offset: number): number => slice * MAX_OFFSET + offset;

export const sliceOf = (place: number): number => Math.floor(place / MAX_OFFSET);

/** A captured frame, or what the capture limit left of it: a range of the batch's bodies. */
export interface CapturedFrame {
  bodies: Buffer;
  offset: number;
  length: number;
  /** Size on the wire. */
  bytes: number;
}

/** Bodies of one slice, without their secrets, one after the other. The buffer serves all slices of a store. */
export class SliceBodies {
  #data = Buffer.allocUnsafeSlow(FIRST_BYTES);
  #used = 0;

  get bytes(): Buffer {
    return this.#data.subarray(0, this.#used);
  }

  /** True when the next body must begin another slice. */
  get isFull(): boolean {
    return this.#used >= MAX_OFFSET;
  }

  clear(): void {
    this.#used = 0;
    // One huge body is no reason to keep as much for ever.
    if (this.#data.length > 4 * MAX_OFFSET) this.#data = Buffer.allocUnsafeSlow(FIRST_BYTES);
  }

  /** Takes the secrets out and returns the offset of what is left. */
  add({ bodies, offset, length, bytes }: CapturedFrame): number {
    const isTruncated = length < bytes;
    const end = isTruncated ? wholeCharactersEnd(bodies, offset, offset + length) : offset + length;
    const captured = bodies.toString('utf8', offset, end);
    const { text, redactions } = redactJson(captured, isTruncated);
    const at = this.#used;
    const start = at + HEADER_BYTES;
    let written: number;
    if (text === captured) {
      written = end - offset;
      this.#ensure(start + written);
      bodies.copy(this.#data, start, offset, end);
    } else {
      this.#ensure(start + Buffer.byteLength(text));
      written = this.#data.write(text, start);
    }
    this.#data.writeUInt32LE(written, at);
    this.#data.writeUInt32LE(Math.min(redactions, MAX_REDACTIONS) * 2 + (isTruncated ? 1 : 0), at + 4);
    this.#used = start + written;
    return at;
  }

  #ensure(bytes: number): void {
    let size = this.#data.length;
    if (size >= bytes) return;
    while (size < bytes) size *= 2;
    const grown = Buffer.allocUnsafeSlow(size);
    this.#data.copy(grown, 0, 0, this.#used);
    this.#data = grown;
  }
}

/** A body as it stands in a slice's data, to be kept apart; null when the data does not reach so far. */
export function cutBody(data: Uint8Array, place: number): Uint8Array | null {
  const at = place % MAX_OFFSET;
  const start = at + HEADER_BYTES;
  if (start > data.length) return null;
  return data.subarray(at, start + asBuffer(data).readUInt32LE(at));
}

/** What `cutBody` gave, with the size the frame had on the wire. */
export function readBody(cut: Uint8Array, bytes: number): CapturedBody {
  const buffer = asBuffer(cut);
  const note = buffer.readUInt32LE(4);
  const text = buffer.toString('utf8', HEADER_BYTES);
  return { text, bytes, truncated: note % 2 === 1, redactions: Math.floor(note / 2) };
}

const asBuffer = (data: Uint8Array): Buffer => Buffer.from(data.buffer, data.byteOffset, data.byteLength);

/** The end of a range without the first bytes of a character that the capture limit cut. */
function wholeCharactersEnd(bytes: Buffer, from: number, end: number): number {
  if (from === end) return end;
  let start = end - 1;
  while (start > from && start > end - 4 && (bytes[start]! & 0xc0) === 0x80) start -= 1;
  const lead = bytes[start] ?? 0;
  const needed = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
  return start + needed > end ? start : end;
}
