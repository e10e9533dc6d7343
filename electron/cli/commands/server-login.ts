import path from 'node:path';
import { PatchbayError } from '../../../shared/model/error.ts';
import { prepareDataFolder } from '../../hub/data-folder.ts';
import { nodeStorage } from '../../hub/files/storage.ts';
import { silentLogger } from '../../hub/log.ts';
import { openSecretStore } from '../../hub/secrets/secret-store.ts';
import { readCatalog } from '../../hub/servers/catalog-file.ts';
import { beginServerLogin } from '../../hub/servers/remote/begin-server-login.ts';
import { createRemoteServers, type RemoteServers } from '../../hub/servers/remote/remote-servers.ts';
import { createLaunchResolver } from '../../hub/servers/resolve-launch.ts';
import { isSet } from '../command-line.ts';
import type { Context } from '../context.ts';
import { connectHub } from '../../hub/api/connect-hub.ts';
import { openBrowser } from './serve.ts';

/**
 * `servers login NAME`: through the browser of this computer, in this very process; the login is kept where the hub
 * looks for it. Waits until the person is done, at most five minutes.
 */
export async function logIn(context: Context, name: string): Promise<void> {
  const { output, line } = context;
  await withRemote(context, async (remote, secret) => {
    const { servers } = await readCatalog(context.data);
    const launches = createLaunchResolver(() => servers, {
      platform: context.platform,
      secrets: secret,
      hubEnvironment: () => context.platform.env,
      workFolder: path.join(context.data.run, 'work'),
    });
    const { authorizationUrl, finished, cancel } = await beginServerLogin(name, {
      catalog: () => servers,
      launches,
      remote,
    });
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
