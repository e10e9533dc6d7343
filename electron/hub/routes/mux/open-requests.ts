import type { ClientRequest, OpenRequest } from './client-request.ts';
import type { Reply } from './mux.ts';
import { idKey, RPC, type CallFailure } from './rpc-frames.ts';

/** Requests of one client under way at once; more are refused. */
const MAX_OPEN = 4_096;

/**
 * What one client waits for. On one connection its ids tell them apart; plain HTTP requests come from clients that
 * know nothing of each other's ids, there each has a reply of its own.
 */
export class OpenRequests {
  readonly #byKey = new Map<string | Reply, OpenRequest>();
  readonly #hasChannel: boolean;

  constructor(hasChannel: boolean) {
    this.#hasChannel = hasChannel;
  }

  /** Why another one is not taken: its id is in use (C04), or there are too many. Null when it is. */
  refusal(id: string, reply: Reply): { failure: CallFailure; status: number } | null {
    if (this.#byKey.has(this.#keyOf(id, reply))) {
      const message = `A request with id ${id} is under way already.`;
      return { failure: { code: RPC.invalidRequest, message }, status: 400 };
    }
    if (this.#byKey.size < MAX_OPEN) return null;
    return { failure: { code: RPC.other, message: 'Too many requests are under way.' }, status: 503 };
  }

  add({ id, reply }: ClientRequest, open: OpenRequest): void {
    this.#byKey.set(this.#keyOf(id, reply), open);
  }

  remove({ id, reply }: ClientRequest, open: OpenRequest): void {
    const key = this.#keyOf(id, reply);
    if (this.#byKey.get(key) === open) this.#byKey.delete(key);
  }

  /** The one with this raw id. Over plain HTTP there is none to be found by its id. */
  withId(id: string): OpenRequest | undefined {
    return this.#hasChannel ? this.#byKey.get(idKey(id)) : undefined;
  }

  find(id: string, reply: Reply): OpenRequest | undefined {
    return this.#byKey.get(this.#keyOf(id, reply));
  }

  withReply(reply: Reply): OpenRequest | undefined {
    return this.#byKey.get(reply);
  }

  cancelAll(reason: string): void {
    for (const open of this.#byKey.values()) open.cancel(reason);
    this.#byKey.clear();
  }

  #keyOf(id: string, reply: Reply): string | Reply {
    return this.#hasChannel ? idKey(id) : reply;
  }
}
