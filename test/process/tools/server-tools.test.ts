import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ServerOffer } from '../../../shared/model/server-tools.ts';
import type { ServerView } from '../../../shared/model/server.ts';
import { projectRoot, runCli, runJson } from '../../support/cli.ts';
import { startRawClient, type RawClient } from '../../support/raw-client.ts';
import { openHubWorld, type HubWorld } from '../mux/hub-world.ts';
import type { Upstream } from '../mux/upstreams.ts';

const script = path.join(projectRoot, 'test', 'fixtures', 'mcp', 'changing.mjs');

/** A server whose tools change by a call; every one keeps what it became in a file of its own. */
const changing = (name: string, more: object = {}): Upstream => ({
  define: ({ home }) => ({
    command: process.execPath,
    args: [script, path.join(home.root, `${name}.json`)],
    ...more,
  }),
  tools: [],
  call: () => ({ tool: 'look', args: {}, text: '' }),
});

let world: HubWorld;
const clients: RawClient[] = [];

beforeAll(async () => {
  world = await openHubWorld({
    own: changing('own'),
    shared: changing('shared', { isolation: 'shared' }),
    ruled: changing('ruled', { tools: { deny: ['change'], rename: { look: 'peek' } } }),
    off: changing('off', { enabled: false }),
  });
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.end()));
});
afterAll(() => world.stop());

async function connect(server: string): Promise<RawClient> {
  const way = world.way('shim', server);
  if (way.kind !== 'stdio') throw new Error('A shim is a program.');
  const client = startRawClient(way);
  clients.push(client);
  await client.initialize();
  return client;
}

const ask = (server: string): Promise<ServerOffer> => runJson(world.home, ['servers', 'tools', server]);
const viewOf = async (server: string): Promise<ServerView> => {
  const views = await runJson<ServerView[]>(world.home, ['servers', 'list']);
  return views.find(({ name }) => name === server)!;
};

describe('what a server offers right now', () => {
  it('is asked of one that is started for it and ends, and is in no log', async () => {
    const offer = await ask('own');
    expect(offer).toMatchObject({ server: 'own', asked: 'started', problems: [], leftOut: 0 });
    expect(offer.tools.map(({ key, shownAs }) => [key, shownAs])).toEqual([
      ['change', 'change'],
      ['pay', 'pay'],
      ['look', 'look'],
    ]);
    expect(offer.tools[1]).toMatchObject({ description: 'Pays a bill.' });
    expect(JSON.parse(offer.tools[1]!.definition!)).toMatchObject({ inputSchema: { type: 'object' } });
    expect(offer.prompts.map(({ key }) => key)).toEqual(['greet']);
    expect((await viewOf('own')).instances).toEqual([]);
    expect(await runJson(world.home, ['logs', '--filter', 'server:own'])).toEqual([]);
  });

  it('is asked of the running instance where it is the hub’s to ask', async () => {
    const client = await connect('shared');
    await client.request('tools/list');
    const [before] = (await viewOf('shared')).instances;
    expect(await ask('shared')).toMatchObject({ asked: 'running' });
    expect((await viewOf('shared')).instances.map(({ id }) => id)).toEqual([before!.id]);
  });

  it('shows what the tool rules make of each tool', async () => {
    const { stdout } = await runCli(world.home, ['servers', 'tools', 'ruled']);
    expect(stdout).toMatch(/change\s+\(hidden\)\s+Changes the tools\./);
    expect(stdout).toMatch(/look\s+→ peek\s+Looks\./);
  });

  it('cannot be asked of one that is off, or is not there', async () => {
    expect(await runCli(world.home, ['servers', 'tools', 'off'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('SERVER_DISABLED'),
    });
    expect(await runCli(world.home, ['servers', 'tools', 'nobody'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('SERVER_UNKNOWN'),
    });
  });
});
