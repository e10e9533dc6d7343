import type { Duplex, Writable } from 'node:stream';

/** Held for a server that does not read; beyond it its client is held up, and nobody else (B17). */
const MOST_UNREAD_BYTES = 1024 * 1024;

/**
 * A client that is held up is not read, so its end would not be seen. Until this much is held, one more chunk of it is
 * taken every second.
 */
const MOST_PEEKED_BYTES = 8 * 1024 * 1024;
const PEEK_MS = 1_000;

/** A server that has taken nothing for so long, with so much waiting, will not read again. */
const GIVE_UP_MS = 10 * 60_000;

/** One client's bytes on their way into its server, which may read slowly or not at all. */
export class ServerInput {
  readonly #client: Duplex;
  readonly #stdin: Writable;
  readonly #stuck: () => void;
  #timer: NodeJS.Timeout | null = null;
  /** Bytes handed to the stream so far, and how many of them the server had taken when that last changed. */
  #given = 0;
  #taken = 0;
  #takenAt = 0;

  /** `stuck`: the server does not read any more. */
  constructor(client: Duplex, stdin: Writable, stuck: () => void) {
    this.#client = client;
    this.#stdin = stdin;
    this.#stuck = stuck;
    stdin.on('drain', this.#drained);
  }

  push(chunk: Buffer): void {
    if (!this.#stdin.writable) return;
    this.#given += chunk.length;
    this.#stdin.write(chunk);
    if (this.#stdin.writableLength > MOST_UNREAD_BYTES) this.#hold();
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#stdin.off('drain', this.#drained);
  }

  #hold(): void {
    this.#client.pause();
    if (this.#takenAt === 0) this.#takenAt = performance.now();
    this.#timer ??= setTimeout(this.#peek, PEEK_MS).unref();
  }

  readonly #peek = (): void => {
    this.#timer = null;
    const taken = this.#given - this.#stdin.writableLength;
    if (taken !== this.#taken) {
      this.#taken = taken;
      this.#takenAt = performance.now();
    } else if (performance.now() - this.#takenAt > GIVE_UP_MS) {
      return this.#stuck();
    }
    if (this.#stdin.writableLength < MOST_PEEKED_BYTES) this.#client.resume();
    else this.#hold();
  };

  readonly #drained = (): void => {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#takenAt = 0;
    this.#client.resume();
  };
}
