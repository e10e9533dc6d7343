import { requestFrame } from './rpc-frames.ts';
import { HubRequest, type HubAnswer } from './upstream-call.ts';
import type { Upstream } from './upstream.ts';

/** For what the hub asks for itself: lists, subscriptions, levels. */
const LONGEST_MS = 60_000;

/** Requests of the hub's own to one server. */
export class OwnRequests {
  readonly #upstream: Upstream;
  /** JSON text of what each of them carries in `_meta` where the era wants it. */
  readonly #meta: string;

  constructor(upstream: Upstream, meta: string) {
    this.#upstream = upstream;
    this.#meta = meta;
  }

  /** `params` is JSON text of an object. Rejects with a HubRequestError; an error response is an answer. */
  ask(method: string, params: string, patienceMs?: number): Promise<HubAnswer> {
    const ownMs = Math.min(this.#upstream.sharing.callTimeoutMs, LONGEST_MS);
    return this.start(method, params, patienceMs ?? ownMs).answer;
  }

  /** The same, to be cancelled by `Upstream.cancel`. */
  start(method: string, params: string, patienceMs: number): HubRequest {
    const call = new HubRequest(
      method,
      (number) => requestFrame(number, method, this.#withMeta(params)),
      patienceMs,
    );
    this.#upstream.dispatch(call);
    return call;
  }

  #withMeta(params: string): string {
    if (this.#upstream.era !== 'modern') return params;
    const meta = `{"_meta":${this.#meta}`;
    return params === '{}' ? `${meta}}` : `${meta},${params.slice(1)}`;
  }
}
