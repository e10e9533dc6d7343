import { redactText } from './redaction-patterns.ts';

const MAX_REMEMBERED = 1_000;
/** A cut text is looked at this much further, and then loses as much of its last word. */
const LAST_WORD = 512;

/**
 * Makes names from the wire fit for the log: bounded, without secrets, and without NUL, at which SQLite would cut
 * them. Everything else stays as it is: it is data. The same few names come again and again, so they are remembered.
 */
export function createLabels(): (text: string, maxLength: number) => string {
  const remembered = new Map<string, string>();
  return (text, maxLength) => {
    const known = remembered.get(text);
    if (known !== undefined && known.length <= maxLength) return known;
    const label = cleanText(text, maxLength);
    if (text.length <= 256) {
      if (remembered.size >= MAX_REMEMBERED) remembered.clear();
      remembered.set(text, label);
    }
    return label;
  };
}

/** The same for texts that hardly come twice. */
export function cleanText(text: string, maxLength: number): string {
  const limit = maxLength + LAST_WORD;
  // Half a secret may be too short for its pattern.
  const head = text.length > limit ? text.slice(0, limit).replace(/\S{1,512}$/, '') : text;
  const { text: clean } = redactText(head);
  return clean.slice(0, maxLength).replaceAll('\0', '\u2400');
}
