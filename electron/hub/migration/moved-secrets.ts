import { z } from 'zod';
import { PatchbayError } from '../../../shared/model/error.ts';
import { memberOf } from '../files/json-node.ts';
import type { JsonDocument } from '../files/json-document.ts';
import type { Splice } from '../files/splice.ts';
import type { Entry } from './entry.ts';
import type { Move } from './move.ts';

/** A value that goes from a client's file to the secret store. Holds no value. */
export const MovedSecret = z.object({
  part: z.enum(['env', 'headers']),
  /** Of the variable or header. */
  key: z.string(),
  /** Name in the store. */
  secret: z.string(),
});
export type MovedSecret = z.infer<typeof MovedSecret>;

/** Names in the store by what they are the value of. */
export const namesByKey = (
  moved: readonly MovedSecret[] | undefined,
  part: MovedSecret['part'],
): ReadonlyMap<string, string> =>
  new Map((moved ?? []).filter((one) => one.part === part).map(({ key, secret }) => [key, secret]));

/** The values that moves put into the store, by their names there. */
export function valuesOf(moves: readonly Move[]): Map<string, string> {
  const values = new Map<string, string>();
  for (const move of moves) {
    if (move.way === 'gateway') continue;
    const { original } = move;
    for (const { part, key, secret } of move.secrets ?? []) {
      const from = part === 'env' && 'env' in original ? original.env : null;
      const value = 'headers' in original ? original.headers.get(key) : from?.get(key);
      if (value !== undefined) values.set(secret, value);
    }
  }
  return values;
}

/**
 * The edits that take the values out of an entry. An empty text stays in the place of each: it changes least, it says
 * where the value belongs, and clients would not take a `${…}` that they cannot fill in.
 */
export function blankSecrets(entry: Entry, moved: readonly MovedSecret[]): Splice[] {
  return moved.flatMap((one) => {
    const value = valueNode(entry, one);
    return value ? [{ offset: value.offset, length: value.length, text: '""' }] : [];
  });
}

/**
 * The edits that put the values back as they were written in the saved original. One that has got another value since
 * keeps it. Throws when there is no original to take them from.
 */
export function unblankSecrets(
  entry: Entry,
  moved: readonly MovedSecret[],
  original: { document: JsonDocument; entry: Entry | undefined } | PatchbayError,
): Splice[] {
  const open = moved.filter((one) => valueNode(entry, one)?.value === '');
  if (open.length === 0) return [];
  if (original instanceof PatchbayError) throw withoutOriginal(entry.name, open, original);
  return open.flatMap((one) => {
    const place = valueNode(entry, one)!;
    const saved = original.entry && valueNode(original.entry, one);
    if (!saved) return [];
    const text = original.document.text.slice(saved.offset, saved.offset + saved.length);
    return [{ offset: place.offset, length: place.length, text }];
  });
}

const valueNode = ({ node }: Entry, { part, key }: MovedSecret) =>
  memberOf(memberOf(node, part)?.value, key)?.value;

/** The entry works as it is, through Patchbay; without the value it would not. */
export function withoutOriginal(
  name: string,
  moved: readonly Pick<MovedSecret, 'secret'>[],
  cause?: PatchbayError,
): PatchbayError {
  const names = moved.map(({ secret }) => secret).join(', ');
  return new PatchbayError(
    'BACKUP_MISSING',
    `${JSON.stringify(name)} has a secret in the secret store (${names}), and the saved original that holds its value cannot be read.`,
    { hint: 'Write the value into the entry yourself; it is in secrets.json of the data folder.' },
    cause,
  );
}
