import { exposedName, serverPrefixes } from '../../routes/mux/exposed-names.ts';
import type { ProbeResult, WitnessLaunch } from '../witness-port.ts';

/**
 * What one merged server shows behind the gateway: its tools under the names they had, so that they can be held beside
 * the baseline. Prompts and resources are not looked for: the gateway gives them names and addresses of its own.
 */
export function seenThroughGateway(
  gateway: ProbeResult,
  launch: WitnessLaunch,
  {
    server,
    servers,
    before,
  }: {
    /** In the catalog. */
    server: string;
    /** Everything the gateway serves. */
    servers: readonly string[];
    before: readonly ProbeResult[];
  },
): ProbeResult {
  const { features: _features, ...seen } = gateway;
  const had = before.find((result) => isSameEntry(result.launch, launch))?.tools ?? null;
  if (!seen.tools || !had) return { ...seen, launch, tools: had ? null : new Map() };
  const prefix = serverPrefixes([...new Set([...servers, server])]).get(server)!;
  const tools = new Map<string, string>();
  for (const name of had.keys()) {
    const hash = seen.tools.get(exposedName(server, name, prefix));
    if (hash !== undefined) tools.set(name, hash);
  }
  return { ...seen, launch, tools };
}

const isSameEntry = (a: WitnessLaunch, b: WitnessLaunch): boolean =>
  a.client === b.client && a.server === b.server && a.scope === b.scope && a.project === b.project;
