import { bigCall, type Call } from './calls.ts';
import { foreignShare, machineTicks } from './process-stats.ts';
import { runRounds, type RoundsOptions, type Series, type Subject } from './rounds.ts';
import { Endings } from './started.ts';
import { everythingBackend, rawBackend, type Backend, type Target } from './target.ts';
import { directHttp } from './target-direct.ts';
import { hubSocket } from './target-hub.ts';

/** One table of calls. */
export interface LoadPart {
  title: string;
  series: Series[];
  /** Part of the machine that others used meanwhile, 0 to 1. */
  foreign: number;
  /** Exchanges a hub could not keep in its log, by target. */
  dropped: Record<string, number>;
  /** Why a peer could not take part, by target. */
  absent: Record<string, string>;
}

type Pace = Pick<RoundsOptions, 'levels' | 'rounds' | 'ms' | 'warmMs'>;

/** Quick runs spend their time on one call in flight, whose figures differ most from round to round. */
const quick = (lanes: number[], rounds: number, ms: number, warmMs: number): Pace => ({
  levels: lanes.map((count) => ({ lanes: count, every: count === 1 ? 1 : 3 })),
  rounds,
  ms,
  warmMs,
});

const full = (lanes: number[], rounds: number, ms: number, warmMs: number): Pace => ({
  levels: lanes.map((count) => ({ lanes: count, every: 1 })),
  rounds,
  ms,
  warmMs,
});

/** Opens the targets, drives them and closes them. Every target is a fresh process. */
async function runLoad(
  title: string,
  targets: readonly Target[],
  { backend, call, ...rounds }: Pace & { backend: Backend; call: Call },
): Promise<LoadPart> {
  const endings = new Endings();
  const absent: Record<string, string> = {};
  const dropped: Record<string, number> = {};
  const subjects: Subject[] = [];
  try {
    for (const { name, isPeer = false, open } of targets) {
      try {
        subjects.push({ name, isPeer, target: await open(backend, endings) });
      } catch (error) {
        if (!isPeer) throw error;
        absent[name] = (error as Error).message;
      }
    }
    const before = machineTicks();
    const series = await runRounds(subjects, { call, ...rounds });
    const foreign = foreignShare(before, machineTicks());
    for (const { name, target } of subjects) {
      if (target.dropped) dropped[name] = await target.dropped();
    }
    return { title, series, foreign, dropped, absent };
  } finally {
    await endings.run();
  }
}

/** Small calls through every target. */
export const smallCalls = (targets: readonly Target[], isFull: boolean): Promise<LoadPart> =>
  runLoad('Small calls (echo)', targets, {
    backend: rawBackend,
    call: rawBackend.echo,
    ...(isFull ? full([1, 16, 64, 256], 9, 700, 2_500) : quick([1, 16, 64], 7, 100, 800)),
  });

/** Results of one MiB. */
export const bigResults = (targets: readonly Target[], isFull: boolean): Promise<LoadPart> =>
  runLoad('Results of 1 MiB', targets, {
    backend: rawBackend,
    call: bigCall(),
    ...(isFull ? full([1, 16, 64], 7, 1_000, 1_500) : quick([1, 16], 4, 150, 300)),
  });

const SDK_TARGETS: readonly string[] = [directHttp.name, 'hub-http', 'hub-http-shared', 'hub-socket'];

/** An SDK server behind the hub against the same server's own HTTP. */
export const sdkServer = (targets: readonly Target[], isFull: boolean): Promise<LoadPart> => {
  const backend = everythingBackend();
  const chosen = targets.filter(({ name }) => SDK_TARGETS.includes(name));
  return runLoad('Reference server "everything" (echo)', chosen, {
    backend,
    call: backend.echo,
    ...(isFull ? full([1, 16, 64], 7, 700, 2_000) : quick([1, 16], 4, 120, 500)),
  });
};

/** The hub that keeps everything in its log, all but the bodies, and nothing. */
export const logging = (isFull: boolean): Promise<LoadPart> =>
  runLoad(
    'Log on, without bodies, and off (echo by socket)',
    [
      hubSocket('log-on'),
      hubSocket('bodies-off', { settings: { captureBodies: false } }),
      hubSocket('log-off', { settings: { recordTraffic: false } }),
    ],
    {
      backend: rawBackend,
      call: rawBackend.echo,
      ...(isFull ? full([1, 16], 9, 700, 2_500) : quick([1, 16], 6, 120, 800)),
    },
  );
