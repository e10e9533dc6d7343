import type { ClientAdapter } from '../clients/client-adapter.ts';
import type { Platform } from '../data-folder.ts';
import type { Entry, RemoteServer, StdioCommand } from './entry.ts';
import { expandVariables } from './expand-variables.ts';
import type { HttpLaunch, StdioLaunch, WitnessLaunch } from './witness-port.ts';

interface Way {
  platform: Platform;
  route: WitnessLaunch['route'];
}

/** The launch of an entry as its client would do it. `stdio` is what stands, or stood, in the entry. */
export function witnessLaunch(
  adapter: ClientAdapter,
  entry: Pick<Entry, 'name' | 'table'>,
  stdio: StdioCommand,
  { platform, route }: Way,
): StdioLaunch {
  const expand = expanderOf(adapter, platform);
  return {
    ...placeOf(adapter, entry),
    command: expand(stdio.command),
    args: stdio.args.map(expand),
    ...adapter.launch(entry.table, expandedValues(stdio.env, expand), platform),
    route,
  };
}

/** The same for an entry that is a URL. */
export function witnessRequest(
  adapter: ClientAdapter,
  entry: Pick<Entry, 'name' | 'table'>,
  remote: Pick<RemoteServer, 'url' | 'headers'>,
  { platform, route }: Way,
): HttpLaunch {
  const expand = expanderOf(adapter, platform);
  return {
    ...placeOf(adapter, entry),
    url: expand(remote.url),
    headers: expandedValues(remote.headers, expand),
    cwd: adapter.launch(entry.table, {}, platform).cwd,
    route,
  };
}

const placeOf = (
  adapter: ClientAdapter,
  { name, table }: Pick<Entry, 'name' | 'table'>,
): Pick<WitnessLaunch, 'client' | 'server' | 'scope' | 'project'> => ({
  client: adapter.id,
  server: name,
  scope: table.scope,
  ...(table.project !== undefined && { project: table.project }),
});

const expanderOf = (adapter: ClientAdapter, platform: Platform): ((text: string) => string) =>
  adapter.expandsVariables ? (text) => expandVariables(text, platform.env) : (text) => text;

const expandedValues = (
  values: ReadonlyMap<string, string>,
  expand: (text: string) => string,
): Record<string, string> => Object.fromEntries([...values].map(([key, value]) => [key, expand(value)]));
