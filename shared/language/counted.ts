/**
 * A number with its noun, in English: `1 server`, `3 servers`. For the command line and what the hub says itself, whose
 * numbers are written plainly so that a script can read them; the window and the desktop shell use `quantitiesIn`.
 */
export const counted = (count: number, one: string, other = `${one}s`): string =>
  `${count} ${count === 1 ? one : other}`;
