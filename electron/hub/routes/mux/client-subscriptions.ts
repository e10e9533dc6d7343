import { editFrame } from '../../frames/edit-frame.ts';
import { readEnvelope } from '../../frames/read-envelope.ts';
import { toErrorInfo } from '../../../../shared/model/error.ts';
import type { ServerMessage } from './attached.ts';
import type { ResourceOwners } from './resource-owners.ts';
import { isWithin } from './resource-uris.ts';
import { RPC, type CallFailure } from './rpc-frames.ts';
import { withoutSubscription, type ServerLink } from './server-link.ts';
import type { Upstream } from './upstream.ts';

/** Who hears of a change: a legacy conversation as a whole, or one stream of a modern one. */
export interface Subscriber {
  /** `frame` is its own. */
  updated(frame: Buffer): void;
}

interface Watched {
  link: ServerLink;
  /** As its server knows it. */
  uri: string;
  who: Set<Subscriber>;
}

/** Resources that one conversation watches, by the URIs it knows. */
export class ClientSubscriptions {
  readonly #owners: ResourceOwners;
  readonly #watched = new Map<string, Watched>();

  constructor(owners: ResourceOwners) {
    this.#owners = owners;
  }

  uris(who: Subscriber): string[] {
    return [...this.#watched].filter(([, watched]) => watched.who.has(who)).map(([shown]) => shown);
  }

  /** True when the server is to be kept running for what it may tell. */
  needs(link: ServerLink): boolean {
    for (const watched of this.#watched.values()) if (watched.link === link) return true;
    return false;
  }

  /** Resolves with null when the server has agreed, else with why not. */
  async subscribe(shown: string, who: Subscriber): Promise<CallFailure | null> {
    try {
      const [owner] = this.#watched.has(shown) ? [this.#watched.get(shown)!] : await this.#owners.find(shown);
      if (!owner) return { code: RPC.invalidParams, message: `No server has the resource ${shown}.` };
      const upstream = await owner.link.ready();
      const failure = await upstream.subscriptions.subscribe(owner.uri, owner.link);
      if (failure) return failure;
      const watched = this.#watched.get(shown) ?? { link: owner.link, uri: owner.uri, who: new Set() };
      watched.who.add(who);
      this.#watched.set(shown, watched);
      return null;
    } catch (error) {
      return { code: RPC.other, message: toErrorInfo(error).message };
    }
  }

  unsubscribe(shown: string, who: Subscriber): void {
    const watched = this.#watched.get(shown);
    if (!watched?.who.delete(who) || watched.who.size > 0) return;
    this.#watched.delete(shown);
    // Two URIs of the client may be one at the server.
    for (const { link, uri } of this.#watched.values())
      if (link === watched.link && uri === watched.uri) return;
    watched.link.upstream?.subscriptions.unsubscribe(watched.uri, watched.link);
  }

  drop(who: Subscriber): void {
    for (const shown of this.uris(who)) this.unsubscribe(shown, who);
  }

  /** The server is back: it is asked again for what was watched. */
  restore(link: ServerLink, upstream: Upstream): void {
    for (const watched of this.#watched.values()) {
      if (watched.link === link) void upstream.subscriptions.subscribe(watched.uri, link);
    }
  }

  /** Puts a URI of an earlier hub's conversation back; its server is asked once it runs. */
  remember(shown: string, owner: { link: ServerLink; uri: string }, who: Subscriber): void {
    this.#watched.set(shown, { ...owner, who: new Set([who]) });
  }

  /** News of a server's resource for those who watch it or something above it. */
  updated(link: ServerLink, uri: string, { frame, envelope }: ServerMessage): boolean {
    let isHeard = false;
    for (const [watchedAs, watched] of this.#watched) {
      if (watched.link !== link || !isWithin(uri, watched.uri)) continue;
      const shown = uri === watched.uri ? watchedAs : this.#owners.shown(link, uri);
      const news = withUri(withoutSubscription(frame, envelope), uri, shown);
      for (const who of watched.who) who.updated(news);
      isHeard = true;
    }
    return isHeard;
  }
}

function withUri(frame: Buffer, uri: string, shown: string): Buffer {
  if (uri === shown) return Buffer.from(frame);
  const { ranges } = readEnvelope(frame)!;
  return editFrame(frame, [{ start: ranges.uri, end: ranges.uriEnd, with: JSON.stringify(shown) }]);
}
