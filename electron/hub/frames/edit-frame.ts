/** One replacement of bytes `[start, end)` of a frame; `start === end` inserts. */
export interface Edit {
  start: number;
  end: number;
  /** JSON text or bytes to put there; '' removes. */
  with: string | Buffer;
}

/**
 * A new frame with the edits made and every other byte as it was. They may come in any order; insertions at one place
 * are made in the order given, and before a replacement that starts there. Throws a RangeError where two overlap or
 * one leaves the frame: that is a mistake of the caller, never of who wrote the frame.
 */
export function editFrame(frame: Buffer, edits: readonly Edit[]): Buffer {
  const sorted = isSorted(edits) ? edits : edits.toSorted(byPosition);
  let length = frame.length;
  let from = 0;
  for (const edit of sorted) {
    // Written so that a NaN fails too.
    if (!(edit.start >= from && edit.end >= edit.start && edit.end <= frame.length)) {
      throw new RangeError(`The edit [${edit.start}, ${edit.end}) overlaps another or leaves the frame.`);
    }
    from = edit.end;
    length += byteLength(edit.with) - (edit.end - edit.start);
  }
  const out = Buffer.allocUnsafe(length);
  let at = 0;
  from = 0;
  for (const { start, end, with: text } of sorted) {
    at += frame.copy(out, at, from, start);
    at += typeof text === 'string' ? out.write(text, at) : text.copy(out, at);
    from = end;
  }
  frame.copy(out, at, from);
  return out;
}

const byteLength = (text: string | Buffer): number =>
  typeof text === 'string' ? Buffer.byteLength(text) : text.length;

const byPosition = (one: Edit, other: Edit): number => one.start - other.start || one.end - other.end;

function isSorted(edits: readonly Edit[]): boolean {
  for (let index = 1; index < edits.length; index += 1) {
    if (byPosition(edits[index - 1]!, edits[index]!) > 0) return false;
  }
  return true;
}
