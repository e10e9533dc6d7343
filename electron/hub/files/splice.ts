/** One replacement in a text; offset and length in UTF-16 units. */
export interface Splice {
  offset: number;
  length: number;
  text: string;
}

/** A text together with the bytes it was decoded from, proven to be the same thing. */
export interface EncodedText {
  readonly text: string;
  readonly bytes: Uint8Array;
}

/**
 * The new bytes. What lies outside the splices is copied byte for byte from the old ones and compared again in the
 * result; throws when splices overlap or the comparison fails.
 */
export function applySplices({ text, bytes }: EncodedText, splices: readonly Splice[]): Uint8Array {
  const ordered = [...splices].sort((a, b) => a.offset - b.offset || a.length - b.length);
  const parts: Uint8Array[] = [];
  const kept: { before: number; after: number; length: number }[] = [];
  let units = 0;
  let before = 0;
  let after = 0;

  const keepUpTo = (offset: number): void => {
    const length = Buffer.byteLength(text.slice(units, offset));
    parts.push(bytes.subarray(before, before + length));
    kept.push({ before, after, length });
    units = offset;
    before += length;
    after += length;
  };
  for (const { offset, length, text: replacement } of ordered) {
    if (offset < units || length < 0 || offset + length > text.length) {
      throw new Error(`Splice at ${offset} overlaps another or leaves the text.`);
    }
    keepUpTo(offset);
    const fresh = Buffer.from(replacement);
    parts.push(fresh);
    after += fresh.length;
    before += Buffer.byteLength(text.slice(offset, offset + length));
    units = offset + length;
  }
  keepUpTo(text.length);

  const result = Buffer.concat(parts);
  const intact = kept.every((range) =>
    result
      .subarray(range.after, range.after + range.length)
      .equals(bytes.subarray(range.before, range.before + range.length)),
  );
  if (!intact || before !== bytes.length || after !== result.length) {
    throw new Error('Bytes outside the edited ranges would change.');
  }
  return result;
}
