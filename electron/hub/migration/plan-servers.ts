import type { PlannedServer } from '../../../shared/model/migration.ts';
import type { LoadedConfig } from './load-configs.ts';
import { maskedArguments, maskedUrl } from './mask-secrets.ts';
import type { Move } from './move.ts';

/** The servers a plan leads to the hub, with the entries that use each. */
export function plannedServers(
  files: readonly { config: Pick<LoadedConfig, 'file'>; moves: readonly Move[] }[],
): PlannedServer[] {
  const servers = new Map<string, PlannedServer>();
  for (const { config, moves } of files) {
    for (const move of moves) {
      if (move.way === 'gateway') continue;
      const { table, name, server } = move;
      const planned = servers.get(server) ?? { name: server, ...launchOf(move), usedBy: [] };
      planned.usedBy.push({
        client: config.file.client,
        entry: name,
        scope: table.scope,
        ...(table.project !== undefined && { project: table.project }),
      });
      servers.set(server, planned);
    }
  }
  return [...servers.values()];
}

function launchOf(
  move: Exclude<Move, { way: 'gateway' }>,
): Pick<PlannedServer, 'command' | 'args' | 'envNames'> {
  if (move.way === 'remote') return { command: maskedUrl(move.original.url), args: [], envNames: [] };
  const { command, args, env } = move.original;
  return { command, args: maskedArguments(args), envNames: [...env.keys()] };
}
