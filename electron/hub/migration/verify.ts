import { PatchbayError } from '../../../shared/model/error.ts';
import { isParityKept, type ParityRow } from '../../../shared/model/migration.ts';
import type { ClientId } from '../../../shared/model/client.ts';
import { z } from 'zod';
import type { ClientAdapter } from '../clients/client-adapter.ts';
import { valueOf } from '../files/json-node.ts';
import type { Engine } from './engine.ts';
import { readRemote, type Entry, type StdioCommand } from './entry.ts';
import { entriesOf, loadConfigs } from './load-configs.ts';
import { originalOf, readRoutedEntry } from './routed-entry.ts';
import { parseSecretsOption } from './secrets-option.ts';
import { readSecretsFile } from '../secrets/secrets-file.ts';
import { launchAfter } from './witness-entries.ts';
import { witnessLaunch, witnessRequest } from './witness-launches.ts';
import type { WitnessLaunch } from './witness-port.ts';

const PROBE_LIMIT_MS = 10 * 60_000;

/**
 * Asks every routed entry both ways, original and through us, and compares. Changes nothing. A gateway has no
 * original: it is asked alone.
 */
export async function verifyRouted(
  engine: Engine,
  clients?: readonly ClientId[],
): Promise<{ ok: boolean; parity: ParityRow[] }> {
  const { witness } = engine;
  const stored = await storedSecrets(engine);
  const direct: WitnessLaunch[] = [];
  const routed: WitnessLaunch[] = [];
  for (const config of await loadConfigs(engine, clients)) {
    for (const entry of entriesOf(config)) {
      const after = launchAfter(engine, config.adapter, entry);
      if (!after) continue;
      routed.push(after);
      const before = originalLaunch(engine, config.adapter, entry, stored);
      if (before) direct.push(before);
    }
  }
  // One after the other, so that neither half disturbs the other's measurements.
  const before = await witness.probe(direct, AbortSignal.timeout(PROBE_LIMIT_MS));
  const after = await witness.probe(routed, AbortSignal.timeout(PROBE_LIMIT_MS));
  const parity = witness.compare(before, after);
  return { ok: parity.every(isParityKept), parity };
}

/** What an entry would be without us, as it keeps its own original; null where it has none that can be asked. */
function originalLaunch(
  { platform, shim }: Engine,
  adapter: ClientAdapter,
  entry: Entry,
  stored: Readonly<Record<string, string>>,
): WitnessLaunch | null {
  const way = { platform, route: 'direct' } as const;
  if (entry.route?.way === 'remote') {
    const remote = readRemote(entry.node, entry.route.type);
    return remote && remote.type !== 'sse' ? witnessRequest(adapter, entry, remote, way) : null;
  }
  if (entry.route?.way === 'http') {
    const kept = KeptCommand.safeParse(valueOf(entry.node));
    if (!kept.success) return null;
    const { command, args, env } = kept.data;
    return witnessLaunch(adapter, entry, { command, args, env: new Map(Object.entries(env)) }, way);
  }
  const original = entry.stdio && originalOf(entry.stdio);
  if (!entry.stdio || !original) return null;
  const env = withoutShimVariables(entry.stdio, shim.env);
  // As the shim itself starts it while there is no hub.
  for (const [variable, name] of secretsOf(entry.stdio)) {
    const value = Object.hasOwn(stored, name) ? stored[name] : undefined;
    if (value !== undefined) env.set(variable, value);
  }
  return witnessLaunch(adapter, entry, { ...original, env }, way);
}

function secretsOf(stdio: StdioCommand): ReadonlyMap<string, string> {
  const option = readRoutedEntry(stdio)?.secrets;
  return option ? parseSecretsOption(option) : new Map();
}

/** Without a store that can be read, originals with a secret in it are asked without it. */
async function storedSecrets({ storage, data }: Engine): Promise<Readonly<Record<string, string>>> {
  try {
    return (await readSecretsFile(storage, data)).secrets;
  } catch (error) {
    if (!(error instanceof PatchbayError)) throw error;
    return {};
  }
}

/** The command that an entry keeps beside its URL. */
const KeptCommand = z.object({
  command: z.string(),
  args: z.array(z.string()).default([]),
  env: z.record(z.string(), z.string()).default({}),
});

function withoutShimVariables(
  { env }: StdioCommand,
  ours: Readonly<Record<string, string>>,
): Map<string, string> {
  return new Map([...env].filter(([name, value]) => ours[name] !== value));
}
