import { HeldLine } from './held-line.ts';
import { LineEdges } from './line-edges.ts';

/** Longest frame that is kept whole, in bytes (B09). The SDK's own stdio limit is 10 MiB; servers do send more. */
export const MAX_FRAME_BYTES = 16 * 1024 * 1024;

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

const NOTHING = Buffer.alloc(0);

export interface LineSink {
  /** One line without its line end. The buffer may be a view of a larger one: copy what must outlive the call. */
  line(bytes: Buffer): void;
  /**
   * A line longer than the limit has ended; it was passed over. `edges` is that line with its middle cut out: what
   * stands at either end, as an id does, can still be read (`readCutAnswerId`).
   */
  oversized(bytes: number, edges: Buffer): void;
}

export interface LineSplitter {
  push(chunk: Buffer): void;
  /** What came after the last line end, given out as a line. */
  end(): void;
  /** The unfinished line so far; empty while a line that is too long is being passed over. */
  pending(): Buffer;
}

/**
 * Cuts a byte stream into lines whatever the chunking: one byte at a time, several lines in a chunk, split UTF-8,
 * CRLF (B08). A line within one chunk is a view of it. What is held of an unfinished line is bounded by `maxBytes`, a
 * sixteenth and one chunk; joining it takes its length once more, for the time of the call.
 */
export function splitLines(sink: LineSink, maxBytes: number = MAX_FRAME_BYTES): LineSplitter {
  const held = new HeldLine();
  /** Set while the current line is too long already and being passed over. */
  let edges: LineEdges | null = null;

  const hold = (piece: Buffer): void => {
    if (edges === null && held.length + piece.length > maxBytes) {
      edges = new LineEdges();
      for (const part of held.takeParts()) edges.push(part);
    }
    if (edges) edges.push(piece);
    else if (piece.length > 0) held.push(piece);
  };

  const finish = (last: Buffer): void => {
    if (edges !== null || held.length + last.length > maxBytes) {
      hold(last);
      const { length } = edges!;
      const cut = edges!.join();
      edges = null;
      sink.oversized(length, cut);
      return;
    }
    const line = held.finish(last);
    const { length } = line;
    const end = line[length - 1] === CARRIAGE_RETURN ? length - 1 : length;
    if (end > 0) sink.line(end === length ? line : line.subarray(0, end));
  };

  return {
    push(chunk) {
      let start = 0;
      for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
        finish(chunk.subarray(start, end));
        start = end + 1;
      }
      if (start < chunk.length) hold(start === 0 ? chunk : chunk.subarray(start));
    },
    end: () => finish(NOTHING),
    pending: () => held.join(),
  };
}
