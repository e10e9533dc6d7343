import { z } from 'zod';
import type { LegacyClient } from './legacy-client.ts';
import { RpcFault, ServerFault } from './server-fault.ts';
import { definitionHash } from './tool-hash.ts';

/** Longer lists than this are taken for endless (B26). */
const MAX_PAGES = 100;
const MAX_ITEMS = 10_000;
const METHOD_NOT_FOUND = -32_601;

/** How much time is left for everything still to be asked. */
export type TimeLeft = () => number;

/** A list of definitions that a server gives page by page. */
export interface ListKind {
  method: string;
  /** Member of the answer that holds the definitions. */
  member: string;
  /** Member of a definition by which it is known. */
  key: string;
  /** In words, several of them. */
  words: string;
}

export const TOOLS: ListKind = { method: 'tools/list', member: 'tools', key: 'name', words: 'tools' };

const PageFrame = z.looseObject({ nextCursor: z.string().nullish() });

/**
 * Every page of a list, as key to the hash of its definition. Of several definitions with one key each counts. A
 * server that does not know the method has an empty list.
 */
export async function listAll(
  client: LegacyClient,
  kind: ListKind,
  timeLeft: TimeLeft,
): Promise<Map<string, string>> {
  const hashes = new Map<string, string>();
  const seen = new Set<string>();
  let cursor: string | undefined;
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    const page = await requestPage(client, kind, { cursor, timeLeft });
    for (const { key, definition } of page.items) {
      const earlier = hashes.get(key);
      const hash = definitionHash(definition, kind.key);
      hashes.set(key, earlier === undefined ? hash : definitionHash([earlier, hash], kind.key));
    }
    if (hashes.size > MAX_ITEMS) throw new ServerFault(`lists more than ${MAX_ITEMS} ${kind.words}`);
    if (!page.nextCursor) return hashes;
    if (seen.has(page.nextCursor))
      throw new ServerFault(`has a list of ${kind.words} that comes back to the same page`);
    seen.add(page.nextCursor);
    cursor = page.nextCursor;
  }
  throw new ServerFault(`has a list of ${kind.words} with more than ${MAX_PAGES} pages`);
}

interface Page {
  items: { key: string; definition: object }[];
  nextCursor: string | null | undefined;
}

async function requestPage(
  client: LegacyClient,
  kind: ListKind,
  { cursor, timeLeft }: { cursor: string | undefined; timeLeft: TimeLeft },
): Promise<Page> {
  let answer: unknown;
  try {
    answer = await client.request(kind.method, cursor === undefined ? {} : { cursor }, timeLeft());
  } catch (error) {
    if (cursor === undefined && error instanceof RpcFault && error.code === METHOD_NOT_FOUND)
      return { items: [], nextCursor: null };
    throw error;
  }
  const page = PageFrame.safeParse(answer);
  const items = page.success ? readItems(page.data[kind.member], kind.key) : null;
  if (!page.success || !items)
    throw new ServerFault(`answered ${kind.method} with something that is not a list of ${kind.words}`);
  return { items, nextCursor: page.data.nextCursor };
}

/** Definitions stay as they were parsed: a copy could lose odd keys such as `__proto__`. */
function readItems(list: unknown, key: string): Page['items'] | null {
  if (!Array.isArray(list)) return null;
  const items = list.map((definition: unknown) => {
    if (typeof definition !== 'object' || definition === null || !Object.hasOwn(definition, key)) return null;
    const name = (definition as Readonly<Record<string, unknown>>)[key];
    return typeof name === 'string' ? { key: name, definition } : null;
  });
  return items.every((item) => item !== null) ? items : null;
}
