import { PatchbayError } from '../../../../shared/model/error.ts';
import type { Era } from '../../../../shared/json-rpc/envelope.ts';
import type { ClientIdentity } from './client-identity.ts';
import { attempt, type Accepted, type Attempt } from './handshake-attempt.ts';
import { notificationFrame } from './rpc-frames.ts';
import type { EraVerdict, ServerFacts } from './server-facts.ts';
import type { Upstream } from './upstream.ts';

export interface Introduction {
  /** Who is introduced: the client itself to a private server, the hub to a shared one. */
  identity: ClientIdentity;
  /** Era of the client that is waiting. */
  wanted: Era;
  verdict: EraVerdict | null;
  /** Milliseconds for all of it. */
  limitMs: number;
}

/** What is left for the other era when a server does not answer in the first (B06). */
const FALLBACK_SHARE = 0.25;
const LONGEST_FALLBACK_MS = 5_000;
/** A legacy process that does not answer a probe is not waited for longer: it may never do so. */
const PROBE_MS = 3_000;

/**
 * The client's own era comes first: a legacy client's server is never probed, and a modern client would have probed it
 * itself. What has been refused before is not tried again until everything else has failed.
 */
const eraOrder = ({ wanted, verdict }: Introduction): [Era, Era] => {
  const other: Era = wanted === 'legacy' ? 'modern' : 'legacy';
  return verdict?.[wanted] === false ? [other, wanted] : [wanted, other];
};

/**
 * Introduces us to a server and learns what it is. Throws SERVER_CANNOT_START with the server's own words when it
 * accepts neither era.
 */
export async function shakeHands(
  upstream: Upstream,
  introduction: Introduction,
): Promise<{ facts: ServerFacts; verdict: EraVerdict }> {
  const { limitMs, verdict, identity } = introduction;
  const [first, second] = eraOrder(introduction);
  const until = performance.now() + limitMs;
  const fallbackMs = Math.min(LONGEST_FALLBACK_MS, limitMs * FALLBACK_SHARE);
  upstream.isProbed = first === 'modern' && !upstream.connection.correlates && verdict?.modern !== true;
  const firstMs = upstream.isProbed ? Math.min(PROBE_MS, limitMs / 2) : limitMs - fallbackMs;
  const asked = attempt(upstream, first, identity, limitMs);
  const answer = await within(asked, firstMs);
  if (answer && 'facts' in answer) return agree(upstream, answer, { spoken: first, lacked: null });
  if (upstream.isClosed) throw cannotStart(upstream, answer?.why ?? '');

  const otherwise = await attempt(
    upstream,
    second,
    identity,
    Math.max(fallbackMs, until - performance.now()),
  );
  if ('facts' in otherwise) {
    // A pipe keeps the order: it has read what was asked first as well, and passes over what it does not know.
    const isIgnored = !answer && !upstream.connection.correlates && (await within(asked, 0)) === null;
    const isLacked = answer?.lacksEra ?? isIgnored;
    return agree(upstream, otherwise, { spoken: second, lacked: isLacked ? first : null });
  }
  // It was slow to start, such as one that is downloaded first (B02), and has an answer for the first after all.
  const late = answer ?? (upstream.isClosed ? null : await within(asked, until - performance.now()));
  if (late && 'facts' in late) {
    return agree(upstream, late, { spoken: first, lacked: otherwise.lacksEra ? second : null });
  }
  throw cannotStart(upstream, late?.why ?? otherwise.why);
}

/** What was agreed on stands from here on. `correlates` is read now: a remote server may have changed its transport. */
function agree(
  upstream: Upstream,
  { facts }: Accepted,
  { spoken, lacked }: { spoken: Era; lacked: Era | null },
): { facts: ServerFacts; verdict: EraVerdict } {
  upstream.isProbed = false;
  upstream.met(facts);
  if (spoken === 'legacy') {
    upstream.tell(notificationFrame('notifications/initialized'), 'notifications/initialized');
  }
  const speaks = (era: Era): boolean | null => (era === spoken ? true : era === lacked ? false : null);
  const { correlates } = upstream.connection;
  return { facts, verdict: { correlates, legacy: speaks('legacy'), modern: speaks('modern') } };
}

/** Null when it takes longer. */
function within(asked: Promise<Attempt>, ms: number): Promise<Attempt | null> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(null), Math.max(0, ms));
    asked.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** A server that has ended says more by how it ended than by what it did not answer. */
function cannotStart({ server, endReason, lastLine }: Upstream, why: string): PatchbayError {
  const what =
    endReason === null
      ? `The server ${server} did not get through its handshake: ${why}`
      : `The server ${server} ${endReason} during its handshake.`;
  return new PatchbayError(
    'SERVER_CANNOT_START',
    lastLine === '' ? what : `${what} It last said: ${lastLine}`,
  );
}
