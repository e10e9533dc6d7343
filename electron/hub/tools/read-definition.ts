import { createHash } from 'node:crypto';
import { canonicalJson } from '../witness/tool-hash.ts';

/** A definition as it is compared and kept. */
export interface SeenTool {
  /** SHA-256 of the canonical JSON: the order of keys and white space are no change. */
  hash: string;
  /** The canonical JSON; null where it is none, or longer than is kept. */
  text: string | null;
}

/** A longer definition is compared by its hash alone (B24). */
const MAX_TEXT_LENGTH = 16 * 1024;

const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');

/** What cannot be read as JSON, or is nested too deep to be walked, is compared byte for byte. */
export function readDefinition(bytes: Buffer): SeenTool {
  try {
    const text = canonicalJson(JSON.parse(bytes.toString('utf8')));
    return { hash: sha256(text), text: text.length <= MAX_TEXT_LENGTH ? text : null };
  } catch {
    return { hash: sha256(bytes), text: null };
  }
}

/** One short name for each set of capabilities, however they are written. */
export function audienceOf(capabilities: string): string {
  return readDefinition(Buffer.from(capabilities)).hash.slice(0, 16);
}

/**
 * A kept definition as lines for people: texts as they read, each line set in, so that no description can pass itself
 * off as another member.
 */
export function definitionLines(text: string | null): string {
  if (text === null) return '';
  const definition: unknown = JSON.parse(text);
  if (typeof definition !== 'object' || definition === null || Array.isArray(definition)) return `${text}\n`;
  return Object.entries(definition)
    .map(([key, value]) => {
      const shown = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
      return `${JSON.stringify(key)}:\n${shown
        .split(/\r\n|\r|\n/)
        .map((line) => `  ${line}`)
        .join('\n')}\n`;
    })
    .join('');
}

/** Members in which two kept definitions differ. */
export function changedParts(before: string | null, after: string | null): string[] {
  if (before === null || after === null) return [];
  const [old, fresh] = [membersOf(before), membersOf(after)];
  const keys = new Set([...old.keys(), ...fresh.keys()]);
  return [...keys].filter((key) => old.get(key) !== fresh.get(key)).sort();
}

const membersOf = (text: string): Map<string, string> =>
  new Map(
    Object.entries(JSON.parse(text) as Record<string, unknown>).map(([key, value]) => [
      key,
      JSON.stringify(value),
    ]),
  );
