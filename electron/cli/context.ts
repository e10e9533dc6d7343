import { PatchbayError } from '../../shared/model/error.ts';
import type { SessionView } from '../../shared/model/session.ts';
import { localSocketAddress, prepareDataFolder, type DataFolder, type Platform } from '../hub/data-folder.ts';
import { ensureHub } from '../hub/ensure-hub.ts';
import { nodeHubLaunch, nodeShimCommand, openDataFolder, thisPlatform, type Resources } from '../hub/host.ts';
import { installShim } from '../hub/install-shim.ts';
import { silentLogger } from '../hub/log.ts';
import { configuredPort } from '../hub/port.ts';
import type { MigrationService } from '../hub/migration/migration-service.ts';
import { arrivalsAt, openMigrationService } from '../hub/open-migration-service.ts';
import type { CommandLine } from './command-line.ts';
import type { HubLink } from '../hub/api/hub-link.ts';
import { connectHub } from '../hub/api/connect-hub.ts';
import type { Output } from './output.ts';

/** What every command works with. */
export interface Context {
  line: CommandLine;
  output: Output;
  platform: Platform;
  data: DataFolder;
  socket: string;
  resources: Resources;
  version: string;
}

export function createContext(
  line: CommandLine,
  output: Output,
  resources: Resources,
  version: string,
): Context {
  const platform = thisPlatform();
  const data = openDataFolder(line.dataDir, platform);
  return {
    line,
    output,
    platform,
    data,
    socket: localSocketAddress(data.root, platform),
    resources,
    version,
  };
}

/** Runs with a live hub. Throws HUB_NOT_RUNNING. */
export async function withHub<T>(context: Context, use: (hub: HubLink) => Promise<T>): Promise<T> {
  const hub = await connectHub(context.socket);
  if (!hub) {
    throw new PatchbayError('HUB_NOT_RUNNING', `No hub is running for ${context.data.root}.`, {
      hint: 'Start one: patchbay serve',
    });
  }
  try {
    return await use(hub);
  } finally {
    hub.close();
  }
}

async function connectedSessions(socket: string): Promise<SessionView[] | null> {
  const hub = await connectHub(socket);
  if (!hub) return null;
  try {
    return await hub.api.sessions.list();
  } catch {
    // It ended meanwhile.
    return null;
  } finally {
    hub.close();
  }
}

/** The migration engine in this very process: it needs no hub. Finishes what a crash left behind, and says so. */
export async function openMigration({
  data,
  platform,
  resources,
  output,
  version,
  socket,
}: Context): Promise<MigrationService> {
  prepareDataFolder(data);
  const migration = openMigrationService({
    data,
    platform,
    logger: silentLogger,
    shim: nodeShimCommand(data),
    version,
    arrivals: arrivalsAt(() => connectedSessions(socket)),
    async installShim() {
      const launch = nodeHubLaunch(data, resources, configuredPort(platform));
      await installShim(data, resources.shim, launch, { keepLaunch: true });
      // The comparison that follows is to show what people will feel, not the first start of the hub.
      await ensureHub(data, platform);
    },
  });
  for (const line of await migration.recover()) output.say(`Repaired after an interruption: ${line}`);
  return migration;
}
