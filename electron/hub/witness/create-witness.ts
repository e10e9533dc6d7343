import type { ProbeResult, Witness } from '../migration/witness-port.ts';
import { DEFAULT_STOP_LADDER } from '../supervisor/stop-ladder.ts';
import { compareParity } from './parity.ts';
import { probeServer, type ProbeSettings } from './probe-server.ts';

/** Servers started at once: enough to hide waiting, few enough not to disturb each other's measurements. */
const CONCURRENCY = 2;

export type WitnessOptions = Pick<ProbeSettings, 'bypassNotes'> & Partial<ProbeSettings>;

/** The witness over real processes. Defaults: 30 s to start, 30 s to answer, the usual stop ladder. */
export function createWitness(options: WitnessOptions): Witness {
  const settings: ProbeSettings = {
    version: '1',
    startTimeoutMs: 30_000,
    listTimeoutMs: 30_000,
    ladder: DEFAULT_STOP_LADDER,
    now: () => performance.now(),
    ...options,
  };
  return {
    compare: compareParity,

    async probe(launches, signal) {
      const results = new Map<number, ProbeResult>();
      const waiting = launches.entries();
      const work = async (): Promise<void> => {
        for (const [index, launch] of waiting) {
          if (signal.aborted) return;
          results.set(index, await probeServer(launch, settings, signal));
        }
      };
      await Promise.all(Array.from({ length: CONCURRENCY }, work));
      signal.throwIfAborted();
      return launches.map((_launch, index) => results.get(index)!);
    },
  };
}
