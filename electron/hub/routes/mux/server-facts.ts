import { z } from 'zod';
import type { Era } from '../../../../shared/json-rpc/envelope.ts';
import { SERVER_INFO_KEY } from './eras/meta-keys.ts';

/** What a server says of itself in its handshake, of either era. */
export interface ServerFacts {
  readonly era: Era;
  /** The revision spoken with it. */
  readonly protocolVersion: string;
  /** JSON text of the whole InitializeResult or DiscoverResult, as it came. */
  readonly result: Buffer;
  readonly capabilities: ServerCapabilities;
  /** JSON text of its Implementation; null when it does not say. */
  readonly serverInfo: string | null;
  readonly instructions: string | null;
}

const Flags = z.looseObject({
  listChanged: z.boolean().optional().catch(undefined),
  subscribe: z.boolean().optional().catch(undefined),
});

/** A capability that is not an object is none. */
const Capability = Flags.optional().catch(undefined);

export const ServerCapabilities = z
  .looseObject({
    tools: Capability,
    prompts: Capability,
    resources: Capability,
    completions: Capability,
    logging: Capability,
    tasks: z.record(z.string(), z.unknown()).optional().catch(undefined),
    extensions: z.record(z.string(), z.unknown()).optional().catch(undefined),
  })
  .catch({});
export type ServerCapabilities = z.infer<typeof ServerCapabilities>;

const Handshake = z.looseObject({
  protocolVersion: z.string().optional(),
  supportedVersions: z.array(z.string()).optional(),
  capabilities: ServerCapabilities.optional(),
  serverInfo: z.record(z.string(), z.unknown()).optional().catch(undefined),
  instructions: z.string().optional().catch(undefined),
  _meta: z.record(z.string(), z.unknown()).optional().catch(undefined),
});

/** Reads the JSON text of a handshake's result; null when it is none. */
export function readHandshake(
  result: Buffer,
  era: Era,
): (Omit<ServerFacts, 'protocolVersion'> & { versions: readonly string[] }) | null {
  let json: unknown;
  try {
    json = JSON.parse(result.toString('utf8'));
  } catch {
    return null;
  }
  const parsed = Handshake.safeParse(json);
  if (!parsed.success) return null;
  const { protocolVersion, supportedVersions, capabilities, serverInfo, instructions, _meta } = parsed.data;
  const versions = era === 'modern' ? supportedVersions : protocolVersion && [protocolVersion];
  if (!versions) return null;
  const info = serverInfo ?? _meta?.[SERVER_INFO_KEY];
  return {
    era,
    versions,
    result,
    capabilities: capabilities ?? {},
    serverInfo: info === undefined ? null : JSON.stringify(info),
    instructions: instructions ?? null,
  };
}

/** How a server has been met before: what it need not be asked again. */
export interface EraVerdict {
  /** Its messages tell by their stream which request they belong to: HTTP. Asking it twice costs it nothing. */
  readonly correlates: boolean;
  /** Whether it speaks the era; null while that is unknown. */
  readonly legacy: boolean | null;
  readonly modern: boolean | null;
}

/** What is known of the servers of the catalog, for as long as their definitions stay what they are. */
export interface KnownServers {
  facts(server: string): ServerFacts | null;
  verdict(server: string): EraVerdict | null;
  met(server: string, facts: ServerFacts): void;
  /** What was learned of its eras; what is not known now stays as it was. */
  learned(server: string, verdict: EraVerdict): void;
  forget(server: string): void;
}

export function createKnownServers(): KnownServers {
  const facts = new Map<string, ServerFacts>();
  const verdicts = new Map<string, EraVerdict>();
  return {
    facts: (server) => facts.get(server) ?? null,
    verdict: (server) => verdicts.get(server) ?? null,
    met: (server, met) => void facts.set(server, met),
    learned(server, { correlates, legacy, modern }) {
      const before = verdicts.get(server);
      verdicts.set(server, {
        correlates,
        legacy: legacy ?? before?.legacy ?? null,
        modern: modern ?? before?.modern ?? null,
      });
    },
    forget(server) {
      facts.delete(server);
      verdicts.delete(server);
    },
  };
}
