import { listAll, TOOLS, type TimeLeft } from './list-all.ts';
import type { LegacyClient } from './legacy-client.ts';

/**
 * The first calls measure how cold the programs on the way are, which nobody feels for long; they are left out. A
 * slow server is asked less often, but at least three times.
 */
const WARM_UP_CALLS = 10;
const TIMED_CALLS = 21;
const LEAST_CALLS = 3;
const MEASURE_MS = 1_000;

/** Every tool by its name, with the hash of the rest of its definition. A server without tools has an empty list. */
export const listTools = (client: LegacyClient, timeLeft: TimeLeft): Promise<Map<string, string>> =>
  listAll(client, TOOLS, timeLeft);

/**
 * Median of up to 21 first pages of `tools/list` in milliseconds, after a warm-up; of fewer when time is short, null
 * for none. No tool is ever called: what a person's tools do is theirs to start.
 */
export async function measureLatency(
  client: LegacyClient,
  timeLeft: TimeLeft,
  now: () => number,
): Promise<number | null> {
  const times: number[] = [];
  try {
    const end = now() + MEASURE_MS;
    const isTimeUp = (): boolean => now() >= end && times.length >= LEAST_CALLS;
    for (let calls = 0; times.length < TIMED_CALLS && !isTimeUp(); calls += 1) {
      const start = now();
      await client.request(TOOLS.method, {}, timeLeft());
      if (calls >= WARM_UP_CALLS || start >= end - MEASURE_MS / 2) times.push(now() - start);
    }
  } catch {
    // The tools are known; how fast they are told is worth less than a failure.
  }
  return median(times);
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
}
