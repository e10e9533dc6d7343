import type { ServerResponse } from 'node:http';

/** Idle streams are closed by proxies and forgotten by laptops; a comment keeps them known to be alive (C02). */
const KEEP_ALIVE_MS = 15_000;
/** A client that reads so slowly loses its stream instead of the hub its memory (C03). */
const MAX_UNSENT_BYTES = 64 * 1024 * 1024;

/**
 * One HTTP response of a session: a stream of events, or one JSON answer when the first thing to say is already the
 * last. The decision waits for the first frame.
 */
export class HttpExchange {
  readonly #response: ServerResponse;
  readonly #headers: Record<string, string>;
  readonly #acceptsStream: boolean;
  #keepAlive: NodeJS.Timeout;
  /** Raw JSON ids this response still owes an answer. */
  readonly owed = new Set<string>();
  /** Raw JSON progress tokens that belong to this response. */
  readonly tokens = new Set<string>();

  constructor(
    response: ServerResponse,
    options: { headers: Record<string, string>; acceptsStream: boolean },
  ) {
    this.#response = response;
    this.#headers = options.headers;
    this.#acceptsStream = options.acceptsStream;
    this.#keepAlive = setInterval(() => this.#beat(), KEEP_ALIVE_MS);
    this.#keepAlive.unref();
    response.once('close', () => clearInterval(this.#keepAlive));
  }

  get isOpen(): boolean {
    return !this.#response.writableEnded && !this.#response.destroyed;
  }

  /** Starts the stream now: for a GET, which has no answer to wait for. */
  openStream(): void {
    if (this.#response.headersSent) return;
    this.#response.writeHead(200, {
      ...this.#headers,
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    });
    this.#response.flushHeaders();
  }

  /** Says one frame; with `last` nothing follows. */
  send(frame: Buffer, last: boolean): void {
    if (!this.isOpen) return;
    if (last && !this.#response.headersSent) {
      this.#response.writeHead(200, {
        ...this.#headers,
        'content-type': 'application/json',
        'content-length': String(frame.length),
      });
      this.#response.end(frame);
      return;
    }
    this.openStream();
    if (this.#response.writableLength > MAX_UNSENT_BYTES) return void this.#response.destroy();
    this.#response.write('event: message\ndata: ');
    this.#response.write(frame);
    this.#response.write('\n\n');
    if (last) this.#response.end();
  }

  end(): void {
    if (this.isOpen) this.#response.end();
  }

  #beat(): void {
    if (!this.isOpen) return;
    if (!this.#response.headersSent && !this.#acceptsStream) return;
    this.openStream();
    this.#response.write(': alive\n\n');
  }
}
