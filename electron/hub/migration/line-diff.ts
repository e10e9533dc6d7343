const CONTEXT = 3;
/** How far ahead the two texts are searched for a line they share again. */
const WINDOW = 400;

/** Lines without their ends, and whether the last one had none. */
interface Lines {
  lines: string[];
  endsOpen: boolean;
}

/** A run of lines replaced by another run; either may be empty. Indices count from 0. */
interface Change {
  before: number;
  removed: number;
  after: number;
  added: number;
}

/**
 * A unified diff, empty when the texts are equal. Linear in the size of the texts: always right, not always the
 * shortest. Line ends are not shown.
 */
export function unifiedDiff(path: string, before: string, after: string): string {
  if (before === after) return '';
  const old = splitLines(before);
  const fresh = splitLines(after);
  const changes = findChanges(old, fresh);
  const hunks = groupChanges(changes).map((group) => hunkText(group, old, fresh));
  return [`--- ${path}`, `+++ ${path}`, ...hunks].join('\n') + '\n';
}

function splitLines(text: string): Lines {
  const lines = text.split(/\r\n|\n/);
  const endsOpen = lines.at(-1) !== '';
  if (!endsOpen) lines.pop();
  return { lines, endsOpen };
}

function findChanges(old: Lines, fresh: Lines): Change[] {
  const changes: Change[] = [];
  const same = (i: number, j: number): boolean =>
    old.lines[i] === fresh.lines[j] &&
    // The last line without an end differs from the same line with one.
    (i === old.lines.length - 1 && old.endsOpen) === (j === fresh.lines.length - 1 && fresh.endsOpen);
  // A lone bracket is the same everywhere and proves no meeting.
  const isTelling = (i: number): boolean => /[\p{L}\p{N}]/u.test(old.lines[i]!);
  const ends = [old.lines.length, fresh.lines.length] as const;
  let i = 0;
  let j = 0;
  while (i < old.lines.length || j < fresh.lines.length) {
    if (i < old.lines.length && j < fresh.lines.length && same(i, j)) {
      i += 1;
      j += 1;
      continue;
    }
    const [removed, added] = nextMeeting([i, j], ends, same, isTelling);
    changes.push({ before: i, removed, after: j, added });
    i += removed;
    j += added;
  }
  return changes;
}

/** How many lines to leave on either side until they meet: at a line with words in it, at two
 * lines in a row, or at the ends; fewest in all. */
function nextMeeting(
  [i, j]: readonly [number, number],
  [oldEnd, freshEnd]: readonly [number, number],
  same: (i: number, j: number) => boolean,
  isTelling: (i: number) => boolean,
): [number, number] {
  for (let total = 1; total <= WINDOW; total += 1) {
    for (let removed = 0; removed <= total; removed += 1) {
      const a = i + removed;
      const b = j + total - removed;
      if (a > oldEnd || b > freshEnd) continue;
      if (a === oldEnd && b === freshEnd) return [removed, total - removed];
      if (a >= oldEnd || b >= freshEnd || !same(a, b)) continue;
      const bothEnd = a + 1 === oldEnd && b + 1 === freshEnd;
      const nextToo = a + 1 < oldEnd && b + 1 < freshEnd && same(a + 1, b + 1);
      if (bothEnd || nextToo || isTelling(a)) return [removed, total - removed];
    }
  }
  return [oldEnd - i, freshEnd - j];
}

function groupChanges(changes: readonly Change[]): Change[][] {
  const groups: Change[][] = [];
  for (const change of changes) {
    const last = groups.at(-1)?.at(-1);
    if (last && change.before - (last.before + last.removed) <= 2 * CONTEXT) groups.at(-1)!.push(change);
    else groups.push([change]);
  }
  return groups;
}

function hunkText(group: readonly Change[], old: Lines, fresh: Lines): string {
  const [first] = group;
  const last = group.at(-1)!;
  const start = Math.max(0, first!.before - CONTEXT);
  const end = Math.min(old.lines.length, last.before + last.removed + CONTEXT);
  const freshStart = first!.after - (first!.before - start);
  const freshEnd = last.after + last.added + (end - last.before - last.removed);

  const lines: string[] = [];
  const push = (sign: string, { lines: all, endsOpen }: Lines, from: number, to: number): void => {
    for (let index = from; index < to; index += 1) {
      lines.push(sign + all[index]!);
      if (endsOpen && index === all.length - 1) lines.push('\\ No newline at end of file');
    }
  };
  let shown = start;
  for (const { before, removed, after, added } of group) {
    push(' ', old, shown, before);
    push('-', old, before, before + removed);
    push('+', fresh, after, after + added);
    shown = before + removed;
  }
  push(' ', old, shown, end);
  const range = (from: number, to: number): string => `${to === from ? from : from + 1},${to - from}`;
  return [`@@ -${range(start, end)} +${range(freshStart, freshEnd)} @@`, ...lines].join('\n');
}
