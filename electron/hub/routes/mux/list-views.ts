import type { Era } from '../../../../shared/json-rpc/envelope.ts';
import { editFrame } from '../../frames/edit-frame.ts';
import { asLegacyTool, asModernTool } from './eras/tools.ts';
import { exposedName, withHash } from './exposed-names.ts';
import type { ListItem, ListMethod, ListSnapshot } from './upstream-lists.ts';

/** What of a server's list is shown on an endpoint, and under which names. */
export interface ListView {
  /** By the name that is shown, the server's own. */
  readonly originals: ReadonlyMap<string, string>;
  /** The items as the client sees them, in the server's order. */
  readonly items: readonly { shown: string; bytes: Buffer }[];
  /** All items, with commas between. */
  readonly joined: Buffer;
}

export interface ViewTerms {
  server: string;
  method: ListMethod;
  /** Eras of the list and of who sees it. */
  from: Era;
  to: Era;
  /** What is shown of a tool, before the server's name is put before it; null hides it. */
  exposed(name: string): string | null;
  /** Whether this definition of a tool is kept from clients; its name stays taken. */
  isHeld(item: ListItem): boolean;
  /** How the server's name stands before each name; null where there is one server only. */
  prefix: { prefix: string; isAmbiguous: boolean } | null;
}

/** Views are made once per list and endpoint, and live as long as the list. */
export class ListViews {
  #made = new WeakMap<ListSnapshot, Map<string, ListView>>();

  /** `key` names everything that the terms depend on. */
  of(snapshot: ListSnapshot, key: string, terms: ViewTerms): ListView {
    let byKey = this.#made.get(snapshot);
    if (!byKey) this.#made.set(snapshot, (byKey = new Map()));
    let view = byKey.get(key);
    if (!view) byKey.set(key, (view = makeView(snapshot, terms)));
    return view;
  }

  /** The catalog has changed, and with it what is shown. */
  forgetAll(): void {
    this.#made = new WeakMap();
  }
}

function makeView({ items }: ListSnapshot, terms: ViewTerms): ListView {
  const names = shownNames(items, terms);
  const shown = items.flatMap((item) => {
    const name = names.get(item.key);
    if (name === undefined || (terms.method === 'tools/list' && terms.isHeld(item))) return [];
    try {
      return [{ shown: name, bytes: showItem(item, name, terms) }];
    } catch {
      // A schema that is no JSON costs its own tool only (B24).
      return [];
    }
  });
  const pieces = shown.flatMap(({ bytes }, index) => (index === 0 ? [bytes] : [COMMA, bytes]));
  return {
    originals: new Map([...names].map(([original, name]) => [name, original])),
    items: shown,
    joined: Buffer.concat(pieces),
  };
}

const COMMA = Buffer.from(',');

/** By the server's own names. Two tools that a rule gives one name: the one that had it keeps it. */
function shownNames(
  items: readonly ListItem[],
  { server, method, exposed, prefix }: ViewTerms,
): Map<string, string> {
  const chosen = new Map<string, string>();
  for (const { key } of items) {
    const name = method === 'tools/list' ? exposed(key) : key;
    if (name !== null) chosen.set(key, name);
  }
  const keepers = new Set([...chosen].filter(([original, name]) => original === name).map(([name]) => name));
  const names = new Map<string, string>();
  for (const [original, name] of [...chosen].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const isTaken = name !== original && keepers.has(name);
    keepers.add(name);
    const own = isTaken ? withHash(name, `${server}\0${original}`) : name;
    names.set(original, prefix ? exposedName(server, own, prefix) : own);
  }
  return names;
}

function showItem(item: ListItem, shown: string, { method, from, to }: ViewTerms): Buffer {
  const { bytes, key, keyStart, keyEnd } = item;
  const named =
    shown === key ? bytes : editFrame(bytes, [{ start: keyStart, end: keyEnd, with: JSON.stringify(shown) }]);
  if (method !== 'tools/list' || from === to) return named;
  return to === 'legacy' ? asLegacyTool(named) : asModernTool(named);
}
