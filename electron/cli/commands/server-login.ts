import path from 'node:path';
import { PatchbayError } from '../../../shared/model/error.ts';
import type { ServerDefinition } from '../../../shared/model/server.ts';
import { prepareDataFolder } from '../../hub/data-folder.ts';
import { nodeStorage } from '../../hub/files/storage.ts';
import { silentLogger } from '../../hub/log.ts';
import { openSecretStore } from '../../hub/secrets/secret-store.ts';
import { readCatalog } from '../../hub/servers/catalog-file.ts';
import { createRemoteServers, type RemoteServers } from '../../hub/servers/remote/remote-servers.ts';
import { createLaunchResolver, LOCAL_USER } from '../../hub/servers/resolve-launch.ts';
import type { CallerIdentity } from '../../hub/servers/server-connection.ts';
import { isSet } from '../command-line.ts';
import type { Context } from '../context.ts';
import { connectHub } from '../../hub/api/connect-hub.ts';
import { openBrowser } from './serve.ts';

/** Nobody's session: what a definition needs is looked up as for a client over HTTP. */
const CALLER: CallerIdentity = {
  sessionId: '',
  client: 'patchbay',
  user: LOCAL_USER,
  transport: 'http',
  cwd: null,
  env: null,
};

/**
 * `servers login NAME`: through the browser of this computer, in this very process; the login is kept where the hub
 * looks for it. Waits until the person is done, at most five minutes.
 */
export async function logIn(context: Context, name: string): Promise<void> {
  const { output, line } = context;
  await withRemote(context, async (remote, secret) => {
    const { servers } = await readCatalog(context.data);
    const definition = remoteDefinition(servers, name);
    const launches = createLaunchResolver(() => servers, {
      platform: context.platform,
      secrets: secret,
      hubEnvironment: () => context.platform.env,
      workFolder: path.join(context.data.run, 'work'),
    });
    const target = await launches.remote(name, CALLER);
    const { authorizationUrl, finished, cancel } = await remote.login(name, target, definition);
    process.once('SIGINT', cancel);
    try {
      // Standard output is one JSON document; the person needs the address all the same.
      const say = output.wantsJson ? (text: string) => void process.stderr.write(`${text}\n`) : output.say;
      say('Open this address in a browser on this computer:');
      say(authorizationUrl);
      if (isSet(line, 'open')) openBrowser(authorizationUrl);
      await finished;
    } finally {
      process.off('SIGINT', cancel);
    }
  });
  await tellHub(context, name);
  if (output.wantsJson) output.json({ name, loggedIn: true });
  else output.say(`You are logged in at ${name}.`);
}

/** `servers logout NAME`: forgets the login, also one for an earlier address of the server. */
export async function logOut(context: Context, name: string): Promise<void> {
  const { output } = context;
  await withRemote(context, (remote) => remote.logout(name));
  await tellHub(context, name);
  if (output.wantsJson) output.json({ name, loggedIn: false });
  else output.say(`The login at ${name} is forgotten.`);
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

async function withRemote(
  { data, platform, version }: Context,
  use: (remote: RemoteServers, secret: (name: string) => Promise<string>) => Promise<void>,
): Promise<void> {
  prepareDataFolder(data);
  const secrets = openSecretStore({ storage: nodeStorage(platform.os), data, env: platform.env });
  const remote = createRemoteServers({
    secrets,
    logger: silentLogger,
    version,
    env: platform.env,
    now: Date.now,
  });
  try {
    await use(remote, secrets.require);
  } finally {
    await remote.close();
  }
}

/** A hub that runs has its own memory of who is logged in; a restart of the server makes it look again. */
async function tellHub({ socket }: Context, name: string): Promise<void> {
  const hub = await connectHub(socket);
  if (!hub) return;
  try {
    await hub.api.servers.restart({ name });
  } catch (error) {
    // Logged out of a server that is no longer in the catalog.
    if (!(error instanceof PatchbayError && error.code === 'SERVER_UNKNOWN')) throw error;
  } finally {
    hub.close();
  }
}
