import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { PROTOCOL_VERSION, type ShimHello, type Welcome } from '../../electron/hub/sessions/shim-protocol.ts';
import type { ServerDefinition } from '../../shared/model/server.ts';
import type { HubSettings } from '../../shared/model/settings.ts';
import { runJson } from '../support/cli.ts';
import { startHub, type RunningHub } from '../support/hub.ts';
import { installShimFor } from '../support/shim.ts';
import type { TemporaryHome } from '../support/temporary-home.ts';
import { httpWire } from './http-wire.ts';
import { lineWire } from './line-wire.ts';
import { benchHome, startProgram, type Command, type Endings } from './started.ts';
import { ready, stdioWire } from './target-direct.ts';
import type { Backend, Target } from './target.ts';
import type { Wire } from './wire.ts';

/** Name of the server in the hub's catalog. */
const SERVER = 'bench';
const WELCOME_MS = 10_000;
/** The hub hands its log to a worker every 100 ms. */
const LATE_WORK_MS = 120;

export interface BenchHub {
  home: TemporaryHome;
  hub: RunningHub;
  /** Exchanges that found no room in the log so far. */
  dropped(): Promise<number>;
}

/** What differs from the defaults. */
export interface HubChanges {
  settings?: Partial<HubSettings>;
  /** Merged into each definition. */
  definition?: Partial<ServerDefinition>;
  /** Puts into the home what the hub finds when it starts. */
  prepare?(home: TemporaryHome): void;
}

/** One process of the server for all sessions. */
export const SHARED: HubChanges = { definition: { isolation: 'shared' } };

/** The built hub in a home of its own, with one server in its catalog, or with these. */
export async function startBenchHub(
  servers: Backend | Readonly<Record<string, Command>>,
  endings: Endings,
  { settings = {}, definition = {}, prepare }: HubChanges = {},
): Promise<BenchHub> {
  const home = benchHome(endings);
  mkdirSync(home.dataDir, { mode: 0o700 });
  writeFileSync(path.join(home.dataDir, 'settings.json'), JSON.stringify(settings));
  const commands = isBackend(servers) ? { [SERVER]: servers.stdio } : servers;
  const mcpServers = Object.fromEntries(
    Object.entries(commands).map(([name, command]) => [name, { ...command, ...definition }]),
  );
  writeFileSync(path.join(home.dataDir, 'mcp-servers.json'), JSON.stringify({ mcpServers }));
  prepare?.(home);
  const hub = await startHub(home);
  endings.add(() => hub.stop());
  const dropped = async (): Promise<number> => {
    const status = await runJson<{ droppedExchanges: number }>(home, ['status']);
    return status.droppedExchanges;
  };
  return { home, hub, dropped };
}

const isBackend = (servers: Backend | Readonly<Record<string, Command>>): servers is Backend =>
  typeof servers.startHttp === 'function';

/** How a client's configuration starts the shim installed in this home. */
export function shimCommand(home: TemporaryHome, { command, args }: Command): Command {
  const shim = path.join(home.dataDir, 'shim', 'shim.cjs');
  return {
    command: process.execPath,
    args: [shim, '--client', 'claude-code', '--server', SERVER, '--', command, ...args],
  };
}

/** What the shim does, without its process: the hub's own cost alone. */
export async function helloWire(
  { home, hub }: BenchHub,
  { command, args }: Command,
  server = SERVER,
): Promise<Wire> {
  const hello: ShimHello = {
    patchbay: PROTOCOL_VERSION,
    kind: 'shim',
    client: 'claude-code',
    server,
    session: randomUUID(),
    resumed: 0,
    pid: process.pid,
    ppid: process.ppid,
    cwd: home.project,
    env: { ...home.env },
    witness: false,
    command,
    args: [...args],
  };
  const socket = connect(hub.socket);
  const line = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('The hub did not welcome us.')), WELCOME_MS);
    let text = '';
    const onData = (chunk: Buffer): void => {
      text += chunk.toString('utf8');
      if (!text.endsWith('\n')) return;
      clearTimeout(timer);
      socket.off('data', onData);
      resolve(text);
    };
    socket.on('data', onData);
    socket.once('error', reject);
    socket.once('connect', () => socket.write(`${JSON.stringify(hello)}\n`));
  });
  const welcome = JSON.parse(line) as Welcome;
  if (!welcome.ok) throw new Error(`The hub refused: ${welcome.message}`);
  return lineWire(socket, socket, () => socket.destroy());
}

/** The hub as the shim reaches it. */
export const hubSocket = (name = 'hub-socket', changes: HubChanges = {}): Target => ({
  name,
  direct: 'direct-stdio',
  async open(backend, endings) {
    const started = await startBenchHub(backend, endings, changes);
    const connectOne = async (): Promise<Wire> => ready(await helloWire(started, backend.stdio), endings);
    return {
      wire: await connectOne(),
      connect: connectOne,
      pids: () => [started.hub.pid],
      lateWorkMs: LATE_WORK_MS,
      dropped: started.dropped,
    };
  },
});

/** The hub as a migrated client reaches it: shim and hub. */
export const hubShim: Target = {
  name: 'hub-shim',
  direct: 'direct-stdio',
  async open(backend, endings) {
    const { home, hub, dropped } = await startBenchHub(backend, endings);
    installShimFor(home);
    const pids = [hub.pid];
    const connectOne = (): Promise<Wire> => {
      const shim = startProgram(home, shimCommand(home, backend.stdio), true);
      pids.push(shim.pid);
      endings.add(() => shim.stop());
      return ready(stdioWire(shim), endings);
    };
    return {
      wire: await connectOne(),
      connect: connectOne,
      pids: () => pids,
      lateWorkMs: LATE_WORK_MS,
      dropped,
    };
  },
};

/** The hub's own HTTP endpoint of one server. */
export const hubHttp = (name = 'hub-http', changes: HubChanges = {}): Target => ({
  name,
  direct: 'direct-http',
  async open(backend, endings) {
    const { hub, dropped } = await startBenchHub(backend, endings, changes);
    const endpoint = { port: hub.port, path: `/servers/${SERVER}/mcp`, token: hub.token };
    const connectOne = (): Promise<Wire> => ready(httpWire(endpoint), endings);
    return {
      wire: await connectOne(),
      connect: connectOne,
      pids: () => [hub.pid],
      lateWorkMs: LATE_WORK_MS,
      dropped,
    };
  },
});
