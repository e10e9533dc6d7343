import { createHash } from 'node:crypto';

/**
 * Longest name that is shown: with the `mcp__<entry>__` that Claude Code puts before it, it stays within the 64
 * characters that several clients and their models allow.
 */
export const MAX_NAME = 54;
const SEPARATOR = '__';
const HASH_LENGTH = 8;
const NOT_ALLOWED = /[^A-Za-z0-9_-]/g;

const clean = (name: string): string => name.replaceAll(NOT_ALLOWED, '-');

/**
 * Names of the servers of one endpoint as they stand before the separator, and which of them could make a name that
 * another server's tool has: `a` + `b__c` and `a__b` + `c`. Decided by the servers' names alone, so that a tool is
 * called the same whichever servers run and in whatever order they answer.
 */
export function serverPrefixes(
  servers: readonly string[],
): ReadonlyMap<string, { prefix: string; isAmbiguous: boolean }> {
  const prefixes = servers.map(clean);
  return new Map(
    servers.map((server, index) => {
      const prefix = prefixes[index]!;
      const isAmbiguous = prefixes.some(
        (other, at) =>
          at !== index &&
          (prefix === other || prefix === `${other}_` || prefix.startsWith(other + SEPARATOR)),
      );
      return [server, { prefix, isAmbiguous }];
    }),
  );
}

/**
 * The name under which one of several servers' tools or prompts is shown: `{server}__{name}`. One that holds other
 * characters, is too long or could be mistaken gets a hash of what it stands for.
 */
export function exposedName(
  server: string,
  name: string,
  { prefix, isAmbiguous }: { prefix: string; isAmbiguous: boolean },
): string {
  const plain = prefix + SEPARATOR + clean(name);
  const isExact = plain === server + SEPARATOR + name;
  return isExact && !isAmbiguous && plain.length <= MAX_NAME ? plain : withHash(plain, `${server}\0${name}`);
}

/** Whether a name that is shown could be one of this server's. */
export const mayBelongTo = (shown: string, { prefix }: { prefix: string }): boolean =>
  shown.startsWith((prefix + SEPARATOR).slice(0, MAX_NAME - HASH_LENGTH - 1));

/** `text` cut to make room for a hash of `what`, which makes it one of its own. */
export function withHash(text: string, what: string): string {
  const hash = createHash('sha256').update(what).digest('hex').slice(0, HASH_LENGTH);
  return `${text.slice(0, MAX_NAME - HASH_LENGTH - 1)}_${hash}`;
}
