import { PatchbayError } from '../../../../shared/model/error.ts';
import type { ServerDefinition } from '../../../../shared/model/server.ts';
import { LOCAL_USER, type LaunchResolver } from '../resolve-launch.ts';
import type { CallerIdentity } from '../server-connection.ts';
import type { PendingLogin } from './oauth-login.ts';
import type { RemoteServers } from './remote-servers.ts';

/** Nobody's session: what a definition needs is looked up as for a client over HTTP. */
const CALLER: CallerIdentity = {
  sessionId: '',
  client: 'patchbay',
  user: LOCAL_USER,
  transport: 'http',
  cwd: null,
  env: null,
};

export interface LoginSources {
  catalog(): ReadonlyMap<string, ServerDefinition>;
  launches: Pick<LaunchResolver, 'remote'>;
  remote: Pick<RemoteServers, 'login'>;
}

/**
 * Begins a login at a server of the catalog. Rejects as `RemoteServers.login` does, with SERVER_UNKNOWN, and with
 * NOT_SUPPORTED for a program of this computer.
 */
export async function beginServerLogin(name: string, sources: LoginSources): Promise<PendingLogin> {
  const definition = remoteDefinition(sources.catalog(), name);
  const target = await sources.launches.remote(name, CALLER);
  return sources.remote.login(name, target, definition);
}

function remoteDefinition(servers: ReadonlyMap<string, ServerDefinition>, name: string): ServerDefinition {
  const definition = servers.get(name);
  if (!definition) {
    throw new PatchbayError('SERVER_UNKNOWN', `There is no server ${JSON.stringify(name)} in the catalog.`, {
      hint: 'See: patchbay servers list',
    });
  }
  if (definition.url !== undefined) return definition;
  throw new PatchbayError('NOT_SUPPORTED', `The server ${name} is a program on this computer.`, {
    hint: 'Give it its key as a secret: patchbay secrets set NAME, and ${secret:NAME} in its env.',
  });
}
