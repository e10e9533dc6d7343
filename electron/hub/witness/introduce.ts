import { z } from 'zod';
import {
  CLIENT_CAPABILITIES_KEY,
  CLIENT_INFO_KEY,
  PROTOCOL_VERSION_KEY,
} from '../routes/mux/eras/meta-keys.ts';
import { isModernVersion, LEGACY_VERSIONS, MODERN_VERSIONS } from '../sessions/protocol-versions.ts';
import type { LegacyClient } from './legacy-client.ts';
import { RpcFault, ServerFault } from './server-fault.ts';

/** A server that has met us, and how it wants to be spoken to. */
export interface Introduced {
  era: 'legacy' | 'modern';
  client: LegacyClient;
  /** Names of its capabilities. */
  offers: ReadonlySet<string>;
}

const Capabilities = z.record(z.string(), z.unknown());
const InitializeResult = z.looseObject({
  protocolVersion: z.string(),
  capabilities: Capabilities.optional(),
});
const DiscoverResult = z.looseObject({
  supportedVersions: z.array(z.string()),
  capabilities: Capabilities.optional(),
});

/**
 * Introduces us with the handshake of the older era; a server that refuses it is asked in the newer one. Never the
 * other way round: some servers end themselves at any other first message, while one of the newer era alone answers
 * the handshake with an error and listens on.
 */
export async function introduce(
  client: LegacyClient,
  { version, timeoutMs }: { version: string; timeoutMs: number },
): Promise<Introduced> {
  const clientInfo = { name: 'patchbay-witness', version };
  const protocolVersion = LEGACY_VERSIONS.at(-1)!;
  let answer: unknown;
  try {
    answer = await client.request(
      'initialize',
      { protocolVersion, capabilities: { roots: {} }, clientInfo },
      timeoutMs,
    );
  } catch (refusal) {
    if (!(refusal instanceof RpcFault)) throw refusal;
    return await discover(asModern(client, clientInfo), refusal, timeoutMs);
  }
  const met = InitializeResult.safeParse(answer);
  if (!met.success) throw new ServerFault('answered initialize with something that is not a handshake');
  if (isModernVersion(met.data.protocolVersion)) {
    throw new ServerFault(`answered initialize with revision ${met.data.protocolVersion}, which has none`);
  }
  client.notify('notifications/initialized');
  return { era: 'legacy', client, offers: offersOf(met.data.capabilities) };
}

async function discover(client: LegacyClient, refusal: RpcFault, timeoutMs: number): Promise<Introduced> {
  let answer: unknown;
  try {
    answer = await client.request('server/discover', {}, timeoutMs);
  } catch (error) {
    // It speaks neither: what it said first is what a client of today would show.
    if (error instanceof RpcFault) throw refusal;
    throw error;
  }
  const met = DiscoverResult.safeParse(answer);
  if (!met.success) throw refusal;
  const { supportedVersions, capabilities } = met.data;
  if (!supportedVersions.some((version) => MODERN_VERSIONS.includes(version))) {
    throw new ServerFault(`speaks only the revisions ${supportedVersions.join(', ')}`);
  }
  return { era: 'modern', client, offers: offersOf(capabilities) };
}

const offersOf = (capabilities: Readonly<Record<string, unknown>> = {}): ReadonlySet<string> =>
  new Set(Object.keys(capabilities));

/** The same conversation with what every request of the newer era says about its sender. */
function asModern(client: LegacyClient, clientInfo: object): LegacyClient {
  const _meta = {
    [PROTOCOL_VERSION_KEY]: MODERN_VERSIONS[0],
    [CLIENT_CAPABILITIES_KEY]: {},
    [CLIENT_INFO_KEY]: clientInfo,
  };
  return {
    ...client,
    request: (method, params, timeoutMs) => client.request(method, { ...params, _meta }, timeoutMs),
  };
}
