// Every client by every door to every kind of server, whose one process all of them share: two clients at the same
// time, whose ids are equal because each counts from its own start, list the tools and call one.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { arrivals, openHubWorld, type Door, type HubWorld } from './hub-world.ts';
import { fixtures, npmServers, oddServers, type Upstream } from './upstreams.ts';

const CALLS = 5;
const upstreams: Readonly<Record<string, Upstream>> = { ...npmServers, ...fixtures, ...oddServers };

let world: HubWorld;
beforeAll(async () => {
  world = await openHubWorld(upstreams, { isolation: 'shared' });
});
afterEach(() => world.end());
afterAll(() => world?.stop());

/** The SDK's own reading of standard output ends at 10 MB a line; over HTTP it has no such limit. */
const readsAll = (client: string, door: Door, server: string): boolean =>
  !(server === 'long-line' && door === 'shim' && client.startsWith('SDK'));

describe.each(arrivals)('%s by %s', (client, door) => {
  it.each(Object.keys(upstreams).filter((server) => readsAll(client, door, server)))(
    'to %s',
    async (server) => {
      const { tools, call } = upstreams[server]!;
      const way = world.way(door, server);
      const pair = await Promise.all([world.open(client, way), world.open(client, way)]);
      await Promise.all(
        pair.map(async (probe, index) => {
          expect(await probe.tools()).toEqual(expect.arrayContaining([...tools]));
          const calls = Array.from({ length: CALLS }, (_, n) =>
            call(`client ${index}, call ${n}`, world.home),
          );
          const outcomes = await Promise.all(calls.map(({ tool, args }) => probe.call(tool, args)));
          for (const [n, { text }] of calls.entries()) {
            expect(outcomes[n]).toMatchObject({ error: null, isError: false });
            expect(outcomes[n]!.text).toContain(text);
          }
        }),
      );
    },
  );
});
