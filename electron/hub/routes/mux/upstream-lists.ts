import type { Envelope } from '../../../../shared/json-rpc/envelope.ts';
import { findMember, findPath, listElements, stringAt } from '../../frames/find-member.ts';
import type { ToolObserver } from '../../tools/tool-observer.ts';
import type { ChangedList } from './attached.ts';
import { RPC } from './rpc-frames.ts';
import { HubRequestError } from './upstream-call.ts';
import type { Upstream } from './upstream.ts';

export type ListMethod = 'tools/list' | 'prompts/list' | 'resources/list' | 'resources/templates/list';

/** What the four lists differ in. */
export const LISTS: Readonly<Record<ListMethod, ListKind>> = {
  'tools/list': { member: 'tools', key: 'name', capability: 'tools' },
  'prompts/list': { member: 'prompts', key: 'name', capability: 'prompts' },
  'resources/list': { member: 'resources', key: 'uri', capability: 'resources' },
  'resources/templates/list': { member: 'resourceTemplates', key: 'uriTemplate', capability: 'resources' },
};

interface ListKind {
  /** Of the result, with the items. */
  member: string;
  /** Of each item, what it is asked for by. */
  key: string;
  /** Of the server, without which it is not asked. */
  capability: ChangedList;
}

/** One tool, prompt, resource or template, byte for byte as its server wrote it. */
export interface ListItem {
  /** Its name, URI or template. */
  key: string;
  bytes: Buffer;
  /** Where the key's value stands in `bytes`, quotes included. */
  keyStart: number;
  keyEnd: number;
  /** URIs of user interfaces that a tool refers to. */
  uris: readonly NamedUri[];
}

/** A URI inside a frame, `[start, end)` with its quotes. */
export interface NamedUri {
  uri: string;
  start: number;
  end: number;
}

/** A whole list at one moment; a new one after each change. */
export interface ListSnapshot {
  readonly items: readonly ListItem[];
  readonly keys: ReadonlySet<string>;
  /** Those that the items refer to. */
  readonly uris: ReadonlySet<string>;
  /** Milliseconds for which it holds as its server says; 0 where it does not (legacy). */
  readonly ttlMs: number;
  /** May be shown to whoever asks. */
  readonly isPublic: boolean;
}

/** A list that never ends (B26) or fills the memory (B24). */
const MAX_PAGES = 100;
const MAX_ITEMS = 10_000;
const MAX_BYTES = 64 * 1024 * 1024;
/** A server that promises no news of changes is asked again after this long. */
const UNPROMISED_MS = 2_000;

const EMPTY: ListSnapshot = { items: [], keys: new Set(), uris: new Set(), ttlMs: Infinity, isPublic: true };

interface Kept {
  snapshot: Promise<ListSnapshot>;
  /** Monotonic milliseconds. */
  until: number;
}

/** The lists of one server: all pages walked, asked for once however many wait, kept until they change. */
export class UpstreamLists {
  readonly #upstream: Upstream;
  readonly #tools: ToolObserver;
  readonly #kept = new Map<ListMethod, Kept>();
  /** The newest complete ones, for what must not wait. */
  readonly #last = new Map<ListMethod, ListSnapshot>();

  constructor(upstream: Upstream, tools: ToolObserver) {
    this.#upstream = upstream;
    this.#tools = tools;
  }

  /** Rejects with a HubRequestError. A server without the capability has an empty list and is not asked. */
  get(method: ListMethod): Promise<ListSnapshot> {
    const capability = this.#upstream.facts.capabilities[LISTS[method].capability];
    if (!capability) return Promise.resolve(EMPTY);
    const kept = this.#kept.get(method);
    if (kept && performance.now() < kept.until) return kept.snapshot;
    const snapshot = walk(this.#upstream, method);
    const entry: Kept = { snapshot, until: Infinity };
    this.#kept.set(method, entry);
    snapshot.then(
      (complete) => {
        if (this.#kept.get(method) !== entry) return;
        this.#last.set(method, complete);
        const { server, introducedAs } = this.#upstream;
        if (method === 'tools/list') this.#tools.listed(server, introducedAs, complete.items);
        if (!capability.listChanged)
          entry.until = performance.now() + Math.max(complete.ttlMs, UNPROMISED_MS);
      },
      () => {
        if (this.#kept.get(method) === entry) this.#kept.delete(method);
      },
    );
    return snapshot;
  }

  /** The newest that is there, without asking; null when there is none. */
  peek(method: ListMethod): ListSnapshot | null {
    return this.#last.get(method) ?? null;
  }

  forget(list: ChangedList): void {
    for (const method of Object.keys(LISTS) as ListMethod[]) {
      if (LISTS[method].capability === list) this.#kept.delete(method);
    }
  }
}

async function walk(upstream: Upstream, method: ListMethod): Promise<ListSnapshot> {
  const items: ListItem[] = [];
  const seen = new Set<string>();
  let cursor: string | null = null;
  let bytes = 0;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const params = cursor === null ? '{}' : JSON.stringify({ cursor });
    const { frame, envelope } = await upstream.own.ask(method, params);
    if (envelope.error) {
      // It declares the capability and lacks the method: nothing is listed.
      if (envelope.error.code === RPC.methodNotFound) return EMPTY;
      throw new HubRequestError({
        code: envelope.error.code ?? RPC.internal,
        message: envelope.error.message,
      });
    }
    const found = readItems(frame, envelope, method);
    if (!found) throw endless(upstream, method, 'is malformed');
    items.push(...found);
    bytes += frame.length;
    if (items.length > MAX_ITEMS || bytes > MAX_BYTES) throw endless(upstream, method, 'is too long');
    const next = findMember(frame, envelope.ranges.result, 'nextCursor');
    cursor = next && stringAt(frame, next);
    if (cursor === null) return snapshotOf(items, readHints(frame, envelope));
    if (seen.has(cursor)) throw endless(upstream, method, 'goes in circles');
    seen.add(cursor);
  }
  throw endless(upstream, method, 'never ends');
}

const endless = ({ server }: Upstream, method: string, what: string): HubRequestError =>
  new HubRequestError({ code: RPC.internal, message: `The answer of ${server} to ${method} ${what}.` });

/** A name that stands twice is the first. */
function snapshotOf(all: readonly ListItem[], hints: Pick<ListSnapshot, 'ttlMs' | 'isPublic'>): ListSnapshot {
  const keys = new Set<string>();
  const items = all.filter(({ key }) => {
    const isNew = !keys.has(key);
    keys.add(key);
    return isNew;
  });
  const uris = new Set(items.flatMap((item) => item.uris.map(({ uri }) => uri)));
  return { items, keys, uris, ...hints };
}

function readHints(frame: Buffer, { ranges }: Envelope): Pick<ListSnapshot, 'ttlMs' | 'isPublic'> {
  const ttl = findMember(frame, ranges.result, 'ttlMs');
  const ttlMs = ttl ? Number(frame.toString('latin1', ttl.start, ttl.end)) : 0;
  const scope = findMember(frame, ranges.result, 'cacheScope');
  return {
    ttlMs: ttlMs > 0 ? ttlMs : 0,
    isPublic: scope !== null && stringAt(frame, scope) === 'public',
  };
}

/** The items of one page; null when it holds no list. What has no name cannot be asked for and is left out. */
export function readItems(frame: Buffer, { ranges }: Envelope, method: ListMethod): ListItem[] | null {
  const { member, key } = LISTS[method];
  if (frame[ranges.result] !== 0x7b) return null;
  const list = findMember(frame, ranges.result, member);
  const elements = list && listElements(frame, list.start);
  if (!elements) return null;
  const items: ListItem[] = [];
  for (const { start, end } of elements) {
    const named = frame[start] === 0x7b ? findMember(frame, start, key) : null;
    const name = named && stringAt(frame, named);
    if (!named || name === null) continue;
    const bytes = frame.subarray(start, end);
    const [keyStart, keyEnd] = [named.start - start, named.end - start];
    items.push({ key: name, bytes, keyStart, keyEnd, uris: interfaceUris(bytes) });
  }
  return items;
}

const NO_URIS: readonly NamedUri[] = [];

/** MCP Apps: a tool names the page that shows its results, in a new way and in an old one. */
export function interfaceUris(tool: Buffer): readonly NamedUri[] {
  if (!tool.includes('ui://')) return NO_URIS;
  return [
    ['_meta', 'ui', 'resourceUri'],
    ['_meta', 'ui/resourceUri'],
  ].flatMap((path) => {
    const found = findPath(tool, 0, path);
    const uri = found && stringAt(tool, found);
    return found && uri !== null ? [{ uri, start: found.start, end: found.end }] : [];
  });
}
