import { idOf, laneOf, MAX_LANES, type Call } from './calls.ts';
import type { Wire } from './wire.ts';

/** What one stretch of load on one target came to. Times in milliseconds. */
export interface Slice {
  calls: number;
  seconds: number;
  p50: number;
  p95: number;
  p99: number;
  /** Answers that were not the right one. */
  wrong: number;
  firstWrong: string | null;
}

export interface LoadOptions {
  /** Calls in flight. */
  lanes: number;
  ms: number;
  /** Goes on after `ms` until so many calls are done. */
  minCalls?: number;
}

const STALLED_MS = 20_000;

/**
 * Keeps `lanes` calls in flight for `ms`, each followed at once by the next (a closed loop), and checks every answer.
 * Rejects when the wire fails or nothing is answered for 20 s; a wrong answer is counted, not thrown.
 */
export function runSlice(wire: Wire, call: Call, options: LoadOptions): Promise<Slice> {
  const { lanes, ms, minCalls = lanes } = options;
  if (lanes > MAX_LANES) throw new Error(`At most ${MAX_LANES} calls can be in flight.`);
  return new Promise((resolve, reject) => {
    const latencies: number[] = [];
    const sentAt = new Float64Array(lanes);
    const expected = new Float64Array(lanes).fill(-1);
    let sequence = 1;
    let open = lanes;
    let wrong = 0;
    let firstWrong: string | null = null;
    let lastCount = -1;

    const watch = setInterval(() => {
      if (latencies.length === lastCount)
        fail(new Error(`Nothing was answered for ${STALLED_MS / 1_000} s.`));
      lastCount = latencies.length;
    }, STALLED_MS);
    const leave = (): void => {
      clearInterval(watch);
      wire.onFrame = () => {};
      wire.onFailure = () => {};
    };
    const fail = (error: Error): void => {
      leave();
      reject(error);
    };
    const begin = (lane: number): void => {
      const id = sequence * MAX_LANES + lane;
      sequence += 1;
      expected[lane] = id;
      const frame = call.request(id);
      sentAt[lane] = performance.now();
      wire.send(lane, frame);
    };

    wire.onFailure = fail;
    wire.onFrame = (frame) => {
      const id = idOf(frame);
      if (id === null) return;
      const now = performance.now();
      const lane = laneOf(id);
      if (expected[lane] !== id || !call.isRight(frame, id)) {
        wrong += 1;
        firstWrong ??= frame.toString('utf8', 0, 300);
        if (expected[lane] !== id) return;
      }
      latencies.push(now - sentAt[lane]!);
      expected[lane] = -1;
      if (now < deadline || latencies.length + open - 1 < minCalls) return begin(lane);
      open -= 1;
      if (open > 0) return;
      leave();
      resolve({
        calls: latencies.length,
        seconds: (now - start) / 1_000,
        ...percentiles(latencies),
        wrong,
        firstWrong,
      });
    };

    const start = performance.now();
    const deadline = start + ms;
    for (let lane = 0; lane < lanes; lane += 1) begin(lane);
  });
}

function percentiles(latencies: number[]): { p50: number; p95: number; p99: number } {
  const sorted = Float64Array.from(latencies).sort();
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
