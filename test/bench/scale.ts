import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { httpWire } from './http-wire.ts';
import { median } from './figures.ts';
import { cpuBetween, pidsBelow, readCpu, rssMb } from './process-stats.ts';
import { untilIdle } from './rounds.ts';
import { benchHome, Endings, freePort, listening, startProgram, type Command } from './started.ts';
import { benchFile } from './target.ts';
import { SHARED, startBenchHub } from './target-hub.ts';
import { mcpHubCommand, readySse } from './target-peers.ts';
import { ask, initialize, type Wire } from './wire.ts';

/** Servers behind one endpoint, and the tools each of them has. */
const SERVERS = 50;
const TOOLS = 100;
/** Sessions on that endpoint. */
const SESSIONS = 200;
const LISTS = 20;
const REST_MS = 2_000;
const ALL_TOOLS_MS = 60_000;

/** What one hub needs for 50 servers with 5,000 tools. CPU and memory are the hub's own, the servers' are left out. */
export interface ScaleCost {
  target: string;
  /** From the first session's handshake to a list that has every tool; and the CPU for that. */
  allToolsMs: number;
  allToolsCpuMs: number;
  /** A list of all tools once they are known. */
  listMs: number;
  listCpuMs: number;
  rssMb: number;
  /** With 200 sessions; null for a hub that was not asked for them. */
  sessionsRssMb: number | null;
  idleCpuMsPerSecond: number;
}

export interface Scale {
  hubs: ScaleCost[];
  /** Peers that broke, and how. */
  absent: Record<string, string>;
}

const servers: Readonly<Record<string, Command>> = Object.fromEntries(
  Array.from({ length: SERVERS }, (_, n) => [
    `bench-${n}`,
    { command: process.execPath, args: [benchFile('backend.mjs'), 'stdio', String(TOOLS)] },
  ]),
);

/** 50 servers with 100 tools each at one endpoint. mcp-hub is the one peer that has such an endpoint. */
export async function scale(withPeers: boolean): Promise<Scale> {
  const hubs = [await costOf('hub', openHub)];
  const absent: Record<string, string> = {};
  if (withPeers) {
    try {
      hubs.push(await costOf('mcp-hub', openMcpHub));
    } catch (error) {
      absent['mcp-hub'] = (error as Error).message;
    }
  }
  return { hubs, absent };
}

interface OpenHub {
  pids(): number[];
  /** A session before its handshake. */
  connect(): Promise<Wire>;
  sessions: number;
}

async function openHub(endings: Endings): Promise<OpenHub> {
  const { hub } = await startBenchHub(servers, endings, SHARED);
  return {
    pids: () => [hub.pid],
    sessions: SESSIONS,
    async connect() {
      const wire = httpWire({ port: hub.port, path: '/mcp', token: hub.token });
      endings.add(() => wire.close());
      await initialize(wire);
      return wire;
    },
  };
}

async function openMcpHub(endings: Endings): Promise<OpenHub> {
  const home = benchHome(endings);
  const port = await freePort();
  const config = path.join(home.root, 'mcp-hub.json');
  writeFileSync(config, JSON.stringify({ mcpServers: servers }));
  const started = startProgram(home, mcpHubCommand(port, config), false);
  endings.add(() => started.stop());
  started.child.stdout!.resume();
  await listening(port);
  return {
    pids: () => pidsBelow(started.pid, 'backend.mjs'),
    connect: () => readySse(port, endings),
    sessions: 0,
  };
}

async function costOf(target: string, open: (endings: Endings) => Promise<OpenHub>): Promise<ScaleCost> {
  const endings = new Endings();
  try {
    const hub = await open(endings);
    const begun = performance.now();
    const atStart = readCpu(hub.pids());
    const wire = await hub.connect();
    while ((await countTools(wire)) < SERVERS * TOOLS) {
      if (performance.now() - begun > ALL_TOOLS_MS) throw new Error('Not all tools were ever listed.');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const allToolsMs = performance.now() - begun;
    await untilIdle(hub.pids());
    const allToolsCpuMs = cpuBetween(atStart, readCpu(hub.pids())).all;

    const listTimes: number[] = [];
    const beforeLists = readCpu(hub.pids());
    for (let list = 0; list < LISTS; list += 1) {
      const asked = performance.now();
      await countTools(wire);
      listTimes.push(performance.now() - asked);
    }
    await untilIdle(hub.pids());
    const listCpuMs = cpuBetween(beforeLists, readCpu(hub.pids())).all / LISTS;

    const rss = rssMb(hub.pids());
    for (let session = 1; session < hub.sessions; session += 1) await hub.connect();
    await untilIdle(hub.pids());
    const restedFrom = readCpu(hub.pids());
    await new Promise((resolve) => setTimeout(resolve, REST_MS));
    return {
      target,
      allToolsMs,
      allToolsCpuMs,
      listMs: median(listTimes),
      listCpuMs,
      rssMb: rss,
      sessionsRssMb: hub.sessions > 0 ? rssMb(hub.pids()) : null,
      idleCpuMsPerSecond: (cpuBetween(restedFrom, readCpu(hub.pids())).all * 1_000) / REST_MS,
    };
  } finally {
    await endings.run();
  }
}

/** Walks all pages. */
async function countTools(wire: Wire): Promise<number> {
  let count = 0;
  let cursor: unknown;
  do {
    const page = await ask(wire, 'tools/list', cursor === undefined ? {} : { cursor });
    // The built-in server's tools are in the list as well.
    const names = (page.tools as { name: string }[]).map(({ name }) => name);
    count += names.filter((name) => name.includes('tool_')).length;
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return count;
}
