import { runSlice } from './load.ts';
import { cpuBetween, readCpu, rssMb } from './process-stats.ts';
import { untilIdle } from './rounds.ts';
import { benchHome, Endings, startProgram } from './started.ts';
import { rawBackend, type OpenTarget, type Target } from './target.ts';
import { stdioWire } from './target-direct.ts';
import { firstTools, manyWires } from './wire.ts';

/** Sessions that are open at the same time: where each has a server of its own, and where all share one. */
export const OWN_SERVERS = 50;
export const SHARED_SERVER = 200;
/** Open before memory is first looked at: what the very first sessions make a runtime compile and allocate comes once. */
const FIRST_SESSIONS = 10;
const REST_MS = 1_000;

export interface SessionCost {
  target: string;
  /** From the first to the last tools/list, all opened at once. */
  openMs: number;
  /** Memory of the proxy (of the server itself where there is no proxy): with ten sessions, with all, after load. */
  idleMb: number;
  openMb: number;
  loadedMb: number;
  kbPerSession: number;
  /** CPU of the same processes while nothing happens in any session. */
  idleCpuMsPerSecond: number;
  /** One call in flight in each session. */
  callsPerSecond: number;
  p50: number;
  p99: number;
  wrong: number;
}

export interface Sessions {
  /** How many were open. */
  count: number;
  sessions: SessionCost[];
  /** Peers that broke, and how. */
  absent: Record<string, string>;
}

export interface Memory extends Sessions {
  /** Starting as many servers without any proxy, two at a time: the better of a try before and one after; ms. */
  startAloneMs: number;
}

/** Many sessions with each target, one target after the other; servers started alone before and after. */
export async function memory(targets: readonly Target[], loadMs: number): Promise<Memory> {
  const aloneBefore = await startAlone();
  const found = await manySessions(targets, OWN_SERVERS, loadMs);
  return { ...found, startAloneMs: Math.min(aloneBefore, await startAlone()) };
}

/** Opens so many sessions with each target and looks at the memory and at calls in all of them. */
export async function manySessions(
  targets: readonly Target[],
  count: number,
  loadMs: number,
): Promise<Sessions> {
  const sessions: SessionCost[] = [];
  const absent: Record<string, string> = {};
  for (const target of targets) {
    try {
      sessions.push(await costOfSessions(target, count, loadMs));
    } catch (error) {
      if (!target.isPeer) throw error;
      absent[target.name] = (error as Error).message;
    }
  }
  return { count, sessions, absent };
}

async function costOfSessions({ name, open }: Target, count: number, loadMs: number): Promise<SessionCost> {
  const endings = new Endings();
  try {
    const target = await open(rawBackend, endings);
    for (let session = 1; session < FIRST_SESSIONS; session += 1) await target.connect();
    await untilIdle(memoryOwners(target), target.lateWorkMs);
    const idleMb = rssMb(memoryOwners(target));
    const begun = performance.now();
    const wires = await Promise.all(Array.from({ length: count - FIRST_SESSIONS }, () => target.connect()));
    const openMs = performance.now() - begun;
    await untilIdle(memoryOwners(target), target.lateWorkMs);
    const openMb = rssMb(memoryOwners(target));
    const restedFrom = readCpu(memoryOwners(target));
    await new Promise((resolve) => setTimeout(resolve, REST_MS));
    const rested = cpuBetween(restedFrom, readCpu(memoryOwners(target)));
    const together = manyWires(wires);
    await together.reserve(wires.length);
    const load = { lanes: wires.length, ms: loadMs };
    // Where every session has a server of its own, each of them has to get warm.
    await runSlice(together, rawBackend.echo, load);
    await together.reserve(wires.length);
    const slice = await runSlice(together, rawBackend.echo, load);
    return {
      target: name,
      openMs,
      idleMb,
      openMb,
      loadedMb: rssMb(memoryOwners(target)),
      idleCpuMsPerSecond: (rested.all * 1_000) / REST_MS,
      kbPerSession: ((openMb - idleMb) * 1_024) / wires.length,
      callsPerSecond: slice.calls / slice.seconds,
      p50: slice.p50,
      p99: slice.p99,
      wrong: slice.wrong,
    };
  } finally {
    await endings.run();
  }
}

/** Whose memory the sessions are in. */
const memoryOwners = ({ server, pids }: OpenTarget): number[] => (server === undefined ? pids() : [server]);

/** Starts the servers themselves, two at a time, up to tools/list. */
async function startAlone(): Promise<number> {
  const endings = new Endings();
  try {
    const home = benchHome(endings);
    let left = OWN_SERVERS;
    const worker = async (): Promise<void> => {
      while (left > 0) {
        left -= 1;
        const started = startProgram(home, rawBackend.stdio, true);
        endings.add(() => started.stop());
        await firstTools(stdioWire(started));
      }
    };
    const begun = performance.now();
    await Promise.all([worker(), worker()]);
    return performance.now() - begun;
  } finally {
    await endings.run();
  }
}
