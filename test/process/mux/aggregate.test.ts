// All servers at one endpoint: prefixed names, URIs that several servers have, and one order for everybody.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { arrivals, openHubWorld, type HubWorld } from './hub-world.ts';
import { fixtures, npmServers, oddServers, type Upstream } from './upstreams.ts';

/** Leaves no room for a tool's name within what models allow. */
const LONG_NAME = 'a-server-whose-name-is-so-long-that-its-tools-need-a-hash';
const BUDGET = /^[A-Za-z0-9_-]{1,54}$/;
const STATIC_TEXT = 'This is the content of the static text resource.';

const upstreams: Readonly<Record<string, Upstream>> = {
  'legacy-stdio': fixtures['legacy-stdio'],
  'dual-stdio': fixtures['dual-stdio'],
  'modern-http': fixtures['modern-http'],
  memory: npmServers.memory,
  [LONG_NAME]: oddServers.junk!,
};
const echoing = ['legacy-stdio', 'dual-stdio', 'modern-http'];

let world: HubWorld;
beforeAll(async () => {
  world = await openHubWorld(upstreams, { isolation: 'shared' });
});
afterEach(() => world.end());
afterAll(() => world?.stop());

describe.each(arrivals)('%s by %s', (client, door) => {
  it('lists the tools of all servers, each within the budget of a name, the same for everybody', async () => {
    const pair = await Promise.all([0, 1].map(() => world.open(client, world.way(door, '*'))));
    const lists = await Promise.all(pair.map((probe) => probe.tools()));
    expect(lists[0]).toEqual(lists[1]);
    for (const name of lists[0]!) expect(name).toMatch(BUDGET);
    expect(new Set(lists[0]).size).toBe(lists[0]!.length);
    for (const server of echoing) expect(lists[0]).toContain(`${server}__probe_echo`);
    expect(lists[0]).toContain('memory__read_graph');
  });

  it('calls the server that a name stands for', async () => {
    const probe = await world.open(client, world.way(door, '*'));
    const tools = await probe.tools();
    const outcomes = await Promise.all(
      echoing.map((server) => probe.call(`${server}__probe_echo`, { message: server })),
    );
    expect(outcomes.map(({ text }) => text)).toEqual(echoing);
    const pids = await Promise.all(echoing.map((server) => probe.call(`${server}__probe_pid`)));
    expect(new Set(pids.map(({ text }) => text)).size).toBe(echoing.length);
    // In the order of the server's own list: `echo` is before `crash`.
    const hashed = tools.find((name) => name.startsWith(LONG_NAME.slice(0, 40)));
    expect((await probe.call(hashed!, { message: 'by its hash' })).text).toBe('by its hash');
  });

  it('says that nobody has a tool which nobody has', async () => {
    const probe = await world.open(client, world.way(door, '*'));
    for (const name of ['no-such-tool', 'memory__no_such_tool', 'nobody__probe_echo']) {
      const { error, isError } = await probe.call(name);
      expect(error !== null || isError).toBe(true);
    }
  });

  it('shows every resource under a URI of its own, and reads each', async () => {
    const probe = await world.open(client, world.way(door, '*'));
    const uris = await probe.resources();
    expect(new Set(uris).size).toBe(uris.length);
    const texts = uris.filter((uri) => uri.startsWith('test://') && uri.endsWith('static-text'));
    expect(texts).toHaveLength(echoing.length);
    expect(await Promise.all(texts.map((uri) => probe.read(uri)))).toEqual(texts.map(() => STATIC_TEXT));
  });

  it('tells of a change of one server’s tools', async () => {
    const probe = await world.open(client, world.way(door, '*'));
    await probe.listen();
    const shown = 'legacy-stdio__test_dynamic_tool';
    const before = (await probe.tools()).includes(shown);
    await probe.call('legacy-stdio__test_trigger_tool_change');
    await expect.poll(() => probe.heard).toContain('notifications/tools/list_changed');
    expect((await probe.tools()).includes(shown)).toBe(!before);
  });
});
