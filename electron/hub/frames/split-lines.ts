/** Longest frame that is kept whole, in bytes. The SDK's own stdio limit is 10 MiB; servers do send more. */
export const MAX_FRAME_BYTES = 64 * 1024 * 1024;

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

export interface LineSink {
  /** One line without its line end. The buffer may be a view of a larger one: copy what must outlive the call. */
  line(bytes: Buffer): void;
  /** A line longer than the limit has ended; it was passed over. */
  oversized(bytes: number): void;
}

export interface LineSplitter {
  push(chunk: Buffer): void;
  /** What came after the last line end, given out as a line. */
  end(): void;
  /** The unfinished line so far; empty while a line that is too long is being passed over. */
  pending(): Buffer;
}

/**
 * Cuts a byte stream into lines whatever the chunking: one byte at a time, several lines in a chunk, split UTF-8.
 * Chunks of an unfinished line are kept as they are and joined once, so a long line costs one copy, not one a chunk.
 */
export function splitLines(sink: LineSink, maxBytes: number = MAX_FRAME_BYTES): LineSplitter {
  let parts: Buffer[] = [];
  let held = 0;
  /** Bytes of the current line when it is already too long and being passed over. */
  let skipped = 0;

  const hold = (bytes: Buffer): void => {
    if (bytes.length === 0) return;
    if (skipped > 0 || held + bytes.length > maxBytes) {
      skipped += held + bytes.length;
      parts = [];
      held = 0;
      return;
    }
    parts.push(bytes);
    held += bytes.length;
  };

  const finish = (): void => {
    if (skipped > 0) {
      sink.oversized(skipped);
      skipped = 0;
      return;
    }
    if (held === 0) return;
    let line = parts.length === 1 ? parts[0]! : Buffer.concat(parts, held);
    parts = [];
    held = 0;
    if (line[line.length - 1] === CARRIAGE_RETURN) line = line.subarray(0, line.length - 1);
    if (line.length > 0) sink.line(line);
  };

  return {
    push(chunk) {
      let start = 0;
      for (;;) {
        const end = chunk.indexOf(NEWLINE, start);
        if (end === -1) break;
        hold(chunk.subarray(start, end));
        finish();
        start = end + 1;
      }
      hold(chunk.subarray(start));
    },
    end: finish,
    pending: () => Buffer.concat(parts, held),
  };
}
