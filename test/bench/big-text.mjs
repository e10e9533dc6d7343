// @ts-check

/** Length of the large result, in characters and bytes: one MiB of ASCII. */
export const BIG_LENGTH = 1_048_576;

/** A log of some 13,000 lines with quotes, as tools return them: every line needs escapes in JSON. */
export function bigText() {
  let text = '';
  for (let line = 0; text.length < BIG_LENGTH; line += 1) {
    text += `2026-11-21T10:${String(line % 60).padStart(2, '0')}:00Z INFO "worker-${line % 32}" job="${line}" took ${line % 977} ms, queue "default"\n`;
  }
  return text.slice(0, BIG_LENGTH);
}
