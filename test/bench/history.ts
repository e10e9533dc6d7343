import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { connectHub } from '../../electron/hub/api/connect-hub.ts';
import type { HubApi } from '../../electron/hub/api/hub-link.ts';
import { median } from './figures.ts';
import { RARE, writeHistory } from './long-history.ts';
import { openings, type Opening } from './page-frames.ts';
import { cpuBetween, memoryOf, readCpu } from './process-stats.ts';
import { Endings } from './started.ts';
import { startBenchHub } from './target-hub.ts';
import { startChromium } from './window.ts';

/** What it takes to ask a long history, as the window asks it. */
export interface HistoryCost {
  rows: number;
  fileMb: number;
  /** Writing the rows, by the store itself. */
  rowsPerSecond: number;
  searches: SearchCost[];
  /** The window's first figures: how exchanges lie over the last day, and the latency of a day. */
  histogramMs: number;
  latencyMs: number;
  /** Memory of the hub after all questions. */
  hubMb: number;
  opening: Opening;
}

/** One page of a search, which ends when it is full or the history is at its end. */
export interface SearchCost {
  what: string;
  filter: string;
  /** Whether rows have to be looked at one by one: all of them, or all that failed. */
  scans: boolean;
  found: number;
  /** Medians: until the first match, until the page is complete. The first is null where nothing was found. */
  firstMs: number | null;
  endMs: number;
  /** The least CPU of the hub, all threads: what others do on the machine is not in it. */
  cpuMs: number;
  /** Signs of progress, and the longest time without one. */
  steps: number;
  silentMs: number;
}

const PAGE = 500;
const DAY_MS = 86_400_000;
const OPENINGS = 3;

type Question = Pick<SearchCost, 'what' | 'filter' | 'scans'>;

const questions: readonly Question[] = [
  { what: 'the newest', filter: '', scans: false },
  { what: 'failures', filter: 'status:error', scans: false },
  { what: 'slow ones', filter: 'dur:>9s', scans: false },
  { what: 'an old session', filter: 'session:session-17', scans: false },
  { what: 'a server', filter: 'server:server-3', scans: false },
  { what: 'a rare tool', filter: `tool:${RARE.tool}`, scans: false },
  { what: 'an hour long ago', filter: 'since:10d until:239h', scans: false },
  { what: 'failures with a word', filter: `status:error ${RARE.word}`, scans: true },
  { what: 'huge results', filter: 'size:>500MB', scans: true },
  { what: 'a word', filter: RARE.word, scans: true },
  { what: 'a word that is nowhere', filter: 'hippopotamus', scans: true },
];

/** Writes a history of `rows` exchanges, starts a hub over it and asks everything `rounds` times. */
export async function historyCost(rows: number, rounds: number): Promise<HistoryCost> {
  const endings = new Endings();
  try {
    let file = '';
    let writtenMs = 0;
    const { home, hub } = await startBenchHub({}, endings, {
      settings: { historyMaxMb: 100_000 },
      prepare({ dataDir }) {
        file = path.join(dataDir, 'traffic', 'traffic.db');
        mkdirSync(path.dirname(file), { mode: 0o700 });
        const begun = performance.now();
        writeHistory(file, rows, Date.now());
        writtenMs = performance.now() - begun;
      },
    });
    const link = await connectHub(hub.socket);
    if (!link) throw new Error(`No hub answers in ${home.dataDir}.`);
    endings.add(() => link.close());
    const searches: SearchCost[] = [];
    for (const question of questions)
      searches.push(await askOften({ api: link.api, pid: hub.pid }, question, rounds));
    const until = Date.now();
    const histogramMs = await timed(rounds, () =>
      link.api.traffic.histogram({ from: until - DAY_MS, until, slices: 96 }),
    );
    const latencyMs = await timed(rounds, () => link.api.latency.table({ sinceMs: DAY_MS }));
    return {
      rows,
      fileMb: statSync(file).size / 1_000_000,
      rowsPerSecond: rows / (writtenMs / 1_000),
      searches,
      histogramMs,
      latencyMs,
      hubMb: memoryOf(hub.pid).rss,
      opening: await openings(await startChromium(endings), hub.url, OPENINGS),
    };
  } finally {
    await endings.run();
  }
}

async function timed(rounds: number, ask: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const begun = performance.now();
    await ask();
    times.push(performance.now() - begun);
  }
  return median(times);
}

async function askOften(asked: AskedHub, question: Question, rounds: number): Promise<SearchCost> {
  const found: Omit<SearchCost, keyof Question>[] = [];
  for (let round = 0; round < rounds; round += 1) found.push(await askOnce(asked, question.filter));
  const middle = (value: (one: (typeof found)[number]) => number): number => median(found.map(value));
  const { found: matches, firstMs } = found[0]!;
  return {
    ...question,
    found: matches,
    firstMs: firstMs === null ? null : middle((one) => one.firstMs!),
    endMs: middle((one) => one.endMs),
    cpuMs: Math.min(...found.map((one) => one.cpuMs)),
    steps: middle((one) => one.steps),
    silentMs: middle((one) => one.silentMs),
  };
}

interface AskedHub {
  api: HubApi;
  pid: number;
}

async function askOnce({ api, pid }: AskedHub, filter: string): Promise<Omit<SearchCost, keyof Question>> {
  const cpuBefore = readCpu([pid]);
  const begun = performance.now();
  let last = begun;
  const cost = { found: 0, firstMs: null as number | null, endMs: 0, steps: 0, silentMs: 0 };
  for await (const { exchanges, end } of await api.traffic.search({ filter, limit: PAGE })) {
    const now = performance.now();
    cost.silentMs = Math.max(cost.silentMs, now - last);
    last = now;
    if (exchanges.length > 0) cost.firstMs ??= now - begun;
    cost.found += exchanges.length;
    cost.steps += 1;
    if (end) break;
  }
  const endMs = performance.now() - begun;
  return { ...cost, endMs, cpuMs: cpuBetween(cpuBefore, readCpu([pid])).all };
}
