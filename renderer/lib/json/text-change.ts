import { alignLists } from './longest-common.ts';

/** A part of two texts. `skipped` counts characters that are equal, or too many, and are not shown. */
export type TextPiece =
  { kind: 'same' | 'removed' | 'added'; text: string } | { kind: 'skipped'; characters: number };

/** Equal text shown around a change. */
const CONTEXT = 60;
/** Of one changed part. */
const MAX_PIECE = 2_000;
const MAX_LINES = 1_000;
/** Lines keep their ends, so that a last line without one is another line. */
const LINES = /(?<=\n)/;

/** How one text became another: line by line where there are lines, else the part between what is equal at both ends. */
export function textChange(a: string, b: string): TextPiece[] {
  const start = commonStart(a, b);
  const end = commonEnd(a, b, start);
  const lines = { a: a.split(LINES, MAX_LINES + 1), b: b.split(LINES, MAX_LINES + 1) };
  const isByLine =
    lines.a.length > 1 && lines.b.length > 1 && lines.a.length <= MAX_LINES && lines.b.length <= MAX_LINES;
  if (isByLine) return byLine(lines.a, lines.b);
  return [
    ...context(a.slice(0, start), 'before'),
    ...changed('removed', a.slice(start, a.length - end)),
    ...changed('added', b.slice(start, b.length - end)),
    ...context(a.slice(a.length - end), 'after'),
  ];
}

const isTail = (text: string, at: number): boolean => /[\uDC00-\uDFFF]/.test(text[at] ?? '');

function commonStart(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let at = 0;
  while (at < most && a.charCodeAt(at) === b.charCodeAt(at)) at += 1;
  return isTail(a, at) || isTail(b, at) ? Math.max(0, at - 1) : at;
}

function commonEnd(a: string, b: string, start: number): number {
  const most = Math.min(a.length, b.length) - start;
  let count = 0;
  while (count < most && a.charCodeAt(a.length - count - 1) === b.charCodeAt(b.length - count - 1))
    count += 1;
  return isTail(a, a.length - count) ? Math.max(0, count - 1) : count;
}

function changed(kind: 'removed' | 'added', text: string): TextPiece[] {
  if (text === '') return [];
  if (text.length <= MAX_PIECE) return [{ kind, text }];
  return [
    { kind, text: text.slice(0, MAX_PIECE) },
    { kind: 'skipped', characters: text.length - MAX_PIECE },
  ];
}

function context(text: string, where: 'before' | 'after' | 'between'): TextPiece[] {
  const sides = where === 'between' ? 2 : 1;
  if (text.length <= CONTEXT * sides + 20) return text === '' ? [] : [{ kind: 'same', text }];
  const skipped: TextPiece = { kind: 'skipped', characters: text.length - CONTEXT * sides };
  const head: TextPiece = { kind: 'same', text: text.slice(0, CONTEXT) };
  const tail: TextPiece = { kind: 'same', text: text.slice(-CONTEXT) };
  if (where === 'before') return [skipped, tail];
  return where === 'after' ? [head, skipped] : [head, skipped, tail];
}

function byLine(a: readonly string[], b: readonly string[]): TextPiece[] {
  const runs: { kind: 'same' | 'removed' | 'added'; text: string }[] = [];
  for (const pair of alignLists(a, b)) {
    const kind = pair.b === -1 ? 'removed' : pair.a === -1 ? 'added' : 'same';
    const text = kind === 'added' ? b[pair.b]! : a[pair.a]!;
    const last = runs.at(-1);
    if (last?.kind === kind) last.text += text;
    else runs.push({ kind, text });
  }
  return runs.flatMap(({ kind, text }, at) => {
    if (kind !== 'same') return changed(kind, text);
    return context(text, at === 0 ? 'before' : at === runs.length - 1 ? 'after' : 'between');
  });
}
