import { writeFileSync } from 'node:fs';
import os from 'node:os';
import { cpuRatio, pairedRatio } from './figures.ts';
import { verdictOf } from './goal.ts';
import { goalsOf, type Results } from './goals.ts';
import { bigResults, logging, sdkServer, smallCalls, type LoadPart } from './load-parts.ts';
import { historyCost } from './history.ts';
import { manySessions, memory, SHARED_SERVER } from './memory.ts';
import { neighbours } from './neighbours.ts';
import { HELP, parseOptions, type Options, type Section } from './options.ts';
import { goalReport, loadReport, sessionsReport, startUpReport } from './report.ts';
import { neighboursReport, restartReport, scaleReport } from './report-parts.ts';
import { historyReport, windowReport } from './report-window.ts';
import { restart } from './restart.ts';
import type { Series } from './rounds.ts';
import { scale } from './scale.ts';
import { startUp } from './start-up.ts';
import { endEverything } from './started.ts';
import type { Target } from './target.ts';
import { directHttp, directStdio, relay, sdkProxy } from './target-direct.ts';
import { hubHttp, hubShim, hubSocket, SHARED } from './target-hub.ts';
import { installPeers, peers } from './target-peers.ts';
import { windowCost } from './window.ts';

const OURS: readonly Target[] = [
  directStdio,
  directHttp,
  relay,
  hubSocket(),
  hubSocket('hub-socket-shared', SHARED),
  hubShim,
  hubHttp(),
  hubHttp('hub-http-shared', SHARED),
  sdkProxy,
];
/** A second process of a kind that is there already: how far two equal ones differ is how far a figure can be trusted. */
const CONTROL = 'relay#2';

/**
 * Runs the bench; resolves with the exit code: 1 for wrong answers of a target of ours, 2 for arguments that make no
 * sense, else 0. Throws when it breaks.
 */
export async function runBench(argv: readonly string[]): Promise<number> {
  const state: { leaving: Promise<never> | null } = { leaving: null };
  const leave = (code: number, why: string): void => void (state.leaving ??= endAll(code, why));
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => leave(130, `Stopped by ${signal}.`));
  process.once('uncaughtException', (error) => leave(1, String(error.stack)));
  try {
    return await bench(argv);
  } catch (error) {
    // Ending everything breaks what is being measured; that is no news.
    if (state.leaving) return await state.leaving;
    throw error;
  }
}

/** A hub does not end by itself when this program does. */
async function endAll(code: number, why: string): Promise<never> {
  process.stderr.write(`${why}\n`);
  await endEverything();
  process.exit(code);
}

async function bench(argv: readonly string[]): Promise<number> {
  if (argv.includes('--help')) {
    process.stdout.write(HELP);
    return 0;
  }
  if (process.platform !== 'linux') throw new Error('The bench reads /proc: it runs on Linux only.');
  const all = [...OURS, ...peers];
  const options = readOptions(argv, all);
  if (options === null) return 2;
  const targets = chosen(all, options);
  if (targets.some(({ isPeer }) => isPeer)) await installPeers();
  const started = performance.now();
  const results = await runSections(options, targets);
  const goals = goalsOf(
    results,
    peers.map(({ name }) => name),
  );
  say(goalReport(goals));
  say(`Took ${seconds(started)} s.`);
  if (options.json !== null) {
    const machine = {
      date: new Date().toISOString(),
      node: process.version,
      cores: os.availableParallelism(),
    };
    const judged = goals.map((goal) => ({ ...goal, verdict: verdictOf(goal) }));
    const text = JSON.stringify({ ...machine, options, ...results, goals: judged }, null, 1);
    writeFileSync(options.json, `${text}\n`);
  }
  return wrongAnswers(results) === 0 ? 0 : 1;
}

/** Null when the arguments make no sense, which was said. */
function readOptions(argv: readonly string[], all: readonly Target[]): Options | null {
  const names = all.map(({ name }) => name);
  try {
    return parseOptions(argv, names);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${HELP}`);
    return null;
  }
}

/** The targets of this run. A name with `#n` is one more process of that kind. */
function chosen(all: readonly Target[], { targets, withPeers }: Options): Target[] {
  const names = targets ?? [
    ...all.filter((one) => withPeers || !one.isPeer).map(({ name }) => name),
    CONTROL,
  ];
  return names.map((name) => {
    const target = all.find((one) => one.name === name.split('#')[0])!;
    return { ...target, name };
  });
}

async function runSections(options: Options, targets: readonly Target[]): Promise<Results> {
  const { isFull } = options;
  const results: Results = {};
  const single = targets.filter(({ name }) => !name.includes('#'));
  const chosenPeers = single.filter(({ isPeer }) => isPeer);
  const directOf = (name: string): string =>
    targets.find((one) => one.name === name)?.direct ?? 'direct-stdio';
  const parts: Record<Section, () => Promise<string>> = {
    small: async () => {
      results.small = await smallCalls(targets, isFull);
      return `${loadReport(results.small, directOf)}\n${controlReport(results.small)}`;
    },
    big: async () => loadReport((results.big = await bigResults(single, isFull)), directOf),
    'sdk-server': async () =>
      loadReport((results.sdkServer = await sdkServer(single, isFull)), () => 'direct-http'),
    logging: async () => loadReport((results.logging = await logging(isFull)), () => 'log-off'),
    start: async () => startUpReport((results.startUp = await startUp(isFull ? 15 : 5, chosenPeers))),
    restart: async () => restartReport((results.restart = await restart(isFull ? 15 : 7))),
    memory: async () => {
      results.memory = await memory(single.filter(ownServers), isFull ? 3_000 : 400);
      return sessionsReport(results.memory, results.memory.startAloneMs);
    },
    sessions: async () => {
      const shared = single.filter(sharedServer);
      return sessionsReport(
        (results.sessions = await manySessions(shared, SHARED_SERVER, isFull ? 3_000 : 600)),
      );
    },
    scale: async () => scaleReport((results.scale = await scale(chosenPeers.length > 0))),
    window: async () =>
      windowReport(
        (results.window = await windowCost(
          isFull ? 60_000 : 10_000,
          isFull ? [100_000, 500_000, 1_000_000] : [50_000, 150_000],
        )),
      ),
    history: async () =>
      historyReport((results.history = await historyCost(isFull ? 10_000_000 : 1_000_000, isFull ? 5 : 3))),
    neighbours: async () =>
      neighboursReport((results.neighbours = await neighbours(isFull ? 9 : 5, isFull ? 1_000 : 400))),
  };
  for (const section of options.sections) {
    const started = performance.now();
    const report = await parts[section]();
    say(`${report.trimEnd()}\n(${section}: ${seconds(started)} s)`);
  }
  return results;
}

/** Targets with many sessions in one process, each session with a server of its own. */
const ownServers = ({ name }: Target): boolean =>
  ['direct-http', 'hub-socket', 'hub-http', 'supergateway'].includes(name);

/** The same with one server for all. */
const sharedServer = ({ name }: Target): boolean =>
  ['direct-http', 'hub-socket-shared', 'hub-http-shared', 'mcp-proxy', 'mcp-hub'].includes(name);

/** Equal processes that differ by more than this say that the rest of the run is not to be trusted either. */
const CONTROL_P50 = 1.2;
const CONTROL_CPU = 1.05;

function controlReport({ series }: LoadPart): string {
  const at = (target: string): Series | undefined =>
    series.find((one) => one.target === target && one.lanes === 1);
  const p50 = pairedRatio(at(CONTROL), at('relay'), (sample) => sample.p50)?.median ?? null;
  const cpu = cpuRatio(at(CONTROL), at('relay'));
  if (p50 === null || cpu === null) return '';
  const isQuiet = Math.max(p50, 1 / p50) <= CONTROL_P50 && Math.max(cpu, 1 / cpu) <= CONTROL_CPU;
  const advice = isQuiet ? 'quiet enough to compare' : 'too noisy to trust a verdict that is close';
  return `Two equal relays differ by ${p50.toFixed(2)}× in p50 and ${cpu.toFixed(2)}× in CPU: ${advice}.`;
}

function wrongAnswers(results: Results): number {
  const { small, big, sdkServer: sdk, logging: log, memory: own, sessions: shared } = results;
  const theirs = new Set(peers.map(({ name }) => name));
  const inLoad = [small, big, sdk, log]
    .flatMap((part) => part?.series ?? [])
    .filter(({ target }) => !theirs.has(target))
    .flatMap(({ samples }) => samples);
  const inSessions = [own, shared]
    .flatMap((part) => part?.sessions ?? [])
    .filter(({ target }) => !theirs.has(target));
  return [...inLoad, ...inSessions, ...(results.neighbours ?? [])].reduce((sum, { wrong }) => sum + wrong, 0);
}

const seconds = (since: number): string => ((performance.now() - since) / 1_000).toFixed(0);

const say = (text: string): void => void process.stdout.write(`${text}\n\n`);
