import type { ClientAdapter } from '../clients/client-adapter.ts';
import type { Platform } from '../data-folder.ts';
import type { StdioCommand, Entry } from './entry.ts';
import { expandVariables } from './expand-variables.ts';
import type { WitnessLaunch } from './witness-port.ts';

/** The launch of an entry as its client would do it. `stdio` is what stands, or stood, in the entry. */
export function witnessLaunch(
  adapter: ClientAdapter,
  { name, table }: Pick<Entry, 'name' | 'table'>,
  stdio: StdioCommand,
  { platform, route }: { platform: Platform; route: WitnessLaunch['route'] },
): WitnessLaunch {
  const expand = adapter.expandsVariables
    ? (text: string): string => expandVariables(text, platform.env)
    : (text: string): string => text;
  const entryEnv = Object.fromEntries([...stdio.env].map(([key, value]) => [key, expand(value)]));
  return {
    client: adapter.id,
    server: name,
    scope: table.scope,
    ...(table.project !== undefined && { project: table.project }),
    command: expand(stdio.command),
    args: stdio.args.map(expand),
    ...adapter.launch(table, entryEnv, platform),
    route,
  };
}
