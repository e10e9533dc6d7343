import { MAX_FRAME_BYTES } from '../../frames/split-lines.ts';

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const COLON = 0x3a;
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);
/** An id goes back in a header, and those are bounded at the other side too. */
const MAX_ID_BYTES = 1_024;
const MAX_TYPE_BYTES = 128;
/** JSON needs one. Each costs an object of ours, and an empty one next to nothing to the sender. */
const MAX_DATA_LINES = 65_536;
/** As many pieces of a line are joined at once: one-byte chunks must not cost an object a byte. */
const MAX_LOOSE_PARTS = 1_024;

export interface SseSink {
  /**
   * One event that carries data, its lines joined by LF. `data` may be a view that is good during the call only.
   * `type` is `message` where the stream names none.
   */
  event(data: Buffer, type: string): void;
  /** An event longer than the limit has ended; it was passed over (B09). */
  oversized(bytes: number): void;
}

export interface SseParser {
  push(chunk: Buffer): void;
  /** Id of the last complete event that has one, as Latin-1 for a header; '' before the first. */
  readonly lastEventId: string;
  /** Milliseconds the server wants to be left alone before the next connection; null when it has not said. */
  readonly retryMs: number | null;
}

/**
 * Reads `text/event-stream` from bytes, whatever the chunking. Line ends may be CR, LF or CRLF, mixed. An event that
 * is cut off by the end of the stream never comes out, nor does its id (B29). Events without data (those that only
 * set an id, as a server primes a stream) do not come out either; their id counts.
 */
export function createSseParser(sink: SseSink, maxBytes: number = MAX_FRAME_BYTES): SseParser {
  /** Pieces of the unfinished line, joined once: a long line costs one copy, not one a chunk. */
  let lineParts: Buffer[] = [];
  let looseParts = 0;
  let lineBytes = 0;
  let data: Buffer[] = [];
  let dataBytes = 0;
  /** Bytes of the current event when it is already too long and being passed over. */
  let skipped = 0;
  let type = '';
  let id: string | null = null;
  let lastEventId = '';
  let retryMs: number | null = null;
  let isFirstLine = true;
  /** The last chunk ended in CR: an LF at the start of the next one belongs to it. */
  let isAfterCr = false;

  const drop = (): void => {
    lineParts = [];
    looseParts = 0;
    data = [];
    dataBytes = 0;
  };

  const hold = (bytes: Buffer): void => {
    if (bytes.length === 0) return;
    if (skipped > 0 || dataBytes + lineBytes + bytes.length > maxBytes) {
      skipped += (skipped === 0 ? dataBytes + lineBytes : 0) + bytes.length;
      drop();
    } else {
      lineParts.push(bytes);
      looseParts += 1;
      if (looseParts === MAX_LOOSE_PARTS) {
        lineParts.push(Buffer.concat(lineParts.splice(-MAX_LOOSE_PARTS)));
        looseParts = 0;
      }
    }
    lineBytes += bytes.length;
  };

  const endEvent = (): void => {
    // That of a passed-over event too: what was too long once would be again.
    if (id !== null) lastEventId = id;
    if (skipped > 0) sink.oversized(skipped);
    // One LF was counted for each line.
    else if (dataBytes > data.length) sink.event(joinLines(data), type || 'message');
    drop();
    skipped = 0;
    type = '';
    id = null;
  };

  const field = (line: Buffer): void => {
    const colon = line.indexOf(COLON);
    if (colon === 0) return;
    const name = line.toString('latin1', 0, Math.min(colon === -1 ? line.length : colon, 6));
    const isSpaced = colon !== -1 && line[colon + 1] === SPACE;
    const value = colon === -1 ? line.subarray(line.length) : line.subarray(colon + (isSpaced ? 2 : 1));
    if (name === 'data') {
      data.push(value);
      dataBytes += value.length + 1;
      if (data.length > MAX_DATA_LINES) {
        skipped = dataBytes;
        drop();
      }
    } else if (name === 'event') {
      type = value.length <= MAX_TYPE_BYTES ? value.toString() : 'unknown';
    } else if (name === 'id') {
      if (value.length <= MAX_ID_BYTES && isHeaderText(value)) id = value.toString('latin1');
    } else if (name === 'retry') {
      const text = value.toString('latin1', 0, 10);
      if (/^\d{1,9}$/.test(text)) retryMs = Number(text);
    }
  };

  const endLine = (): void => {
    const isFirst = isFirstLine;
    isFirstLine = false;
    if (lineBytes === 0) return endEvent();
    let line = lineParts.length === 1 ? lineParts[0]! : Buffer.concat(lineParts);
    lineParts = [];
    looseParts = 0;
    lineBytes = 0;
    if (isFirst && line.subarray(0, 3).equals(BOM)) line = line.subarray(3);
    if (skipped === 0 && line.length > 0) field(line);
  };

  return {
    get lastEventId() {
      return lastEventId;
    },
    get retryMs() {
      return retryMs;
    },
    push(chunk) {
      if (chunk.length === 0) return;
      let start = isAfterCr && chunk[0] === LF ? 1 : 0;
      isAfterCr = false;
      // Each is looked for again only once it was passed: JSON holds no CR, so that search is made once a chunk.
      let lf = chunk.indexOf(LF, start);
      let cr = chunk.indexOf(CR, start);
      for (;;) {
        if (lf !== -1 && lf < start) lf = chunk.indexOf(LF, start);
        if (cr !== -1 && cr < start) cr = chunk.indexOf(CR, start);
        const end = cr === -1 || (lf !== -1 && lf < cr) ? lf : cr;
        if (end === -1) break;
        hold(chunk.subarray(start, end));
        endLine();
        start = end + 1;
        if (end !== cr) continue;
        if (start === chunk.length) isAfterCr = true;
        else if (chunk[start] === LF) start += 1;
      }
      hold(chunk.subarray(start));
    },
  };
}

function joinLines(lines: readonly Buffer[]): Buffer {
  if (lines.length === 1) return lines[0]!;
  const joined = Buffer.allocUnsafe(lines.reduce((sum, { length }) => sum + length + 1, -1));
  let at = 0;
  for (const line of lines) {
    if (at > 0) joined[at - 1] = LF;
    at += line.copy(joined, at) + 1;
  }
  return joined;
}

/** What Node lets into a header: anything but control characters, of which NUL is barred by the format too. */
function isHeaderText(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0x09 || (byte >= SPACE && byte !== 0x7f));
}
