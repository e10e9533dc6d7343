import { createHash, randomBytes } from 'node:crypto';
import type { Envelope } from '../../../../../shared/json-rpc/envelope.ts';
import { findMember } from '../../../frames/find-member.ts';

/** A retry is the parked call's only when all of it is the same (C18). */
export interface CallProof {
  /** Who asks: the owner of the token. */
  principal: string;
  method: string;
  /** Of name or URI and arguments, whatever the order of their keys. */
  digest: string;
}

export interface ParkedCalls<T> {
  /** Keeps a call that waits for its client's answers. Returns the `requestState`; null when too many wait. */
  park(call: T, proof: CallProof): string | null;
  /** The parked call, once; null for a state that is unknown, over, or somebody else's. */
  resume(requestState: string, proof: CallProof): T | null;
  /** The call has ended otherwise. */
  drop(call: T): void;
  readonly size: number;
  /** Forgets all of them; `onExpired` is not called. */
  close(): void;
}

export interface ParkedCallsOptions<T> {
  ttlMs: number;
  max: number;
  /** Nobody came back for it. */
  onExpired(call: T): void;
}

const STATE_BYTES = 24;

/**
 * Calls of modern clients whose legacy server asked something in between: that era has no way to ask, so the call is
 * answered with the question and goes on when the client comes back with the answer.
 */
export function createParkedCalls<T>({ ttlMs, max, onExpired }: ParkedCallsOptions<T>): ParkedCalls<T> {
  const parked = new Map<string, { call: T; proof: CallProof; timer: NodeJS.Timeout }>();
  const take = (state: string): void => {
    clearTimeout(parked.get(state)?.timer);
    parked.delete(state);
  };
  return {
    park(call, proof) {
      if (parked.size >= max) return null;
      const state = randomBytes(STATE_BYTES).toString('base64url');
      const timer = setTimeout(() => {
        parked.delete(state);
        onExpired(call);
      }, ttlMs);
      timer.unref();
      parked.set(state, { call, proof, timer });
      return state;
    },
    resume(state, { principal, method, digest }) {
      const entry = parked.get(state);
      if (!entry) return null;
      const { proof } = entry;
      if (proof.principal !== principal || proof.method !== method || proof.digest !== digest) return null;
      take(state);
      return entry.call;
    },
    drop(call) {
      for (const [state, entry] of parked) if (entry.call === call) take(state);
    },
    get size() {
      return parked.size;
    },
    close() {
      for (const state of parked.keys()) take(state);
    },
  };
}

/** The part of a proof that says what is asked for. A client may write the same arguments in another order. */
export function callDigest(frame: Buffer, { target, ranges }: Envelope): string {
  const given = ranges.params === 0 ? null : findMember(frame, ranges.params, 'arguments');
  const args = given ? (JSON.parse(frame.toString('utf8', given.start, given.end)) as unknown) : null;
  return createHash('sha256')
    .update(JSON.stringify([target, sorted(args)]))
    .digest('hex');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([key, inner]) => [key, sorted(inner)]);
}
