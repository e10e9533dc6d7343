import type { ClientConversation } from './conversation.ts';
import { mayBelongTo, serverPrefixes } from './exposed-names.ts';
import type { ListView, ViewTerms } from './list-views.ts';
import { parameterHeadersOf, type ParameterHeaders } from './parameter-headers.ts';
import type { ServerLink } from './server-link.ts';
import type { ListItem, ListMethod, ListSnapshot } from './upstream-lists.ts';

export interface NamedRoute {
  link: ServerLink;
  /** As the server calls it. */
  original: string;
}

/** Names one client uses are remembered; one that tries names at random must not fill the memory. */
const MAX_ROUTES = 1_000;

export type NamedList = 'tools/list' | 'prompts/list';

/** Whose a tool or prompt is. Never read off the name: it is looked up in what was shown. */
export class NamedRoutes {
  readonly #conversation: ClientConversation;
  readonly #routes = new Map<string, NamedRoute>();
  readonly #renamed = new Set<string>();
  readonly #headers = new Map<string, ParameterHeaders>();
  #prefixes: ReturnType<typeof serverPrefixes> | null = null;

  constructor(conversation: ClientConversation) {
    this.#conversation = conversation;
  }

  /** Lists or the catalog have changed. */
  forget(): void {
    this.#routes.clear();
    this.#prefixes = null;
  }

  /** Whether a single server's own name is the one that is shown, as far as the client has been told. */
  isPlain(list: NamedList, link: ServerLink, shown: string): boolean {
    if (list === 'prompts/list') return true;
    const { endpoint } = this.#conversation;
    return !this.#renamed.has(shown) && endpoint.exposed(link.server, shown)?.name === shown;
  }

  /** A page has been shown on which these names stand for others: a call of one may not mean a tool of that name. */
  showed({ originals }: ListView): void {
    for (const [shown, original] of originals) {
      if (shown !== original && this.#renamed.size < MAX_ROUTES) this.#renamed.add(shown);
    }
  }

  /** Remembers what a tool that is shown wants repeated in headers: whoever calls it over HTTP has to. */
  noteHeaders(link: ServerLink, item: ListItem): void {
    const headers = parameterHeadersOf(item);
    const shown = this.#conversation.endpoint.exposed(link.server, item.key)?.name;
    if (shown === undefined) return;
    if (headers === 'invalid' || headers.size === 0) this.#headers.delete(shown);
    else if (this.#headers.size < MAX_ROUTES) this.#headers.set(shown, headers);
  }

  /** What a tool that has been shown wants repeated in headers; null for nothing. */
  headersOf(shown: string): ParameterHeaders | null {
    const noted = this.#headers.get(shown);
    if (noted) return noted;
    const route = this.known('tools/list', shown);
    const item = route?.link.peek('tools/list')?.items.find(({ key }) => key === route.original);
    const headers = item && parameterHeadersOf(item);
    return !headers || headers === 'invalid' || headers.size === 0 ? null : headers;
  }

  /** The route of a name that has been shown; null when it has to be looked for. */
  known(list: NamedList, shown: string): NamedRoute | null {
    const key = `${list} ${shown}`;
    const known = this.#routes.get(key);
    if (known) return known;
    const route = this.#lookUp(list, shown);
    if (route) {
      if (this.#routes.size >= MAX_ROUTES) this.#routes.clear();
      this.#routes.set(key, route);
    }
    return route;
  }

  /** The same, asking those servers for their lists whose it could be. Null when there is none. */
  async find(list: NamedList, shown: string): Promise<NamedRoute | null> {
    const links = this.#conversation.links().filter((link) => {
      const prefix = this.#prefixOf(link);
      return prefix === null || mayBelongTo(shown, prefix);
    });
    await Promise.all(links.map((link) => link.list(list).catch(() => null)));
    return this.known(list, shown);
  }

  #lookUp(list: NamedList, shown: string): NamedRoute | null {
    let found: NamedRoute | null = null;
    for (const link of this.#conversation.links()) {
      const snapshot = link.peek(list);
      const original = snapshot && this.view(link, list, snapshot).originals.get(shown);
      if (original === undefined || original === null) continue;
      // Two servers managed to make one name: it is nobody's (B25).
      if (found) return null;
      found = { link, original };
    }
    return found;
  }

  /** What of a server's list this client sees. */
  view(link: ServerLink, method: ListMethod, snapshot: ListSnapshot): ListView {
    const { endpoint, views, era, tools } = this.#conversation;
    const { server } = link;
    const terms: ViewTerms = {
      server,
      method,
      from: link.facts?.era ?? 'legacy',
      to: era ?? 'legacy',
      exposed: (tool) => endpoint.exposed(server, tool)?.name ?? null,
      isHeld: (item) => tools.isHeld(server, item),
      prefix: method.startsWith('resources') ? null : this.#prefixOf(link),
    };
    return views.of(snapshot, `${endpoint.label} ${terms.to}`, terms);
  }

  #prefixOf(link: ServerLink): { prefix: string; isAmbiguous: boolean } | null {
    const { endpoint } = this.#conversation;
    if (endpoint.single !== null) return null;
    this.#prefixes ??= serverPrefixes(endpoint.members());
    return this.#prefixes.get(link.server) ?? { prefix: link.server, isAmbiguous: true };
  }

  /** True when two servers could make one name, as their own names stand. */
  get canCollide(): boolean {
    return this.#conversation.links().some((link) => this.#prefixOf(link)?.isAmbiguous);
  }
}
