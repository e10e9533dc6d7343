import { callsPerSecond, cpuRatio, figuresOf, median, pairedRatio, type PairedRatio } from './figures.ts';
import { atLeast, atMost, inUnit, type Goal } from './goal.ts';
import type { LoadPart } from './load-parts.ts';
import type { Memory, SessionCost, Sessions } from './memory.ts';
import type { Neighbour } from './neighbours.ts';
import { slowdown } from './report-parts.ts';
import type { Restart } from './restart.ts';
import type { Sample, Series } from './rounds.ts';
import type { Scale } from './scale.ts';
import type { StartUp } from './start-up.ts';
import type { HistoryCost } from './history.ts';
import { historyGoals, windowGoals } from './goals-window.ts';
import type { WindowCost } from './window.ts';

/** Everything one run has found; what was left out is absent. */
export interface Results {
  small?: LoadPart;
  big?: LoadPart;
  sdkServer?: LoadPart;
  logging?: LoadPart;
  startUp?: StartUp;
  restart?: Restart;
  memory?: Memory;
  sessions?: Sessions;
  scale?: Scale;
  neighbours?: Neighbour[];
  window?: WindowCost;
  history?: HistoryCost;
}

type Ratio = PairedRatio | number | null;
/** Against the peer that does best: the one with the least time and CPU, or with the most calls. */
type Best = (sense: Goal['sense'], ratio: (peer: string) => Ratio) => number | null;

/** All goals this bench knows, in order. `peers`: names of the targets that are other people's. */
export function goalsOf(results: Results, peers: readonly string[]): Goal[] {
  const best: Best = (sense, ratio) => {
    const ratios = peers
      .map(ratio)
      .filter((one) => one !== null)
      .map((one) => (typeof one === 'number' ? one : one.median));
    if (ratios.length === 0) return null;
    return sense === '<=' ? Math.max(...ratios) : Math.min(...ratios);
  };
  return [
    ...callGoals(results, best),
    ...startGoals(results, best),
    ...sessionGoals(results, best),
    ...logGoals(results),
    ...neighbourGoals(results),
    ...windowGoals(results.window),
    ...historyGoals(results.history),
  ];
}

const pick = (part: LoadPart | undefined, target: string, lanes: number): Series | undefined =>
  part?.series.find((one) => one.target === target && one.lanes === lanes);

/** One target's figure over another's, in the same rounds. */
const paired =
  (value: (sample: Sample) => number) =>
  (part: LoadPart | undefined, lanes: number, of: string, by: string): PairedRatio | null =>
    pairedRatio(pick(part, of, lanes), pick(part, by, lanes), value);
const time = paired((sample) => sample.p50);
const tail = paired((sample) => sample.p99);
const rate = paired(callsPerSecond);
const cpu = (part: LoadPart | undefined, of: string, by: string): number | null =>
  cpuRatio(pick(part, of, 1), pick(part, by, 1));

function callGoals({ small, big, sdkServer }: Results, best: Best): Goal[] {
  const peak = (target: string): number | null => {
    const series = pick(big, target, 16);
    return (series && figuresOf(series)?.peakMb) ?? null;
  };
  const both = (goals: (target: string, name: string) => Goal[]): Goal[] => [
    ...goals('hub-http', 'HTTP'),
    ...goals('hub-http-shared', 'HTTP, one server for all'),
  ];
  return [
    atMost(1, 'Socket: p50 over a Node relay that reads nothing', 1.5, time(small, 1, 'hub-socket', 'relay')),
    atMost(1, 'Socket: CPU over the same relay', 2, cpu(small, 'hub-socket', 'relay')),
    ...both((target, name) => [
      atMost(2, `${name}: p50 over direct HTTP`, 2.2, time(small, 1, target, 'direct-http')),
      atLeast(2, `${name}: calls/s at 64 over direct HTTP`, 0.65, rate(small, 64, target, 'direct-http')),
      atLeast(
        2,
        `${name}: calls/s at 64 over the best peer`,
        6,
        best('>=', (peer) => (peer === 'mcp-remote' ? null : rate(small, 64, target, peer))),
      ),
      atMost(
        2,
        `${name}: CPU over the best peer`,
        0.17,
        best('<=', (peer) => (peer === 'mcp-remote' ? null : cpu(small, target, peer))),
      ),
    ]),
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
    ...['hub-socket', 'hub-http'].map((target) =>
      inUnit(' MB', atMost(5, `1 MiB, ${target}, 16 in flight: peak memory`, 150, peak(target))),
    ),
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
  ];
}

function startGoals({ small, startUp, restart }: Results, best: Best): Goal[] {
  const start = (of: string, by: string): number | null => ratioOfMedians(startUp?.times, of, by);
  const shim = (value: (found: StartUp) => number): number | null => (startUp ? value(startUp) : null);
  return [
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
    atMost(7, 'Shim and hub: p50 over mcp-remote', 0.1, time(small, 1, 'hub-shim', 'mcp-remote')),
    atMost(8, 'Cold hub: first tools/list over a direct start', 3, start('hub-cold-by-shim', 'direct-stdio')),
    atMost(
      8,
      'Cold hub: first tools/list over the best peer',
      0.4,
      best('<=', (peer) => start('hub-cold-by-shim', peer)),
    ),
    atMost(
      8,
      'Running SDK server: first tools/list by socket over a direct start',
      0.5,
      start('sdk-shared-by-socket', 'sdk-direct'),
    ),
    atMost(
      8,
      'Running SDK server: first tools/list by shim over a direct start',
      0.5,
      start('sdk-shared-by-shim', 'sdk-direct'),
    ),
    atMost(
      8,
      'A spare started ahead: first tools/list by shim over a direct start',
      1,
      start('hub-warm-by-shim', 'direct-stdio'),
    ),
    atMost(
      12,
      'Dead server: next answer after its death over a start',
      2,
      restart ? median(restart.backAgainMs) / median(restart.startMs) : null,
    ),
  ];
}

function sessionGoals({ memory, sessions, scale }: Results, best: Best): Goal[] {
  const cost = (part: Sessions | undefined, target: string): SessionCost | undefined =>
    part?.sessions.find((one) => one.target === target);
  const over = (of: number | undefined, by: number | undefined): number | null =>
    of === undefined || by === undefined ? null : of / by;
  const byHttp = cost(sessions, 'hub-http-shared');
  const direct = cost(sessions, 'direct-http');
  const [hub, peer] = ['hub', 'mcp-hub'].map((name) => scale?.hubs.find(({ target }) => target === name));
  return [
    atMost(
      8,
      '50 servers started through the hub over starting them two at a time',
      1.2,
      over(cost(memory, 'hub-socket')?.openMs, memory?.startAloneMs),
    ),
    atMost(
      10,
      '200 sessions by HTTP: memory of a session over direct HTTP',
      1.2,
      over(byHttp?.kbPerSession, direct?.kbPerSession),
    ),
    ...(['hub-http-shared', 'hub-socket-shared'] as const).map((target) =>
      inUnit(
        ' KB',
        atMost(
          10,
          `200 sessions, ${target}: hub memory of a session`,
          45,
          cost(sessions, target)?.kbPerSession ?? null,
        ),
      ),
    ),
    atLeast(
      10,
      '200 sessions by HTTP: calls/s over direct HTTP',
      0.6,
      over(byHttp?.callsPerSecond, direct?.callsPerSecond),
    ),
    atLeast(
      10,
      '200 sessions by HTTP: calls/s over the best peer',
      6,
      best('>=', (name) => over(byHttp?.callsPerSecond, cost(sessions, name)?.callsPerSecond)),
    ),
    atMost(9, '5,000 tools: CPU of a tools/list over mcp-hub', 0.12, over(hub?.listCpuMs, peer?.listCpuMs)),
    inUnit(
      ' MB',
      atMost(13, '50 servers and 200 sessions: memory of the hub', 120, hub?.sessionsRssMb ?? null),
    ),
    inUnit(' ms/s', atMost(13, '50 servers and 200 sessions: idle CPU', 5, hub?.idleCpuMsPerSecond ?? null)),
  ];
}

const logGoals = ({ logging }: Results): Goal[] => [
  atMost(11, 'Log on over off: p50', 1.05, time(logging, 1, 'log-on', 'log-off')),
  atMost(11, 'Log on over off: p99', 1.25, tail(logging, 1, 'log-on', 'log-off')),
  atMost(11, 'Log on over off: CPU', 1.25, cpu(logging, 'log-on', 'log-off')),
];

const neighbourGoals = ({ neighbours }: Results): Goal[] =>
  (neighbours ?? []).map((one) =>
    atMost(14, `Healthy beside a faulty one (${one.fault}): p99 over quiet`, 2, slowdown(one)),
  );

/** Median time of the one over the median time of the other. */
function ratioOfMedians(times: StartUp['times'] | undefined, of: string, by: string): number | null {
  const one = times?.[of];
  const other = times?.[by];
  return one && other ? median(one) / median(other) : null;
}
