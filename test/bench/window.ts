import { chromium, type Browser, type Page } from 'playwright';
import { ensureChromium } from '../support/ensure-chromium.mjs';
import { echo, MAX_LANES } from './calls.ts';
import { openings, VIEW, watchFrames, type Frames, type FrameWatch, type Opening } from './page-frames.ts';
import { Endings } from './started.ts';
import { rawBackend } from './target.ts';
import { helloWire, startBenchHub, type BenchHub } from './target-hub.ts';
import { initialize, type Wire } from './wire.ts';

/** How the window does while it is looked at, in real Chromium (headless, no GPU) over a real hub. */
export interface WindowCost extends Opening {
  /** Of the page at rest, and while rows arrive: what the same machine can do, and what is left of it. */
  idle: Frames;
  busy: Frames;
  /** Exchanges that came per second of the busy stretch, and in all. */
  rowsPerSecond: number;
  rows: number;
  /** The hub's log lost these. */
  notRecorded: number;
  flood: Flood;
}

/** Far more exchanges than the list keeps, as fast as they come. */
interface Flood extends Frames {
  rowsPerSecond: number;
  /** The page says that it did not get these: its share of a hub that never waits for it. */
  notShown: number;
  /** Megabytes of script memory after a collection, by how many exchanges had gone by. */
  heapMb: { exchanges: number; megabytes: number }[];
}

const ROWS_PER_SECOND = 1_000;
const TICK_MS = 5;
const IDLE_MS = 3_000;
const OPENINGS = 5;
/** Calls in flight of the flood: enough to keep the hub busy, few enough that it loses none. */
const FLOOD_LANES = 16;

/** `ms`: how long rows arrive. `exchanges`: how many go by after that, with a look at the memory at each number. */
export async function windowCost(ms: number, exchanges: readonly number[]): Promise<WindowCost> {
  const endings = new Endings();
  try {
    const hub = await startBenchHub(rawBackend, endings);
    const wire = await helloWire(hub, rawBackend.stdio);
    endings.add(() => wire.close());
    await initialize(wire);
    return await measure(await startChromium(endings), hub, { wire, ms, exchanges });
  } finally {
    await endings.run();
  }
}

/** The browser all pages of the bench are in. */
export async function startChromium(endings: Endings): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: ensureChromium(),
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  });
  endings.add(() => browser.close());
  return browser;
}

async function measure(
  browser: Browser,
  { hub, dropped }: BenchHub,
  { wire, ms, exchanges }: { wire: Wire; ms: number; exchanges: readonly number[] },
): Promise<WindowCost> {
  const opening = await openings(browser, hub.url, OPENINGS);
  const page = await browser.newPage(VIEW);
  await page.goto(hub.url);
  await page.getByRole('grid').waitFor();
  const watch = await watchFrames(page);
  const atRest = await watch.heapMb();
  const { frames: idle } = await watch.during(() => page.waitForTimeout(IDLE_MS));

  const started = performance.now();
  const { frames: busy, result: rows } = await watch.traced(() => callAtRate(wire, ms));
  const seconds = (performance.now() - started) / 1_000;
  const memory = [
    { exchanges: 0, megabytes: atRest },
    { exchanges: rows, megabytes: await watch.heapMb() },
  ];
  const flood = await floodWith(wire, { page, watch, before: rows, exchanges });
  return {
    ...opening,
    idle,
    busy,
    rows,
    rowsPerSecond: rows / seconds,
    notRecorded: await dropped(),
    flood: { ...flood, heapMb: [...memory, ...flood.heapMb] },
  };
}

/** Sends so many calls a second whether or not answers come, and resolves when all are answered. */
function callAtRate(wire: Wire, ms: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    let sent = 0;
    let answered = 0;
    wire.onFailure = reject;
    wire.onFrame = () => {
      answered += 1;
      if (answered === sent && performance.now() - started >= ms) resolve(sent);
    };
    const timer = setInterval(() => {
      const elapsed = Math.min(ms, performance.now() - started);
      const due = Math.floor((elapsed / 1_000) * ROWS_PER_SECOND);
      for (; sent < due; sent += 1) wire.send(0, echo.request((sent + 1) * MAX_LANES));
      if (elapsed >= ms) clearInterval(timer);
    }, TICK_MS);
  });
}

async function floodWith(
  wire: Wire,
  {
    page,
    watch,
    before,
    exchanges,
  }: { page: Page; watch: FrameWatch; before: number; exchanges: readonly number[] },
): Promise<Flood> {
  const heapMb: Flood['heapMb'] = [];
  let first: Frames | null = null;
  let sent = before;
  let seconds = 0;
  for (const until of exchanges) {
    const started = performance.now();
    const from = sent;
    const work = (): Promise<void> => callInLanes(wire, { from, until });
    const { frames } = await (heapMb.length === 0 ? watch.traced(work) : watch.during(work));
    seconds += (performance.now() - started) / 1_000;
    sent = until;
    heapMb.push({ exchanges: until, megabytes: await watch.heapMb() });
    first ??= frames;
  }
  const notice = await page
    .getByText(/came too fast/)
    .textContent({ timeout: 1_000 })
    .catch(() => '');
  return {
    ...first!,
    rowsPerSecond: (sent - before) / seconds,
    notShown: Number(/[\d,]+/.exec(notice ?? '')?.[0].replaceAll(',', '') ?? 0),
    heapMb,
  };
}

/** So many calls are in flight until all are answered. */
function callInLanes(wire: Wire, { from, until }: { from: number; until: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    let sent = from;
    let answered = from;
    const next = (): void => {
      sent += 1;
      wire.send(0, echo.request(sent * MAX_LANES));
    };
    wire.onFailure = reject;
    wire.onFrame = () => {
      answered += 1;
      if (sent < until) next();
      else if (answered === until) resolve();
    };
    while (sent < Math.min(until, from + FLOOD_LANES)) next();
  });
}
