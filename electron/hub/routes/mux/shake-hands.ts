import { PatchbayError } from '../../../../shared/model/error.ts';
import type { Envelope, Era } from '../../../../shared/json-rpc/envelope.ts';
import type { ClientIdentity } from './client-identity.ts';
import { findPath } from '../../frames/find-member.ts';
import { isModernVersion, LEGACY_VERSIONS, MODERN_VERSIONS } from '../../sessions/protocol-versions.ts';
import { CLIENT_CAPABILITIES_KEY, CLIENT_INFO_KEY, PROTOCOL_VERSION_KEY } from './eras/meta-keys.ts';
import { notificationFrame } from './rpc-frames.ts';
import { readHandshake, type EraVerdict, type ServerFacts } from './server-facts.ts';
import { HubRequestError, type HubAnswer } from './upstream-call.ts';
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
/** A legacy process that does not answer a probe is not waited for longer: it never will. */
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
  const { correlates } = upstream.connection;
  const [first, second] = eraOrder(introduction);
  const { limitMs, verdict } = introduction;
  const until = performance.now() + limitMs;
  const fallbackMs = Math.min(LONGEST_FALLBACK_MS, limitMs * FALLBACK_SHARE);
  upstream.isProbed = first === 'modern' && !correlates && verdict?.modern !== true;
  const firstMs = upstream.isProbed ? Math.min(PROBE_MS, limitMs / 2) : limitMs - fallbackMs;
  const refused = await attempt(upstream, first, introduction, firstMs);
  if ('facts' in refused) {
    upstream.isProbed = false;
    return { facts: refused.facts, verdict: verdictOf(correlates, first, null) };
  }
  if (upstream.isClosed) throw cannotStart(upstream, refused.why);
  upstream.isProbed = false;
  const accepted = await attempt(
    upstream,
    second,
    introduction,
    Math.max(fallbackMs, until - performance.now()),
  );
  if ('facts' in accepted) return { facts: accepted.facts, verdict: verdictOf(correlates, second, first) };
  throw cannotStart(upstream, refused.why);
}

const verdictOf = (correlates: boolean, spoken: Era, refused: Era | null): EraVerdict => ({
  correlates,
  legacy: spoken === 'legacy' ? true : refused === 'legacy' ? false : null,
  modern: spoken === 'modern' ? true : refused === 'modern' ? false : null,
});

/** A server that has ended says more by how it ended than by what it did not answer. */
const cannotStart = ({ server, endReason }: Upstream, why: string): PatchbayError =>
  new PatchbayError(
    'SERVER_CANNOT_START',
    endReason === null
      ? `The server ${server} did not get through its handshake: ${why}`
      : `The server ${server} ${endReason} during its handshake.`,
  );

type Attempt = { facts: ServerFacts } | { why: string };

async function attempt(
  upstream: Upstream,
  era: Era,
  { identity }: Introduction,
  limitMs: number,
): Promise<Attempt> {
  try {
    return era === 'legacy'
      ? await initialize(upstream, identity, limitMs)
      : await discover(upstream, identity, limitMs);
  } catch (error) {
    if (error instanceof HubRequestError) return { why: error.failure.message };
    throw error;
  }
}

async function initialize(upstream: Upstream, identity: ClientIdentity, limitMs: number): Promise<Attempt> {
  const version = identity.era === 'legacy' ? identity.protocolVersion : LEGACY_VERSIONS.at(-1)!;
  const params =
    `{"protocolVersion":${JSON.stringify(version)},"capabilities":${identity.capabilities},` +
    `"clientInfo":${identity.clientInfo ?? '{"name":"unknown","version":"0"}'}}`;
  const answer = await upstream.own.ask('initialize', params, limitMs);
  const met = readAnswer(answer, 'legacy');
  if ('why' in met) return met;
  const [spoken] = met.versions;
  if (spoken === undefined || isModernVersion(spoken)) {
    return { why: `it speaks revision ${spoken}, the hub speaks ${LEGACY_VERSIONS.join(', ')}.` };
  }
  upstream.met({ ...met.handshake, protocolVersion: spoken });
  upstream.tell(notificationFrame('notifications/initialized'), 'notifications/initialized');
  return { facts: upstream.facts };
}

async function discover(upstream: Upstream, identity: ClientIdentity, limitMs: number): Promise<Attempt> {
  const [version] = MODERN_VERSIONS;
  upstream.protocolVersion = version!;
  const params = `{"_meta":${requestMeta(identity)}}`;
  const answer = await upstream.own.ask('server/discover', params, limitMs);
  upstream.protocolVersion = null;
  const met = readAnswer(answer, 'modern');
  if ('why' in met) return met;
  const spoken = MODERN_VERSIONS.find((known) => met.versions.includes(known));
  if (spoken === undefined) {
    const theirs = met.versions.join(', ');
    return { why: `it speaks the revisions ${theirs}, the hub speaks ${MODERN_VERSIONS.join(', ')}.` };
  }
  upstream.met({ ...met.handshake, protocolVersion: spoken });
  return { facts: upstream.facts };
}

type Met = { handshake: Omit<ServerFacts, 'protocolVersion'>; versions: readonly string[] };

function readAnswer({ frame, envelope }: HubAnswer, era: Era): Met | { why: string } {
  if (envelope.error) return { why: refusalText(frame, envelope.error, envelope.ranges.error) };
  const { result, resultEnd } = envelope.ranges;
  const read = readHandshake(frame.subarray(result, resultEnd), era);
  if (!read) return { why: 'its answer is no handshake.' };
  const { versions, ...handshake } = read;
  return { handshake, versions };
}

function refusalText(
  frame: Buffer,
  { code, message }: NonNullable<Envelope['error']>,
  error: number,
): string {
  const supported = findPath(frame, error, ['data', 'supported']);
  const versions = supported ? ` (it speaks ${frame.toString('utf8', supported.start, supported.end)})` : '';
  return `${message || 'an error without words'} [${code}]${versions}`;
}

/** JSON text of the `_meta` of a modern request in somebody's name. */
export const requestMeta = ({ clientInfo, capabilities }: ClientIdentity): string =>
  `{"${PROTOCOL_VERSION_KEY}":${JSON.stringify(MODERN_VERSIONS[0])},` +
  `"${CLIENT_CAPABILITIES_KEY}":${capabilities}` +
  (clientInfo === null ? '}' : `,"${CLIENT_INFO_KEY}":${clientInfo}}`);
