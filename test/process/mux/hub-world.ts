import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ServerDefinition } from '../../../shared/model/server.ts';
import { startHub, type RunningHub } from '../../support/hub.ts';
import { expectNothingLeft } from '../../support/leak-check.ts';
import type { HttpServerProgram } from '../../support/mcp-fixtures.ts';
import type { McpProbe, ProbeOptions, Way } from '../../support/mcp-probe.ts';
import { rawProbe } from '../../support/raw-probe.ts';
import { sdkV1Probe, sdkV2Probe } from '../../support/sdk-probes.ts';
import { installShimFor } from '../../support/shim.ts';
import { temporaryHome, type TemporaryHome } from '../../support/temporary-home.ts';
import type { Upstream } from './upstreams.ts';

/** By what makes them different on the wire. */
export const clients: Readonly<Record<string, Client>> = {
  'SDK v2, modern': { era: 'modern', open: (way, options) => sdkV2Probe('modern', way, options) },
  'SDK v2, legacy': { era: 'legacy', open: (way, options) => sdkV2Probe('legacy', way, options) },
  'SDK v1': { era: 'legacy', open: sdkV1Probe },
  'raw 2025-03-26 in batches': {
    era: 'legacy',
    open: (way, options) => rawProbe(way, { ...options, version: '2025-03-26', batch: true }),
  },
  'raw 2024-11-05': {
    era: 'legacy',
    open: (way, options) => rawProbe(way, { ...options, version: '2024-11-05' }),
  },
};

export interface Client {
  era: 'modern' | 'legacy';
  open(way: Way, options?: ProbeOptions): Promise<McpProbe>;
}

/** How clients come to the hub. HTTP+SSE is of the oldest revision, which knows no other HTTP. */
export type Door = 'shim' | 'http' | 'sse';
const doorsOf = (client: string): readonly Door[] =>
  client === 'raw 2024-11-05' ? ['shim', 'sse'] : ['shim', 'http'];

/** Every client by every door it can take. */
export const arrivals = Object.keys(clients).flatMap((client) =>
  doorsOf(client).map((door) => [client, door] as const),
);

/** A hub with a catalog, and clients on their way to it. */
export interface HubWorld {
  home: TemporaryHome;
  hub: RunningHub;
  /** To one server through the hub; `*` is all of them under prefixed names. */
  way(door: Door, server: string): Way;
  /** To the server itself. */
  direct(server: string): Way;
  /** Opens a client that `end` closes. */
  open(client: string, way: Way, options?: ProbeOptions): Promise<McpProbe>;
  /** Closes the clients of the test. */
  end(): Promise<void>;
  stop(): Promise<void>;
}

/** A hub in front of these servers. `change` is merged into each definition. */
export async function openHubWorld(
  upstreams: Readonly<Record<string, Upstream>>,
  change: Partial<ServerDefinition> = {},
): Promise<HubWorld> {
  const home = temporaryHome();
  const remotes: HttpServerProgram[] = [];
  const mcpServers: Record<string, ServerDefinition> = {};
  for (const [name, { remote, define }] of Object.entries(upstreams)) {
    const program = await remote?.(home.env);
    if (program) remotes.push(program);
    mcpServers[name] = { ...define({ url: program?.url ?? '', home }), ...change };
  }
  mkdirSync(home.dataDir, { mode: 0o700, recursive: true });
  writeFileSync(path.join(home.dataDir, 'mcp-servers.json'), JSON.stringify({ mcpServers }));
  const shim = installShimFor(home);
  const hub = await startHub(home);
  const probes = new Set<McpProbe>();

  return {
    home,
    hub,
    way(door, server) {
      if (door === 'shim') {
        const { command = process.execPath, args = [] } = mcpServers[server] ?? {};
        return {
          kind: 'stdio',
          command: process.execPath,
          args: [shim, '--client', 'claude-code', '--server', server, '--', command, ...args],
          cwd: home.project,
          env: home.env,
        };
      }
      const one = server === '*' ? '' : `/servers/${server}`;
      const url = new URL(`${one}/${door === 'sse' ? 'sse' : 'mcp'}`, hub.url).href;
      return { kind: door, url, token: hub.token };
    },
    direct(server) {
      const { command, args = [], type, url } = mcpServers[server]!;
      if (url) return { kind: type === 'sse' ? 'sse' : 'http', url, token: null };
      return { kind: 'stdio', command: command!, args, cwd: home.project, env: home.env };
    },
    async open(client, way, options) {
      const probe = await clients[client]!.open(way, options);
      probes.add(probe);
      return probe;
    },
    async end() {
      await Promise.allSettled([...probes].map((probe) => probe.close()));
      probes.clear();
    },
    async stop() {
      await hub.stop();
      await Promise.all(remotes.map((remote) => remote.stop()));
      await expectNothingLeft(home);
      home.dispose();
    },
  };
}
