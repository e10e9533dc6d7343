import type { Call } from './calls.ts';
import { runSlice, type Slice } from './load.ts';
import { cpuBetween, forgetPeak, peakMb, readCpu } from './process-stats.ts';
import type { OpenTarget } from './target.ts';

/** One stretch of load with what it cost the proxy. */
export interface Sample extends Slice {
  /** CPU of the proxy's own processes for one call, what they did after the last answer included; null: no proxy. */
  cpuMsPerCall: number | null;
  /** The part of it that the main threads used. */
  mainCpuMsPerCall: number | null;
  /** Most memory the proxy's processes held, together; null: no proxy. */
  peakMb: number | null;
}

/** All samples of one target at one number of calls in flight; the n-th were taken in one round for every target. */
export interface Series {
  target: string;
  lanes: number;
  samples: Sample[];
  /** Why it stopped early: a peer that broke. */
  failure: string | null;
}

export interface Subject {
  name: string;
  isPeer: boolean;
  target: OpenTarget;
}

export interface Level {
  /** Calls in flight. */
  lanes: number;
  /** Only every so many rounds, from the first on. */
  every: number;
}

export interface RoundsOptions {
  call: Call;
  levels: readonly Level[];
  rounds: number;
  ms: number;
  /** Load before the first round, for the just-in-time compilers on both sides. */
  warmMs: number;
}

/**
 * Every round visits every target at every level, and the order rotates: what disturbs the machine for a while
 * disturbs all of them, and a target's figure can be divided by its neighbour's of the same round.
 */
export async function runRounds(subjects: readonly Subject[], options: RoundsOptions): Promise<Series[]> {
  const { call, levels, rounds, ms, warmMs } = options;
  const top = Math.max(...levels.map(({ lanes }) => lanes));
  const broken = new Map<string, string>();
  const series = subjects.flatMap(({ name }) =>
    levels.map(({ lanes }): Series => ({ target: name, lanes, samples: [], failure: null })),
  );
  const attempt = async ({ name, isPeer }: Subject, work: () => Promise<void>): Promise<void> => {
    if (broken.has(name)) return;
    try {
      await work();
    } catch (error) {
      const { message } = error as Error;
      if (!isPeer) throw new Error(`${name}: ${message}`, { cause: error });
      broken.set(name, message);
    }
  };

  for (const subject of subjects) {
    await attempt(subject, async () => {
      const { wire } = subject.target;
      await wire.reserve(top);
      const levelMs = warmMs / 2;
      await runSlice(wire, call, { lanes: Math.min(16, top), ms: levelMs });
      await runSlice(wire, call, { lanes: 1, ms: levelMs });
      await untilIdle(subject.target.pids(), subject.target.lateWorkMs);
    });
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const { lanes } of levels.filter(({ every }) => round % every === 0)) {
      for (let index = 0; index < subjects.length; index += 1) {
        const subject = subjects[(index + round) % subjects.length]!;
        await attempt(subject, async () => {
          const sample = await measure(subject.target, call, { lanes, ms });
          series.find((one) => one.target === subject.name && one.lanes === lanes)!.samples.push(sample);
        });
      }
    }
  }
  for (const one of series) one.failure = broken.get(one.target) ?? null;
  return series;
}

async function measure(
  { wire, pids, lateWorkMs }: OpenTarget,
  call: Call,
  load: { lanes: number; ms: number },
): Promise<Sample> {
  const own = pids();
  await wire.reserve(load.lanes);
  forgetPeak(own);
  const before = readCpu(own);
  const slice = await runSlice(wire, call, load);
  await untilIdle(own, lateWorkMs);
  if (own.length === 0) return { ...slice, cpuMsPerCall: null, mainCpuMsPerCall: null, peakMb: null };
  const used = cpuBetween(before, readCpu(own));
  return {
    ...slice,
    cpuMsPerCall: used.all / slice.calls,
    mainCpuMsPerCall: used.main / slice.calls,
    peakMb: peakMb(own),
  };
}

const LOOK_MS = 25;
const IDLE_SHARE = 0.1;
const MAX_WAIT_MS = 3_000;

/** Waits until the processes do next to nothing, so that the work of one target is not counted as another's. */
export async function untilIdle(pids: readonly number[], lateWorkMs = 0): Promise<void> {
  if (pids.length === 0) return;
  const deadline = performance.now() + MAX_WAIT_MS;
  await pause(lateWorkMs);
  for (;;) {
    const before = readCpu(pids);
    await pause(LOOK_MS);
    const { all } = cpuBetween(before, readCpu(pids));
    if (all < LOOK_MS * IDLE_SHARE || performance.now() > deadline) return;
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
