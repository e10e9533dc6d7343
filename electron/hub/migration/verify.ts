import { isParityKept, type ParityRow } from '../../../shared/model/migration.ts';
import type { ClientId } from '../../../shared/model/client.ts';
import type { Engine } from './engine.ts';
import type { StdioCommand } from './entry.ts';
import { entriesOf, loadConfigs } from './load-configs.ts';
import { originalOf } from './routed-entry.ts';
import { witnessLaunch } from './witness-launches.ts';
import type { WitnessLaunch } from './witness-port.ts';

const PROBE_LIMIT_MS = 10 * 60_000;

/** Starts every routed entry both ways, original and through the shim, and compares. Changes nothing. */
export async function verifyRouted(
  engine: Engine,
  clients?: readonly ClientId[],
): Promise<{ ok: boolean; parity: ParityRow[] }> {
  const { platform, witness, shim } = engine;
  const direct: WitnessLaunch[] = [];
  const routed: WitnessLaunch[] = [];
  for (const config of await loadConfigs(engine, clients)) {
    for (const entry of entriesOf(config)) {
      const original = entry.stdio && originalOf(entry.stdio);
      if (!entry.stdio || !original) continue;
      const env = withoutShimVariables(entry.stdio, shim.env);
      direct.push(witnessLaunch(config.adapter, entry, { ...original, env }, { platform, route: 'direct' }));
      routed.push(witnessLaunch(config.adapter, entry, entry.stdio, { platform, route: 'shim' }));
    }
  }
  // One after the other, so that neither half disturbs the other's measurements.
  const before = await witness.probe(direct, AbortSignal.timeout(PROBE_LIMIT_MS));
  const after = await witness.probe(routed, AbortSignal.timeout(PROBE_LIMIT_MS));
  const parity = witness.compare(before, after);
  return { ok: parity.every(isParityKept), parity };
}

function withoutShimVariables(
  { env }: StdioCommand,
  ours: Readonly<Record<string, string>>,
): Map<string, string> {
  return new Map([...env].filter(([name, value]) => ours[name] !== value));
}
