import { unifiedDiff } from '../migration/line-diff.ts';
import { maskedText } from '../migration/mask-secrets.ts';
import { tryParse } from './config-entries.ts';

/** The unified diff between two states of a file (null: no file), with secret-looking values covered on both sides. */
export function versionDiff(path: string, before: Uint8Array | null, after: Uint8Array | null): string {
  const known = new Map<string, string>();
  for (const bytes of [before, after]) if (bytes) learnLines(bytes, path, known);
  return unifiedDiff(path, shown(before, path, known), shown(after, path, known));
}

function shown(bytes: Uint8Array | null, path: string, known: ReadonlyMap<string, string>): string {
  if (!bytes) return '';
  const document = tryParse(bytes, path);
  if (typeof document !== 'string') return maskedText(document);
  // What is a key and what a value cannot be told here, so neither can what is a secret: only lines that also stand
  // in the readable side are shown, as they are shown there.
  return Buffer.from(bytes)
    .toString('utf8')
    .split('\n')
    .map((line) => known.get(line.trim()) ?? coveredLine(line))
    .join('\n');
}

function learnLines(bytes: Uint8Array, path: string, known: Map<string, string>): void {
  const document = tryParse(bytes, path);
  if (typeof document === 'string') return;
  const masked = maskedText(document).split('\n');
  const lines = document.text.split('\n');
  // Covering replaces strings, which hold no line end; were it ever otherwise, nothing is known.
  if (masked.length !== lines.length) return;
  for (const [index, line] of lines.entries()) known.set(line.trim(), masked[index]!);
}

const coveredLine = (line: string): string =>
  /^[\s{}[\],]*$/.test(line) ? line : `⟨${line.length} characters of a file that cannot be read⟩`;
