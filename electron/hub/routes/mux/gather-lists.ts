import type { ServerLink } from './server-link.ts';
import type { ListMethod, ListSnapshot } from './upstream-lists.ts';

/** With something to show, servers that are still starting are not waited for longer than this. */
const STRAGGLERS_MS = 5_000;

export interface ListPart {
  link: ServerLink;
  snapshot: ListSnapshot;
}

export interface GatherOptions {
  method: ListMethod;
  /** Who was not waited for before and has not come since: it costs nobody those seconds again. */
  late: Set<string>;
  /** A list has come that nobody waited for. */
  cameLate(): void;
}

/** The lists of all servers that can be had in time, in their order. A server that cannot be had has none. */
export function gatherLists(
  links: readonly ServerLink[],
  { method, late, cameLate }: GatherOptions,
): Promise<ListPart[]> {
  const keys = links.map(({ server }) => `${server} ${method}`);
  const punctual = keys.filter((key) => !late.has(key));
  const missing = new Set(keys);
  const awaited = new Set(punctual.length > 0 ? punctual : keys);
  const parts = new Map<string, ListPart>();
  return new Promise((resolve) => {
    let isTimeUp = false;
    let isOver = false;
    const look = (): void => {
      if (isOver || (awaited.size > 0 && !(isTimeUp && parts.size > 0))) return;
      isOver = true;
      clearTimeout(timer);
      for (const key of missing) late.add(key);
      resolve(keys.flatMap((key) => parts.get(key) ?? []));
    };
    const timer = setTimeout(() => {
      isTimeUp = true;
      look();
    }, STRAGGLERS_MS).unref();
    const settle = (key: string, part: ListPart | null): void => {
      missing.delete(key);
      awaited.delete(key);
      late.delete(key);
      if (part && isOver && part.snapshot.items.length > 0) cameLate();
      if (part) parts.set(key, part);
      look();
    };
    for (const [index, link] of links.entries()) {
      const key = keys[index]!;
      link.list(method).then(
        (snapshot) => settle(key, { link, snapshot }),
        () => settle(key, null),
      );
    }
    look();
  });
}
