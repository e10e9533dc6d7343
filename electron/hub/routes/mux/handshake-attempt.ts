import type { Envelope, Era } from '../../../../shared/json-rpc/envelope.ts';
import { findPath } from '../../frames/find-member.ts';
import { isModernVersion, LEGACY_VERSIONS, MODERN_VERSIONS } from '../../sessions/protocol-versions.ts';
import type { ClientIdentity } from './client-identity.ts';
import { CLIENT_CAPABILITIES_KEY, CLIENT_INFO_KEY, PROTOCOL_VERSION_KEY } from './eras/meta-keys.ts';
import { RPC } from './rpc-frames.ts';
import { readHandshake, type ServerFacts } from './server-facts.ts';
import { HubRequestError, type HubAnswer } from './upstream-call.ts';
import type { Upstream } from './upstream.ts';

/** A server asked for one era. Never rejects for what the server does. */
export type Attempt = Accepted | Refused;

export interface Accepted {
  facts: ServerFacts;
}

export interface Refused {
  /** For people. */
  why: string;
  /**
   * It lacks the era, today and tomorrow. Nothing else is evidence of that: a login that is missing, a gateway that
   * has no room or an answer that is late say nothing of it.
   */
  lacksEra: boolean;
}

/** Asks for one era; `limitMs` is how long an answer is of use. */
export async function attempt(
  upstream: Upstream,
  era: Era,
  identity: ClientIdentity,
  limitMs: number,
): Promise<Attempt> {
  try {
    if (era === 'legacy') return readAnswer(await initialize(upstream, identity, limitMs), era);
    const answer = await discover(upstream, identity, limitMs);
    return readAnswer(
      offersOurs(answer) && !upstream.isClosed ? await discover(upstream, identity, limitMs) : answer,
      era,
    );
  } catch (error) {
    if (!(error instanceof HubRequestError)) throw error;
    const { message, code } = error.failure;
    return { why: message, lacksEra: code === RPC.methodNotFound };
  }
}

function initialize(upstream: Upstream, identity: ClientIdentity, limitMs: number): Promise<HubAnswer> {
  const version = identity.era === 'legacy' ? identity.protocolVersion : LEGACY_VERSIONS.at(-1)!;
  const params =
    `{"protocolVersion":${JSON.stringify(version)},"capabilities":${identity.capabilities},` +
    `"clientInfo":${identity.clientInfo ?? '{"name":"unknown","version":"0"}'}}`;
  return upstream.own.ask('initialize', params, limitMs);
}

function discover(upstream: Upstream, identity: ClientIdentity, limitMs: number): Promise<HubAnswer> {
  // For the header of this one request: what is spoken is not known before its answer.
  upstream.protocolVersion = MODERN_VERSIONS[0]!;
  const asking = upstream.own.ask('server/discover', `{"_meta":${requestMeta(identity)}}`, limitMs);
  upstream.protocolVersion = null;
  return asking;
}

/** A server that refuses a revision and offers the very same one is asked again, as the revision wants it. */
function offersOurs({ frame, envelope: { error, ranges } }: HubAnswer): boolean {
  if (error?.code !== RPC.unsupportedVersion) return false;
  const supported = findPath(frame, ranges.error, ['data', 'supported']);
  if (!supported) return false;
  const versions: unknown = JSON.parse(frame.toString('utf8', supported.start, supported.end));
  return Array.isArray(versions) && versions.includes(MODERN_VERSIONS[0]);
}

function readAnswer({ frame, envelope }: HubAnswer, era: Era): Attempt {
  const { error, ranges } = envelope;
  if (error) {
    const lacksEra = error.code === RPC.methodNotFound || error.code === RPC.unsupportedVersion;
    return { why: refusalText(frame, error, ranges.error), lacksEra };
  }
  const read = readHandshake(frame.subarray(ranges.result, ranges.resultEnd), era);
  if (!read) return { why: 'its answer is no handshake.', lacksEra: false };
  const { versions, ...facts } = read;
  const ours = era === 'legacy' ? LEGACY_VERSIONS : MODERN_VERSIONS;
  // A legacy server may answer with any revision of its own; a modern one lists what it has.
  const spoken =
    era === 'legacy'
      ? versions.find((version) => !isModernVersion(version))
      : ours.find((version) => versions.includes(version));
  if (spoken !== undefined) return { facts: { ...facts, protocolVersion: spoken } };
  const theirs = versions.join(', ');
  return { why: `it speaks ${theirs}, the hub speaks ${ours.join(', ')}.`, lacksEra: true };
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
