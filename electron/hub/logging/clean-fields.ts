import { redactJson } from '../traffic/redaction.ts';
import { isSecretName } from '../traffic/redaction-keys.ts';
import { REDACTED, redactText } from '../traffic/redaction-patterns.ts';
import { visibleText } from './visible-text.ts';

/** What a record may say besides its event. */
export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

/** A record fits into one syslog message and one screen. */
const MAX_TEXT = 2_000;
const MAX_FIELDS = 24;
const MAX_NAME = 60;
/** Text without a space that is cut loses this much more: half a secret fits no pattern. */
const MAX_LOST_TAIL = 4_096;

/** What every record has of its own; a field of that name must not pass for it. */
const RESERVED: ReadonlySet<string> = new Set(['at', 'level', 'event']);

/**
 * Fields as they may be written: no secret by name or by pattern, nothing invisible, bounded. Every log goes through
 * here, whatever its caller promised (E16, E17).
 */
export function cleanFields(fields: LogFields = {}): Record<string, string | number | boolean | null> {
  const clean: Record<string, string | number | boolean | null> = {};
  for (const [name, value] of Object.entries(fields).slice(0, MAX_FIELDS)) {
    clean[cleanName(name)] = cleanValue(name, value);
  }
  return clean;
}

function cleanName(name: string): string {
  const clean = cleanText(name, MAX_NAME).replaceAll(/[^\w.-]/g, '_');
  return RESERVED.has(clean) ? `_${clean}` : clean;
}

function cleanValue(name: string, value: LogFields[string]): LogFields[string] {
  if (value === null || typeof value === 'boolean') return value;
  if (isSecretName(name)) return REDACTED;
  return typeof value === 'string' ? cleanText(value) : value;
}

/** Text of any origin as it may be written. Cut after the secrets are out: a cut secret fits no pattern. */
export function cleanText(text: string, limit: number = MAX_TEXT): string {
  const searched = wholeWords(text, limit * 4 + MAX_LOST_TAIL);
  // JSON in a message (an answer that was quoted) tells by its keys what is secret.
  const isJson = /^\s{0,100}[{[]/.test(searched);
  const clean = visibleText((isJson ? redactJson(searched, searched !== text) : redactText(searched)).text);
  return clean.length > limit ? `${clean.slice(0, limit)}…` : clean;
}

/** Not all of a huge text need be searched; what is left must not end within a secret. */
function wholeWords(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const head = text.slice(0, limit);
  return head.slice(0, Math.max(head.lastIndexOf(' '), head.lastIndexOf('\n'), limit - MAX_LOST_TAIL) + 1);
}
