/** A piece of an alignment: the pair stands in both, or one side has it alone (the other is -1). */
export interface Aligned {
  a: number;
  b: number;
}

/** Above this many comparisons only the equal beginning and end are matched. */
const MAX_CELLS = 1_000_000;

/** Aligns two lists by their longest common subsequence, in the order of both. */
export function alignLists(left: readonly string[], right: readonly string[]): Aligned[] {
  // Numbers in place of texts: a million comparisons of long texts would take seconds.
  const numbers = new Map<string, number>();
  const numberOf = (text: string): number => {
    let number = numbers.get(text);
    if (number === undefined) numbers.set(text, (number = numbers.size));
    return number;
  };
  const a = left.map(numberOf);
  const b = right.map(numberOf);
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let endA = a.length;
  let endB = b.length;
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA -= 1;
    endB -= 1;
  }
  const pairs: Aligned[] = [];
  for (let at = 0; at < start; at += 1) pairs.push({ a: at, b: at });
  pairs.push(...alignMiddle(a.slice(start, endA), b.slice(start, endB), start));
  for (let at = 0; endA + at < a.length; at += 1) pairs.push({ a: endA + at, b: endB + at });
  return pairs;
}

function alignMiddle(a: readonly number[], b: readonly number[], offset: number): Aligned[] {
  const alone = (side: 'a' | 'b', at: number): Aligned =>
    side === 'a' ? { a: at + offset, b: -1 } : { a: -1, b: at + offset };
  const pairs: Aligned[] = [];
  if (a.length * b.length > MAX_CELLS || a.length === 0 || b.length === 0) {
    for (let at = 0; at < a.length; at += 1) pairs.push(alone('a', at));
    for (let at = 0; at < b.length; at += 1) pairs.push(alone('b', at));
    return pairs;
  }
  const width = b.length + 1;
  const lengths = new Uint32Array((a.length + 1) * width);
  for (let row = a.length - 1; row >= 0; row -= 1) {
    for (let column = b.length - 1; column >= 0; column -= 1) {
      lengths[row * width + column] =
        a[row] === b[column]
          ? lengths[(row + 1) * width + column + 1]! + 1
          : Math.max(lengths[(row + 1) * width + column]!, lengths[row * width + column + 1]!);
    }
  }
  let row = 0;
  let column = 0;
  while (row < a.length || column < b.length) {
    if (row < a.length && column < b.length && a[row] === b[column]) {
      pairs.push({ a: row + offset, b: column + offset });
      row += 1;
      column += 1;
    } else if (
      column >= b.length ||
      (row < a.length && lengths[(row + 1) * width + column]! >= lengths[row * width + column + 1]!)
    ) {
      pairs.push(alone('a', row));
      row += 1;
    } else {
      pairs.push(alone('b', column));
      column += 1;
    }
  }
  return pairs;
}
