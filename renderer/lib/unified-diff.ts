/** One line of a unified diff; numbers are 1-based and null on the side the line is missing from. */
export interface DiffLine {
  kind: 'add' | 'remove' | 'same' | 'hunk' | 'meta';
  text: string;
  before: number | null;
  after: number | null;
  /** The part of `text` that differs from the line it was paired with, `end` exclusive. */
  changed?: { start: number; end: number };
}

const HUNK = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/;

/** Reads a unified diff of one file. Lines it does not understand are shown as they are, never dropped. */
export function parseUnifiedDiff(diff: string): DiffLine[] {
  const lines: DiffLine[] = [];
  let before = 0;
  let after = 0;
  let isInHunk = false;
  for (const text of diff.replace(/\n$/, '').split('\n')) {
    const hunk = HUNK.exec(text);
    if (hunk) {
      before = Number(hunk[1]);
      after = Number(hunk[2]);
      isInHunk = true;
      lines.push({ kind: 'hunk', text, before: null, after: null });
    } else if (!isInHunk || text.startsWith('\\')) {
      lines.push({ kind: 'meta', text, before: null, after: null });
    } else if (text.startsWith('+')) {
      lines.push({ kind: 'add', text: text.slice(1), before: null, after: after++ });
    } else if (text.startsWith('-')) {
      lines.push({ kind: 'remove', text: text.slice(1), before: before++, after: null });
    } else {
      lines.push({ kind: 'same', text: text.slice(1), before: before++, after: after++ });
    }
  }
  markChanges(lines);
  return lines;
}

/** Pairs removed with added lines, in order, where as many came as went, and marks what differs within each pair. */
function markChanges(lines: DiffLine[]): void {
  for (let index = 0; index < lines.length;) {
    const removed = countFrom(lines, index, 'remove');
    const added = countFrom(lines, index + removed, 'add');
    if (removed === added) {
      for (let pair = 0; pair < removed; pair += 1)
        markPair(lines[index + pair]!, lines[index + removed + pair]!);
    }
    index += Math.max(1, removed + added);
  }
}

function countFrom(lines: readonly DiffLine[], start: number, kind: DiffLine['kind']): number {
  let end = start;
  while (lines[end]?.kind === kind) end += 1;
  return end - start;
}

function markPair(removed: DiffLine, added: DiffLine): void {
  const shorter = Math.min(removed.text.length, added.text.length);
  let head = 0;
  while (head < shorter && removed.text[head] === added.text[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && removed.text.at(-1 - tail) === added.text.at(-1 - tail)) tail += 1;
  for (const line of [removed, added]) line.changed = { start: head, end: line.text.length - tail };
}
