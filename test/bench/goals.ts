import { callsPerSecond, cpuRatio, figuresOf, median, pairedRatio, type PairedRatio } from './figures.ts';
import { atLeast, atMost, inUnit, type Goal } from './goal.ts';
import type { LoadPart } from './load-parts.ts';
import type { Memory, SessionCost } from './memory.ts';
import type { Sample, Series } from './rounds.ts';
import type { StartUp } from './start-up.ts';

/** Everything one run has found; what was left out is absent. */
export interface Results {
  small?: LoadPart;
  big?: LoadPart;
  sdkServer?: LoadPart;
  logging?: LoadPart;
  startUp?: StartUp;
  memory?: Memory;
}

const p50 = (sample: Sample): number => sample.p50;
const p99 = (sample: Sample): number => sample.p99;

/** All goals this bench knows, in order. `peers`: names of the targets that are other people's. */
export function goalsOf(results: Results, peers: readonly string[]): Goal[] {
  const { small, big, sdkServer, logging, startUp, memory } = results;
  const pick = (part: LoadPart | undefined, target: string, lanes: number): Series | undefined =>
    part?.series.find((one) => one.target === target && one.lanes === lanes);
  const time = (part: LoadPart | undefined, lanes: number, of: string, by: string): PairedRatio | null =>
    pairedRatio(pick(part, of, lanes), pick(part, by, lanes), p50);
  const rate = (part: LoadPart | undefined, lanes: number, of: string, by: string): PairedRatio | null =>
    pairedRatio(pick(part, of, lanes), pick(part, by, lanes), callsPerSecond);
  const cpu = (part: LoadPart | undefined, of: string, by: string): number | null =>
    cpuRatio(pick(part, of, 1), pick(part, by, 1));
  const peak = (target: string): number | null => {
    const series = pick(big, target, 16);
    return (series && figuresOf(series)?.peakMb) ?? null;
  };
  /** Against the peer that does best: the one with the least time and CPU, or with the most calls. */
  const best = (
    sense: Goal['sense'],
    ratio: (peer: string) => PairedRatio | number | null,
  ): number | null => {
    const ratios = peers
      .map(ratio)
      .filter((one) => one !== null)
      .map((one) => (typeof one === 'number' ? one : one.median));
    if (ratios.length === 0) return null;
    return sense === '<=' ? Math.max(...ratios) : Math.min(...ratios);
  };
  const start = (of: string, by: string): number | null => ratioOfMedians(startUp?.times, of, by);
  const sessions = (target: string): SessionCost | undefined =>
    memory?.sessions.find((one) => one.target === target);
  const over = (of: number | undefined, by: number | undefined): number | null =>
    of === undefined || by === undefined ? null : of / by;
  const shim = (value: (found: StartUp) => number): number | null => (startUp ? value(startUp) : null);

  const byHttp = sessions('hub-http');
  const direct = sessions('direct-http');
  return [
    atMost(1, 'Socket: p50 over a Node relay that reads nothing', 1.5, time(small, 1, 'hub-socket', 'relay')),
    atMost(1, 'Socket: CPU over the same relay', 2, cpu(small, 'hub-socket', 'relay')),
    atMost(2, 'HTTP: p50 over direct HTTP', 2.2, time(small, 1, 'hub-http', 'direct-http')),
    atLeast(2, 'HTTP: calls/s at 64 over direct HTTP', 0.65, rate(small, 64, 'hub-http', 'direct-http')),
    atLeast(
      2,
      'HTTP: calls/s at 64 over the best peer',
      6,
      best('>=', (peer) => rate(small, 64, 'hub-http', peer)),
    ),
    atMost(
      2,
      'HTTP: CPU over the best peer',
      0.17,
      best('<=', (peer) => cpu(small, 'hub-http', peer)),
    ),
    atMost(5, '1 MiB by socket: p50 over direct stdio', 2.5, time(big, 1, 'hub-socket', 'direct-stdio')),
    atMost(5, '1 MiB by HTTP: p50 over direct HTTP', 2.5, time(big, 1, 'hub-http', 'direct-http')),
    atLeast(
      5,
      '1 MiB by socket: calls/s at 16 over direct stdio',
      0.4,
      rate(big, 16, 'hub-socket', 'direct-stdio'),
    ),
    atLeast(
      5,
      '1 MiB by HTTP: calls/s at 16 over direct HTTP',
      0.4,
      rate(big, 16, 'hub-http', 'direct-http'),
    ),
    atLeast(
      5,
      '1 MiB by HTTP: calls/s at 16 over the best peer',
      10,
      best('>=', (peer) => rate(big, 16, 'hub-http', peer)),
    ),
    atMost(
      5,
      '1 MiB by HTTP: CPU over the best peer',
      0.06,
      best('<=', (peer) => cpu(big, 'hub-http', peer)),
    ),
    inUnit(' MB', atMost(5, '1 MiB by socket, 16 in flight: peak memory', 150, peak('hub-socket'))),
    inUnit(' MB', atMost(5, '1 MiB by HTTP, 16 in flight: peak memory', 150, peak('hub-http'))),
    atMost(
      6,
      'SDK server behind the hub by HTTP: p50 over its own HTTP',
      0.5,
      time(sdkServer, 1, 'hub-http', 'direct-http'),
    ),
    atLeast(
      6,
      'SDK server behind the hub by HTTP: calls/s at 16 over its own HTTP',
      3,
      rate(sdkServer, 16, 'hub-http', 'direct-http'),
    ),
    atMost(
      6,
      'SDK server behind the hub by socket: p50 over its own HTTP',
      0.5,
      time(sdkServer, 1, 'hub-socket', 'direct-http'),
    ),
    atMost(7, 'Shim: start over bare Node', 1.15, start('shim-alone', 'bare-node')),
    inUnit(
      ' MB',
      atMost(
        7,
        'Shim: memory above bare Node',
        2,
        shim(({ rss }) => median(rss.shim) - median(rss.bare)),
      ),
    ),
    inUnit(
      ' MB',
      atMost(
        7,
        'Shim: private memory',
        7,
        shim((found) => median(found.private.shim)),
      ),
    ),
    atMost(7, 'Shim and hub: p50 over direct stdio', 4, time(small, 1, 'hub-shim', 'direct-stdio')),
    atMost(7, 'Shim and hub: p50 over mcp-remote (not among the peers of this bench)', 0.1, null),
    atMost(8, 'Cold hub: first tools/list over a direct start', 3, start('hub-cold-by-shim', 'direct-stdio')),
    atMost(
      8,
      'Cold hub: first tools/list over the best peer',
      0.4,
      best('<=', (peer) => start('hub-cold-by-shim', peer)),
    ),
    atMost(
      8,
      'Warm hub: first tools/list over a direct start',
      0.5,
      start('hub-warm-by-shim', 'direct-stdio'),
    ),
    atMost(
      8,
      '50 servers started through the hub over starting them two at a time',
      1.2,
      over(sessions('hub-socket')?.openMs, memory?.startAloneMs),
    ),
    atMost(
      10,
      '50 sessions by HTTP: memory of a session over direct HTTP',
      1.2,
      over(byHttp?.kbPerSession, direct?.kbPerSession),
    ),
    inUnit(
      ' KB',
      atMost(
        10,
        '50 sessions by socket: hub memory of a session',
        45,
        sessions('hub-socket')?.kbPerSession ?? null,
      ),
    ),
    atLeast(
      10,
      '50 sessions by HTTP: calls/s over direct HTTP',
      0.6,
      over(byHttp?.callsPerSecond, direct?.callsPerSecond),
    ),
    atLeast(
      10,
      '50 sessions by HTTP: calls/s over the best peer',
      6,
      best('>=', (peer) => over(byHttp?.callsPerSecond, sessions(peer)?.callsPerSecond)),
    ),
    atMost(11, 'Bodies in the log or not: p50', 1.05, time(logging, 1, 'bodies-on', 'bodies-off')),
    atMost(
      11,
      'Bodies in the log or not: p99',
      1.25,
      pairedRatio(pick(logging, 'bodies-on', 1), pick(logging, 'bodies-off', 1), p99),
    ),
    atMost(11, 'Bodies in the log or not: CPU', 1.25, cpu(logging, 'bodies-on', 'bodies-off')),
    atMost(11, 'Log or no log: p50 (the log cannot be switched off)', 1.05, null),
  ];
}

/** Median time of the one over the median time of the other. */
function ratioOfMedians(times: StartUp['times'] | undefined, of: string, by: string): number | null {
  const one = times?.[of];
  const other = times?.[by];
  return one && other ? median(one) / median(other) : null;
}
