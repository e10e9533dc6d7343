export interface HttpAnswer {
  status: number;
  /** The whole head in lower case. */
  head: string;
  body: Buffer;
}

/** Decodes one chunked body, however it is cut. */
export class ChunkedDecoder {
  readonly #onData: (part: Buffer) => void;
  readonly #onEnd: () => void;
  /** Bytes of the present chunk that are still to come, its line end included; 0: a size line comes next. */
  #left = 0;
  #sizeLine = '';
  #isLast = false;

  constructor(onData: (part: Buffer) => void, onEnd: () => void) {
    this.#onData = onData;
    this.#onEnd = onEnd;
  }

  push(bytes: Buffer): void {
    let at = 0;
    while (at < bytes.length) {
      if (this.#left > 0) {
        const take = Math.min(this.#left, bytes.length - at);
        // The last two bytes of a chunk are its line end.
        const data = Math.min(take, this.#left - 2);
        if (data > 0) this.#onData(bytes.subarray(at, at + data));
        this.#left -= take;
        at += take;
        continue;
      }
      const end = bytes.indexOf(0x0a, at);
      if (end === -1) {
        this.#sizeLine += bytes.toString('latin1', at);
        return;
      }
      const line = (this.#sizeLine + bytes.toString('latin1', at, end)).trim();
      this.#sizeLine = '';
      at = end + 1;
      if (this.#isLast) {
        if (line !== '') continue;
        this.#isLast = false;
        this.#onEnd();
        continue;
      }
      const size = Number.parseInt(line, 16);
      if (Number.isNaN(size)) throw new Error(`Not a chunk size: ${line.slice(0, 40)}`);
      if (size === 0) this.#isLast = true;
      else this.#left = size + 2;
    }
  }
}

/**
 * Reads the responses of one keep-alive connection, one after the other. `stream`, when given, gets the body of a
 * chunked response as it comes, and the response is handed over without one.
 */
export class HttpReader {
  readonly #onAnswer: (answer: HttpAnswer) => void;
  readonly #stream: ((part: Buffer) => void) | undefined;
  #parts: Buffer[] = [];
  #held = 0;
  /** Total bytes of head and body when the length is known. */
  #needed = 0;
  #bodyAt = 0;
  #head = '';
  #chunked: ChunkedDecoder | null = null;

  constructor(onAnswer: (answer: HttpAnswer) => void, stream?: (part: Buffer) => void) {
    this.#onAnswer = onAnswer;
    this.#stream = stream;
  }

  push(chunk: Buffer): void {
    if (this.#chunked) return this.#chunked.push(chunk);
    this.#parts.push(chunk);
    this.#held += chunk.length;
    if (this.#needed === 0 && !this.#readHead()) return;
    if (this.#chunked !== null || this.#held < this.#needed) return;
    const whole = this.#join();
    this.#finish(whole.subarray(this.#bodyAt, this.#needed));
  }

  /** False while the head is not complete, or once the body turned out to be chunked. */
  #readHead(): boolean {
    const bytes = this.#join();
    const end = bytes.indexOf('\r\n\r\n');
    if (end === -1) return false;
    this.#head = bytes.toString('latin1', 0, end).toLowerCase();
    this.#bodyAt = end + 4;
    const length = /\r\ncontent-length: *(\d+)/.exec(this.#head)?.[1];
    if (length !== undefined || !this.#head.includes('\r\ntransfer-encoding: chunked')) {
      this.#needed = this.#bodyAt + Number(length ?? 0);
      return true;
    }
    const body: Buffer[] = [];
    this.#chunked = new ChunkedDecoder(this.#stream ?? ((part) => body.push(part)), () =>
      this.#finish(Buffer.concat(body)),
    );
    if (this.#stream) this.#onAnswer({ status: this.#status(), head: this.#head, body: Buffer.alloc(0) });
    const rest = bytes.subarray(this.#bodyAt);
    this.#parts = [];
    this.#held = 0;
    if (rest.length > 0) this.#chunked.push(rest);
    return false;
  }

  #join(): Buffer {
    if (this.#parts.length > 1) this.#parts = [Buffer.concat(this.#parts, this.#held)];
    return this.#parts[0]!;
  }

  #status(): number {
    return Number(this.#head.slice(9, 12));
  }

  #finish(body: Buffer): void {
    const answer = { status: this.#status(), head: this.#head, body };
    this.#parts = [];
    this.#held = 0;
    this.#needed = 0;
    this.#chunked = null;
    this.#onAnswer(answer);
  }
}

/** The data of each event of a complete event stream, in order; what is no JSON object is left out. */
export function eventFrames(body: Buffer): Buffer[] {
  const frames: Buffer[] = [];
  let start = 0;
  while (start < body.length) {
    const newline = body.indexOf(0x0a, start);
    const end = newline === -1 ? body.length : newline;
    const frame = eventData(body.subarray(start, end));
    if (frame?.[0] === 0x7b) frames.push(frame);
    start = end + 1;
  }
  return frames;
}

/** What stands after `data:` in a line of an event stream; null for every other line. */
export function eventData(line: Buffer): Buffer | null {
  if (line.toString('latin1', 0, 5) !== 'data:') return null;
  const end = line[line.length - 1] === 0x0d ? line.length - 1 : line.length;
  return line.subarray(line[5] === 0x20 ? 6 : 5, end);
}
