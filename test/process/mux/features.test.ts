// Every feature for every client by every door, in front of one process of each kind of server for all sessions, and of
// one for each session where that makes a difference; and directly, so that it is known what is possible. A sixth of the
// servers for each client and door, in turn, so that every client, door and server has its share; all of them with
// `npm run test:features`.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { McpProbe } from '../../support/mcp-probe.ts';
import { features, type Cell, type Open } from './features.ts';
import { arrivals, clients, openHubWorld, type Door, type HubWorld } from './hub-world.ts';
import { fixtures, type Upstream } from './upstreams.ts';

const FEATURE_MS = 30_000;
const CELL_MS = 240_000;
const IS_EXHAUSTIVE = process.env.PATCHBAY_EXHAUSTIVE === '1';
const SHARE = 6;
type Server = keyof typeof fixtures;
const servers = Object.keys(fixtures) as Server[];

/** The same server with a process or a connection for each session. */
const ownOf = (server: Server): string => `${server}-own`;

let world: HubWorld;
beforeAll(async () => {
  const upstreams: Record<string, Upstream> = {};
  for (const [server, upstream] of Object.entries<Upstream>(fixtures)) {
    upstreams[server] = { ...upstream, define: (at) => ({ ...upstream.define(at), isolation: 'shared' }) };
    upstreams[ownOf(server as Server)] = upstream;
  }
  world = await openHubWorld(upstreams);
});
afterAll(() => world?.stop());

/** Runs one feature with clients of its own. Rejects with what is wrong. */
async function checkOne(feature: string, cell: Cell): Promise<void> {
  const opening: Promise<McpProbe>[] = [];
  const open: Open = (options) => {
    const probe = clients[cell.client]!.open(wayOf(cell), options);
    opening.push(probe);
    return probe;
  };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${FEATURE_MS} ms`)), FEATURE_MS);
  });
  try {
    await Promise.race([features[feature]!.check(open, cell), late]);
  } finally {
    clearTimeout(timer);
    await Promise.allSettled(opening.map(async (probe) => (await probe).close()));
  }
}

function wayOf({ door, server, isShared }: Cell) {
  const name = isShared ? server : ownOf(server as Server);
  return door === null ? world.direct(name) : world.way(door, name);
}

/** Runs the features one after the other, and tells how each ended that did not end well. */
async function checkAll(cell: Cell, names = Object.keys(features)): Promise<Record<string, string>> {
  const faults: Record<string, string> = {};
  for (const name of names) {
    if (features[name]!.without?.(cell)) continue;
    await checkOne(name, cell).catch((error: Error) => {
      faults[name] = error.message.split('\n').slice(0, 12).join('\n');
    });
  }
  return faults;
}

/** Whether a client and a server have a revision in common. */
function understands(client: string, server: Server): boolean {
  return clients[client]!.era === 'modern' ? !server.startsWith('legacy') : !server.startsWith('modern');
}

/** Why a client is not compared without a hub, or by way of a pipe, which changes nothing; null when it is. */
function notDirect(client: string, server: Server): string | null {
  if (client.includes('batches') && !server.endsWith('-http'))
    return 'the servers take batches over HTTP only, and give no sign elsewhere';
  if (client === 'raw 2024-11-05' && server.endsWith('-http'))
    return 'the client speaks the oldest HTTP only';
  return null;
}

/** Those of the servers that are tried with the client, or the client and its door, of this number; at least one. */
function drawn(from: readonly Server[], turn: number): readonly Server[] {
  const share = from.filter((server) => (servers.indexOf(server) + turn) % SHARE === 0);
  if (IS_EXHAUSTIVE) return from;
  return share.length > 0 ? share : from.slice(0, 1);
}

describe.each(Object.keys(clients))('%s directly', (client) => {
  const possible = servers.filter((server) => {
    // A process for each client and feature: of the three by stdio, one stands for all.
    if (server === 'modern-stdio' || server === 'legacy-stdio') return false;
    return understands(client, server) && notDirect(client, server) === null;
  });
  it.concurrent.each(drawn(possible, Object.keys(clients).indexOf(client)))(
    'to %s',
    { timeout: CELL_MS },
    async (server) => {
      const cell: Cell = { client, era: clients[client]!.era, server, door: null, isShared: false };
      expect(await checkAll(cell)).toEqual({});
    },
  );
});

const turnOf = (client: string, door: Door): number =>
  arrivals.findIndex(([name, way]) => name === client && way === door);

describe.each(arrivals)('%s by %s', (client, door) => {
  it.concurrent.each(drawn(servers, turnOf(client, door)))(
    'to %s, shared',
    { timeout: CELL_MS },
    async (server) => {
      const cell: Cell = { client, era: clients[client]!.era, server, door, isShared: true };
      expect(await checkAll(cell)).toEqual({});
    },
  );
});

/** The features that a server of one's own and a shared one come by in different ways. */
const differing = Object.keys(features).filter((name) => features[name]!.dependsOnSharing);

/** A pipe: one session's own process over stdio. */
const isPiped = (door: Door, server: Server): boolean => door === 'shim' && server.endsWith('-stdio');

describe.each(arrivals)('%s by %s', (client, door) => {
  const usable = servers.filter((server) => !isPiped(door, server) || notDirect(client, server) === null);
  it.concurrent.each(drawn(usable, turnOf(client, door)))(
    'to %s of its own',
    { timeout: CELL_MS },
    async (server) => {
      const cell: Cell = { client, era: clients[client]!.era, server, door, isShared: false };
      const faults = await checkAll(cell, differing);
      // What cannot talk directly cannot by a pipe: the client hears of it from the server itself.
      const isRefused = isPiped(door, server) && !understands(client, server);
      expect(Object.keys(faults)).toEqual(isRefused ? differing : []);
      if (isRefused) expect(Object.values(faults).join('\n')).toMatch(/version/i);
    },
  );
});
