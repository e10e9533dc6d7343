import { readEnvelope } from '../frames/read-envelope.ts';
import { splitLines } from '../frames/split-lines.ts';
import type { Instance } from '../servers/instance-pool.ts';
import type { SessionTap } from '../traffic/tap.ts';
import type { HttpExchange } from './http-exchange.ts';

/** Frames kept for a client that has no stream open at the moment; older ones are dropped. */
const MAX_BACKLOG = 1_000;

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;

/**
 * One Streamable HTTP session with its own server process (handshake era). Frames pass as they are; the session only
 * decides on which response a frame of the server travels.
 */
export class HttpSession {
  readonly id: string;
  readonly server: string;
  readonly instance: Instance;
  readonly #tap: SessionTap;
  readonly #posts = new Set<HttpExchange>();
  #stream: HttpExchange | null = null;
  #backlog: Buffer[] = [];
  /** Raw id of a handshake that the hub itself says again, and who waits for its answer. */
  #replay: { id: string; answered(answer: Buffer): void } | null = null;
  lastUsedAt = performance.now();

  constructor({
    id,
    server,
    instance,
    tap,
  }: {
    id: string;
    server: string;
    instance: Instance;
    tap: SessionTap;
  }) {
    this.id = id;
    this.server = server;
    this.instance = instance;
    this.#tap = tap;
    let receivedAt = 0;
    const lines = splitLines({
      line: (line) => {
        this.#fromServer(line);
        tap.frame('server-to-client', line, receivedAt, performance.now());
      },
      oversized: (bytes) => tap.oversized('server-to-client', bytes),
    });
    instance.child.stdout.on('data', (chunk: Buffer) => {
      receivedAt = performance.now();
      lines.push(chunk);
    });
  }

  get isIdle(): boolean {
    return this.#posts.size === 0 && this.#stream === null;
  }

  /** True when a request with this id is under way: ids must be unique while they are (C04). */
  owes(id: string): boolean {
    return [...this.#posts].some((post) => post.owed.has(id));
  }

  /** Says a frame of the hub's own to the server. */
  say(frame: Buffer): void {
    const { stdin } = this.instance.child;
    if (stdin.writable) stdin.write(Buffer.concat([oneLine(frame), Buffer.from([NEWLINE])]));
  }

  /** Says a frame of the hub's own to the client. */
  tell(frame: Buffer): void {
    this.#toClient(frame, null);
  }

  /** Says the client's handshake again; resolves with the answer, which the client does not see. */
  replay(initialize: Buffer, timeoutMs: number): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const id = readEnvelope(initialize)?.id ?? 'null';
      const timer = setTimeout(() => reject(new Error('The server did not answer.')), timeoutMs);
      const finish = (): void => {
        clearTimeout(timer);
        this.#replay = null;
      };
      void this.instance.ended.then(() => {
        finish();
        reject(new Error('The server ended at its start.'));
      });
      this.#replay = {
        id,
        answered(answer) {
          finish();
          resolve(Buffer.from(answer));
        },
      };
      this.say(initialize);
    });
  }

  /** Hands a frame of the client to the server. `exchange` is where its answer goes, when it is a request. */
  toServer(frame: Buffer, receivedAt: number, exchange: HttpExchange | null): void {
    this.lastUsedAt = performance.now();
    if (exchange) this.#posts.add(exchange);
    this.say(frame);
    this.#tap.frame('client-to-server', frame, receivedAt, performance.now());
  }

  /** Takes over a GET stream; false when there already is one. */
  openStream(stream: HttpExchange): boolean {
    if (this.#stream?.isOpen) return false;
    this.#stream = stream;
    stream.openStream();
    for (const frame of this.#backlog) stream.send(frame, false);
    this.#backlog = [];
    return true;
  }

  closeStream(stream: HttpExchange): void {
    if (this.#stream === stream) this.#stream = null;
  }

  /** The client went away from a POST; in this era that does not cancel the call, its answer is dropped. */
  abandon(exchange: HttpExchange): void {
    this.#posts.delete(exchange);
  }

  /** Answers what is still owed with an error and closes every response. */
  end(message: string): void {
    for (const post of this.#posts) {
      const ids = [...post.owed];
      for (const [index, id] of ids.entries()) {
        const error = JSON.stringify({ code: -32_000, message });
        post.send(Buffer.from(`{"jsonrpc":"2.0","id":${id},"error":${error}}`), index === ids.length - 1);
      }
      post.end();
    }
    this.#posts.clear();
    this.#stream?.end();
    this.#tap.close();
  }

  #fromServer(line: Buffer): void {
    this.lastUsedAt = performance.now();
    const envelope = readEnvelope(line);
    // Text between the frames is not for the client (B07).
    if (!envelope) return;
    const frame = oneLine(line);
    if (envelope.kind === 'response' && envelope.id !== null) {
      if (envelope.id === this.#replay?.id) return this.#replay.answered(frame);
      for (const post of this.#posts) {
        if (!post.owed.delete(envelope.id)) continue;
        const isLast = post.owed.size === 0;
        if (isLast) this.#posts.delete(post);
        post.send(frame, isLast);
        return;
      }
      return;
    }
    this.#toClient(frame, envelope.progressToken);
  }

  #toClient(frame: Buffer, token: string | null): void {
    const owner = token === null ? undefined : [...this.#posts].find((post) => post.tokens.has(token));
    // A server on stdio does not say which call a message belongs to; the newest call is the best guess without a stream.
    const target = owner ?? (this.#stream?.isOpen ? this.#stream : [...this.#posts].at(-1));
    if (target?.isOpen) return target.send(frame, false);
    this.#backlog.push(Buffer.from(frame));
    if (this.#backlog.length > MAX_BACKLOG) this.#backlog.shift();
  }
}

/** In valid JSON a raw line end can only be white space between tokens; a space means the same. */
function oneLine(frame: Buffer): Buffer {
  if (!frame.includes(NEWLINE) && !frame.includes(CARRIAGE_RETURN)) return frame;
  const copy = Buffer.from(frame);
  for (let index = 0; index < copy.length; index += 1) {
    if (copy[index] === NEWLINE || copy[index] === CARRIAGE_RETURN) copy[index] = SPACE;
  }
  return copy;
}
