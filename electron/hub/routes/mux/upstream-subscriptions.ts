import type { Envelope } from '../../../../shared/json-rpc/envelope.ts';
import { findPath } from '../../frames/find-member.ts';
import type { Attached } from './attached.ts';
import { SUBSCRIPTION_ID_KEY } from './eras/meta-keys.ts';
import { ownNumber, RPC, type CallFailure } from './rpc-frames.ts';
import { HubRequestError, type HubRequest } from './upstream-call.ts';
import type { Upstream } from './upstream.ts';

/** URIs that one server is asked to watch. */
const MAX_URIS = 1_000;
/** Between two attempts to listen to a modern server whose stream was cut. */
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 60_000;

interface Subscription {
  who: Set<Attached>;
  /** Null when the server has agreed, else why not. */
  agreed: Promise<CallFailure | null>;
}

/**
 * What the server is asked to tell of, once however many want to hear it. A legacy server is subscribed to URI by
 * URI; a modern one has one stream with all wishes, replaced when they change.
 */
export class UpstreamSubscriptions {
  readonly #upstream: Upstream;
  readonly #byUri = new Map<string, Subscription>();
  #listen: HubRequest | null = null;
  /** Streams that are to end once the newest is acknowledged: nothing is missed between two. */
  #replaced: HubRequest[] = [];
  /** Wishes that are not agreed to yet; the newest stream holds those of the older ones too. */
  #waiting: (() => void)[] = [];
  #retryMs = FIRST_RETRY_MS;
  #retry: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(upstream: Upstream) {
    this.#upstream = upstream;
  }

  /** Follows the lists of a modern server; a legacy one tells unasked. */
  begin(): void {
    if (this.#upstream.era === 'modern') void this.#replaceListen();
  }

  /** Resolves with null when the server has agreed, else with why not. */
  async subscribe(uri: string, who: Attached): Promise<CallFailure | null> {
    let subscription = this.#byUri.get(uri);
    if (!subscription) {
      if (this.#byUri.size >= MAX_URIS) {
        return {
          code: RPC.other,
          message: `${this.#upstream.server} is watched at too many places already.`,
        };
      }
      subscription = { who: new Set([who]), agreed: this.#ask(uri) };
      this.#byUri.set(uri, subscription);
    } else {
      subscription.who.add(who);
    }
    const failure = await subscription.agreed;
    if (failure && this.#byUri.get(uri) === subscription) this.#byUri.delete(uri);
    return failure;
  }

  unsubscribe(uri: string, who: Attached): void {
    const subscription = this.#byUri.get(uri);
    if (!subscription?.who.delete(who) || subscription.who.size > 0) return;
    this.#byUri.delete(uri);
    if (this.#upstream.isClosed) return;
    if (this.#upstream.era === 'modern') void this.#replaceListen();
    else void this.#upstream.own.ask('resources/unsubscribe', JSON.stringify({ uri })).catch(() => {});
  }

  drop(who: Attached): void {
    for (const uri of this.#byUri.keys()) this.unsubscribe(uri, who);
  }

  async #ask(uri: string): Promise<CallFailure | null> {
    if (this.#upstream.era === 'modern') {
      // The wish is written down when this returns to `subscribe`.
      await Promise.resolve();
      return await this.#replaceListen();
    }
    return await askPlainly(this.#upstream, 'resources/subscribe', JSON.stringify({ uri }));
  }

  async #replaceListen(): Promise<CallFailure | null> {
    if (this.#isClosed || this.#upstream.isClosed) return null;
    const { tools, prompts, resources } = this.#upstream.facts.capabilities;
    const uris = [...this.#byUri.keys()];
    const wishes = {
      ...(tools?.listChanged && { toolsListChanged: true }),
      ...(prompts?.listChanged && { promptsListChanged: true }),
      ...(resources?.listChanged && { resourcesListChanged: true }),
      ...(uris.length > 0 && { resourceSubscriptions: uris }),
    };
    if (this.#listen) this.#replaced.push(this.#listen);
    this.#listen = null;
    if (Object.keys(wishes).length === 0) {
      this.#endReplaced();
      return null;
    }
    clearTimeout(this.#retry);
    const listen = this.#upstream.own.start(
      'subscriptions/listen',
      JSON.stringify({ notifications: wishes }),
      Infinity,
    );
    this.#listen = listen;
    const ended = listen.answer.then(
      ({ envelope }): CallFailure | null =>
        envelope.error && { code: envelope.error.code ?? RPC.internal, message: envelope.error.message },
      (error: HubRequestError) => error.failure,
    );
    void ended.then((failure) => this.#ended(listen, failure));
    const acknowledged = new Promise<null>((resolve) => this.#waiting.push(() => resolve(null)));
    return await Promise.race([acknowledged, ended]);
  }

  /** The server says what of the wishes it honours: the stream stands. */
  acknowledged(frame: Buffer, { ranges }: Envelope): void {
    const id = ranges.params === 0 ? null : findPath(frame, ranges.params, ['_meta', SUBSCRIPTION_ID_KEY]);
    const number = ownNumber(id && frame.toString('utf8', id.start, id.end));
    if (!this.#listen || this.#listen.number !== number) return;
    this.#retryMs = FIRST_RETRY_MS;
    for (const agreed of this.#waiting) agreed();
    this.#waiting = [];
    this.#endReplaced();
  }

  #endReplaced(): void {
    for (const listen of this.#replaced) this.#upstream.cancel(listen, 'replaced');
    this.#replaced = [];
  }

  /** A stream was cut: what changed meanwhile is not known, so all of it is told as changed. */
  #ended(listen: HubRequest, failure: CallFailure | null): void {
    this.#replaced = this.#replaced.filter((other) => other !== listen);
    if (this.#listen !== listen) return;
    this.#listen = null;
    const isRefused = failure?.code === RPC.methodNotFound || failure?.code === RPC.invalidParams;
    if (this.#isClosed || isRefused) return;
    this.#retry = setTimeout(() => {
      void this.#replaceListen().then((again) => {
        if (again) return;
        for (const list of ['tools', 'prompts', 'resources'] as const) {
          if (this.#upstream.facts.capabilities[list]?.listChanged) this.#upstream.listChanged(list);
        }
      });
    }, this.#retryMs).unref();
    this.#retryMs = Math.min(LONGEST_RETRY_MS, this.#retryMs * 2);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    this.#byUri.clear();
  }
}

async function askPlainly(upstream: Upstream, method: string, params: string): Promise<CallFailure | null> {
  try {
    const { envelope } = await upstream.own.ask(method, params);
    return envelope.error && { code: envelope.error.code ?? RPC.internal, message: envelope.error.message };
  } catch (error) {
    if (error instanceof HubRequestError) return error.failure;
    throw error;
  }
}
