import { readdirSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import path from 'node:path';
import { installShimFor } from '../support/shim.ts';
import { endMarked, processesOf } from '../support/process-tree.ts';
import type { TemporaryHome } from '../support/temporary-home.ts';
import { lineReader } from './line-wire.ts';
import { memoryOf } from './process-stats.ts';
import { benchHome, Endings, startProgram, type Command } from './started.ts';
import { everythingBackend, rawBackend, type Target } from './target.ts';
import { stdioWire } from './target-direct.ts';
import { helloWire, SHARED, shimCommand, startBenchHub, type BenchHub } from './target-hub.ts';
import { firstTools } from './wire.ts';

export interface StartUp {
  /** Milliseconds of every repetition, by what was started. */
  times: Record<string, number[]>;
  /** Memory of the shim and of a Node process that does nothing, in MB, every repetition. */
  rss: { shim: number[]; bare: number[] };
  private: { shim: number[]; bare: number[] };
  /** Cold starts in which the shim gave up on the hub and started the server itself. */
  bypassed: number;
}

const PING = '{"jsonrpc":"2.0","id":1,"method":"ping"}\n';
const PONG = '{"jsonrpc":"2.0","id":1,"result":{}}\n';
const BARE: Command = {
  command: process.execPath,
  args: ['-e', `process.stdout.write(${JSON.stringify(PONG)});process.stdin.resume()`],
};

/** From spawn to the first answer, everything in turn so that a disturbance hits all alike. */
export async function startUp(repetitions: number, peers: readonly Target[]): Promise<StartUp> {
  const result: StartUp = {
    times: {},
    rss: { shim: [], bare: [] },
    private: { shim: [], bare: [] },
    bypassed: 0,
  };
  const note = (name: string, ms: number): void => void (result.times[name] ??= []).push(ms);
  const endings = new Endings();
  try {
    const home = benchHome(endings);
    const hollow = await openHollowHub(endings);
    // A spare of the server is started ahead for whoever comes next.
    const { home: warm } = await startBenchHub(rawBackend, endings, { definition: { warm: 1 } });
    installShimFor(warm);
    const sdk = everythingBackend();
    const running = await startBenchHub(sdk, endings, SHARED);
    installShimFor(running.home);
    // It runs from here on, as it does when one client after the other uses it.
    const first = await helloWire(running, sdk.stdio);
    endings.add(() => first.close());
    await firstTools(first);
    for (let repetition = 0; repetition < repetitions; repetition += 1) {
      const bare = await timeToLine(home, BARE);
      note('bare-node', bare.ms);
      result.rss.bare.push(bare.rss);
      result.private.bare.push(bare.private);
      const shim = await timeToLine(hollow, shimCommand(hollow, rawBackend.stdio));
      note('shim-alone', shim.ms);
      result.rss.shim.push(shim.rss);
      result.private.shim.push(shim.private);
      note('direct-stdio', await timeToTools(home, rawBackend.stdio));
      note('hub-warm-by-shim', await timeToTools(warm, shimCommand(warm, rawBackend.stdio)));
      note('sdk-direct', await timeToTools(home, sdk.stdio));
      note('sdk-shared-by-shim', await timeToTools(running.home, shimCommand(running.home, sdk.stdio)));
      note('sdk-shared-by-socket', await timeBySocket(running, sdk.stdio));
      const cold = await coldStart();
      if (cold === null) result.bypassed += 1;
      else note('hub-cold-by-shim', cold);
      for (const peer of peers) {
        const ms = await openOnce(peer);
        if (ms !== null) note(peer.name, ms);
      }
    }
    return result;
  } finally {
    await endings.run();
  }
}

/** From spawn to the first tools/list. */
async function timeToTools(home: TemporaryHome, command: Command): Promise<number> {
  const begun = performance.now();
  const started = startProgram(home, command, true);
  try {
    await firstTools(stdioWire(started));
    return performance.now() - begun;
  } finally {
    await started.stop();
  }
}

/** From the connection to the first tools/list, without a shim's start. */
async function timeBySocket(hub: BenchHub, command: Command): Promise<number> {
  const begun = performance.now();
  const wire = await helloWire(hub, command);
  await firstTools(wire);
  wire.close();
  return performance.now() - begun;
}

/** From spawn to the first line out, and what the process holds then. */
async function timeToLine(
  home: TemporaryHome,
  command: Command,
): Promise<{ ms: number; rss: number; private: number }> {
  const begun = performance.now();
  const started = startProgram(home, command, true);
  try {
    started.child.stdin!.write(PING);
    await started.firstLine();
    const ms = performance.now() - begun;
    const memory = memoryOf(started.pid);
    return { ms, rss: memory.rss, private: memory.private };
  } finally {
    await started.stop();
  }
}

/** The shim finds no hub and starts one; null when it went around it. */
async function coldStart(): Promise<number | null> {
  const endings = new Endings();
  try {
    const home = benchHome(endings);
    installShimFor(home, { autostart: true });
    // A hub that a shim started has no parent that could end it.
    endings.add(() => processesOf(home).forEach((found) => endMarked(found, home, 'SIGTERM')));
    const ms = await timeToTools(home, shimCommand(home, rawBackend.stdio));
    const wentAround = readdirSync(path.join(home.dataDir, 'run', 'bypass')).length > 0;
    return wentAround ? null : ms;
  } finally {
    await endings.run();
  }
}

async function openOnce(peer: Target): Promise<number | null> {
  const endings = new Endings();
  const begun = performance.now();
  try {
    await peer.open(rawBackend, endings);
    return performance.now() - begun;
  } catch {
    return null;
  } finally {
    await endings.run().catch(() => {});
  }
}

/**
 * A hub that costs nothing: it welcomes every shim and answers every line. What is left of the time is the shim's own.
 */
async function openHollowHub(endings: Endings): Promise<TemporaryHome> {
  const home = benchHome(endings);
  installShimFor(home);
  const server: Server = createServer((socket) => {
    let isOpen = false;
    socket.on('error', () => socket.destroy());
    socket.on(
      'data',
      lineReader((line) => {
        if (isOpen) return void socket.write(PONG);
        isOpen = true;
        if ((JSON.parse(line.toString('utf8')) as { kind: string }).kind !== 'shim') return;
        // Without a mark the shim leaves the process of this pid alone.
        const welcome = { ok: true, instance: 'hollow', pid: process.pid, mark: null };
        socket.write(`${JSON.stringify(welcome)}\n`);
      }),
    );
    socket.on('end', () => socket.end());
  });
  await new Promise<void>((resolve) => server.listen(path.join(home.dataDir, 'run', 'hub.sock'), resolve));
  endings.add(() => new Promise((resolve) => server.close(() => resolve())));
  return home;
}
