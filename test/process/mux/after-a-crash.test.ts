// What a conversation keeps when the one process behind it has died (B05).
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { arrivals, openHubWorld, type HubWorld } from './hub-world.ts';
import { fixtures, type Upstream } from './upstreams.ts';

const uri = 'test://watched-resource';
const eras = { legacy: fixtures['legacy-stdio'], modern: fixtures['modern-stdio'] };

/** A server of its own for each test: one that crashes again and again is left alone for longer and longer. */
const serverOf = (era: string, client: string, door: string, test: string): string =>
  `${era}-${client}-${door}-${test}`.replaceAll(/[^a-z0-9-]/gi, '-');

let world: HubWorld;
beforeAll(async () => {
  const upstreams: Record<string, Upstream> = {};
  for (const [era, upstream] of Object.entries(eras))
    for (const [client, door] of arrivals)
      for (const test of ['listening', 'calling']) upstreams[serverOf(era, client, door, test)] = upstream;
  world = await openHubWorld(upstreams, { isolation: 'shared' });
});
afterEach(() => world.end());
afterAll(() => world?.stop());

describe.each(arrivals)('%s by %s', (client, door) => {
  const openTwo = (server: string) => {
    const way = world.way(door, server);
    return Promise.all([world.open(client, way), world.open(client, way)]);
  };

  it.each(Object.keys(eras))(
    '%s: subscriptions are restored, everybody hears of the new lists',
    async (era) => {
      const [subscriber, other] = await openTwo(serverOf(era, client, door, 'listening'));
      await subscriber.listen([uri]);
      expect((await other.call('probe_crash')).error).not.toBeNull();
      // The next call finds a new process. Whoever listens learns of it, and hears of changes from then on.
      const touch = async (): Promise<readonly string[]> => {
        expect((await other.call('probe_touch', { uri })).error).toBeNull();
        return subscriber.heard;
      };
      await expect.poll(touch).toContain('notifications/resources/updated');
      await expect.poll(() => subscriber.heard).toContain('notifications/tools/list_changed');
    },
  );

  it.each(Object.keys(eras))('%s: calls in flight fail once, say so, and are never repeated', async (era) => {
    const [one, two] = await openTwo(serverOf(era, client, door, 'calling'));
    const key = `lost ${Math.random()}`;
    const started: string[] = [];
    const onProgress = ({ message }: { message?: string }): void => void started.push(message ?? '');
    const held = one.call('probe_hold', { key }, { onProgress });
    await expect.poll(() => started).toEqual([key]);
    await two.call('probe_crash');
    expect((await held).error?.message).toMatch(/repeat/i);
    // A repeated call would wait in the new process under its key.
    expect(await two.call('probe_release', { key })).toMatchObject({ text: 'false' });
  });
});
