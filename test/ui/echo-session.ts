import type { RawClient } from '../support/raw-client.ts';
import { fixtureServer, installShimFor, startThroughShim } from '../support/shim.ts';
import type { TemporaryHome } from '../support/temporary-home.ts';

/** A session with the echo server through the hub; it is ended when `use` is done. */
export async function withSession(
  home: TemporaryHome,
  use: (client: RawClient) => Promise<void>,
  server = 'echo',
): Promise<void> {
  installShimFor(home);
  const command = process.execPath;
  const client = startThroughShim(home, { name: server, command, args: [fixtureServer('echo-server')] });
  try {
    await client.initialize();
    await use(client);
  } finally {
    await client.end();
  }
}

/** Calls `echo` so many times. */
export async function echoTimes(client: RawClient, count: number): Promise<void> {
  for (let call = 0; call < count; call += 1) await client.callTool('echo', { message: String(call) });
}
