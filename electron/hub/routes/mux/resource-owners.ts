import type { Envelope } from '../../../../shared/json-rpc/envelope.ts';
import { editFrame } from '../../frames/edit-frame.ts';
import { LARGE_FRAME_BYTES } from '../../frames/skim-envelope.ts';
import { matchesTemplate, qualifiedUri, schemeOf, unqualifiedUri } from './resource-uris.ts';
import { resultUris } from './result-uris.ts';
import type { ServerLink } from './server-link.ts';
import type { ListMethod } from './upstream-lists.ts';

/** A resource as one server knows it. */
export interface OwnedResource {
  link: ServerLink;
  uri: string;
}

/** References in results that are remembered, the oldest forgotten first. */
const MAX_LINKS = 1_000;
const LISTS: readonly ListMethod[] = ['resources/list', 'resources/templates/list'];
const MENTION = Buffer.from('"resource');

/** Which server of one conversation's endpoint a URI belongs to. */
export class ResourceOwners {
  readonly #links: () => readonly ServerLink[];
  readonly #colliding = new Map<ServerLink, boolean>();
  readonly #mentioned = new Map<string, OwnedResource>();

  /** `links`: in the order of the catalog. */
  constructor(links: () => readonly ServerLink[]) {
    this.#links = links;
  }

  /** The URI as the client sees it. */
  shown(link: ServerLink, uri: string): string {
    for (const earlier of this.#links()) {
      if (earlier === link) return uri;
      if (has(earlier, uri)) return qualifiedUri(link.server, uri);
    }
    return uri;
  }

  /** What is known without asking anyone; null when nobody is known to have it. */
  known(shown: string): OwnedResource | null {
    const links = this.#links();
    const owner = links.find((link) => has(link, shown));
    if (owner) return { link: owner, uri: shown };
    for (const link of links) {
      const uri = unqualifiedUri(link.server, shown);
      if (uri !== null && (has(link, uri) || hasTemplate(link, uri))) return { link, uri };
    }
    const mentioned = this.#mentioned.get(shown);
    if (mentioned && links.includes(mentioned.link)) return mentioned;
    const byTemplate = links.find((link) => hasTemplate(link, shown));
    return byTemplate ? { link: byTemplate, uri: shown } : null;
  }

  /**
   * Who may have it, the likeliest first: the owner alone where one is known, else all servers with resources, those
   * first that have others of the scheme.
   */
  async find(shown: string): Promise<OwnedResource[]> {
    let owner = this.known(shown);
    if (owner) return [owner];
    const links = this.#links();
    await Promise.all(links.flatMap((link) => LISTS.map((method) => link.list(method).catch(() => null))));
    owner = this.known(shown);
    if (owner) return [owner];
    const scheme = schemeOf(shown);
    const able = links.filter((link) => link.facts?.capabilities.resources);
    const likely = able.filter((link) => hasScheme(link, scheme));
    return [...likely, ...able.filter((link) => !likely.includes(link))].map((link) => ({
      link,
      uri: shown,
    }));
  }

  /** Lists are others than they were. */
  forget(): void {
    this.#colliding.clear();
  }

  #collides(link: ServerLink): boolean {
    let collides = this.#colliding.get(link);
    if (collides === undefined) {
      const uris = [link.peek('resources/list')?.keys, link.peek('tools/list')?.uris].flatMap((some) => [
        ...(some ?? []),
      ]);
      collides = uris.some((uri) => this.shown(link, uri) !== uri);
      this.#colliding.set(link, collides);
    }
    return collides;
  }

  /** A result of this server as the client is to see it: its references are remembered, colliding URIs told apart. */
  showResult(frame: Buffer, envelope: Envelope, link: ServerLink, method: string): Buffer {
    if (envelope.error) return frame;
    // A reference in a large one is not worth a walk: what is not remembered is asked for.
    if (frame.length >= LARGE_FRAME_BYTES && !this.#collides(link)) return frame;
    if (!frame.includes(MENTION)) return frame;
    const edits = resultUris(frame, envelope, method).flatMap(({ uri, start, end, isLink }) => {
      const shown = this.shown(link, uri);
      if (isLink) this.#mention(shown, { link, uri });
      return shown === uri ? [] : [{ start, end, with: JSON.stringify(shown) }];
    });
    return edits.length === 0 ? frame : editFrame(frame, edits);
  }

  #mention(shown: string, resource: OwnedResource): void {
    this.#mentioned.delete(shown);
    this.#mentioned.set(shown, resource);
    if (this.#mentioned.size > MAX_LINKS) this.#mentioned.delete(this.#mentioned.keys().next().value!);
  }
}

const has = (link: ServerLink, uri: string): boolean =>
  (link.peek('resources/list')?.keys.has(uri) ||
    link.peek('resources/templates/list')?.keys.has(uri) ||
    link.peek('tools/list')?.uris.has(uri)) ??
  false;

const hasTemplate = (link: ServerLink, uri: string): boolean =>
  link.peek('resources/templates/list')?.items.some(({ key }) => matchesTemplate(key, uri)) ?? false;

const hasScheme = (link: ServerLink, scheme: string): boolean =>
  LISTS.some((method) => link.peek(method)?.items.some(({ key }) => schemeOf(key) === scheme) ?? false);
