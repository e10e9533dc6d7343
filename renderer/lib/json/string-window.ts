/** The part of a long text that is laid out. */
export interface StringWindow {
  from: number;
  to: number;
}

/** Shown of a long text at first: enough to see what it is, so little that what follows stays in view. */
const FIRST_PART = 1_500;
/** Shown more with each request. */
const NEXT_PART = 50_000;

/** What a long text shows at first. */
export const firstWindow = (length: number): StringWindow => ({ from: 0, to: Math.min(length, FIRST_PART) });

/** More of it, towards the end or the beginning. */
export const widenWindow = (
  { from, to }: StringWindow,
  length: number,
  where: 'before' | 'after',
): StringWindow =>
  where === 'after'
    ? { from, to: Math.min(length, to + NEXT_PART) }
    : { from: Math.max(0, from - NEXT_PART), to };

/** A window in which a position can be seen; the same one when it can be seen already. */
export function windowAround(window: StringWindow, length: number, position: number): StringWindow {
  if (position >= window.from && position < window.to) return window;
  // Reachable with one more part: what was read so far stays.
  if (position >= window.to && position < window.to + NEXT_PART)
    return { from: window.from, to: Math.min(length, position + FIRST_PART) };
  return { from: Math.max(0, position - FIRST_PART), to: Math.min(length, position + FIRST_PART) };
}
