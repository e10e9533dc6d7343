import { createHash } from 'node:crypto';
import { ServerFault } from './server-fault.ts';

/** A definition nested deeper than this is an attack on whoever walks it. */
const MAX_DEPTH = 200;

/**
 * JSON with the keys of every object in code-unit order, so that equal values give equal text. Takes what JSON.parse
 * returns; throws ServerFault for values nested deeper than 200 levels.
 */
export function canonicalJson(value: unknown, depth = 0): string {
  if (depth > MAX_DEPTH) throw new ServerFault(`describes a tool nested more than ${MAX_DEPTH} levels deep`);
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item, depth + 1)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const record = value as Readonly<Record<string, unknown>>;
  const members = Object.keys(record)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(record[key], depth + 1)}`);
  return `{${members.join(',')}}`;
}

/**
 * SHA-256 of a whole definition, every field of it, known to us or not (E29), but for the one it is known by: that is
 * compared by itself, and differs behind a gateway.
 */
export function definitionHash(definition: object, key: string): string {
  const named = Array.isArray(definition)
    ? definition
    : Object.fromEntries(Object.entries(definition).filter(([name]) => name !== key));
  return createHash('sha256').update(canonicalJson(named)).digest('hex');
}
