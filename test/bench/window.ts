import { chromium, type CDPSession, type Page } from 'playwright';
import { ensureChromium } from '../support/ensure-chromium.mjs';
import { echo, MAX_LANES } from './calls.ts';
import { Endings } from './started.ts';
import { rawBackend } from './target.ts';
import { helloWire, startBenchHub, type BenchHub } from './target-hub.ts';
import { initialize, type Wire } from './wire.ts';

/** How the window does while it is looked at, in real Chromium (headless, no GPU) over a real hub. */
export interface WindowCost {
  /** Milliseconds from navigation to the first text, and to the live list. */
  firstPaintMs: number;
  readyMs: number;
  /** Of the page at rest, and while rows arrive: what the same machine can do, and what is left of it. */
  idle: Frames;
  busy: Frames;
  /** Exchanges that came per second of the busy stretch, and in all. */
  rowsPerSecond: number;
  rows: number;
  /** Memory of the page's script after a collection, at rest and after all rows. */
  heapMb: { before: number; after: number };
  /** Rows the list says it did not get in time. */
  missed: number;
}

export interface Frames {
  count: number;
  /** Milliseconds between two frames. */
  p50: number;
  p95: number;
  p99: number;
  max: number;
  /** Stretches of more than 100 ms in which the page did not answer. */
  freezes: number;
}

const ROWS_PER_SECOND = 1_000;
const TICK_MS = 5;
const IDLE_MS = 3_000;

/** `ms`: how long rows arrive. */
export async function windowCost(ms: number): Promise<WindowCost> {
  const endings = new Endings();
  try {
    const hub = await startBenchHub(rawBackend, endings);
    const wire = await helloWire(hub, rawBackend.stdio);
    endings.add(() => wire.close());
    await initialize(wire);
    const browser = await chromium.launch({
      executablePath: ensureChromium(),
      args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
    });
    endings.add(() => browser.close());
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    return await measure(page, hub, wire, ms);
  } finally {
    await endings.run();
  }
}

async function measure(page: Page, { hub, dropped }: BenchHub, wire: Wire, ms: number): Promise<WindowCost> {
  const profiler = await page.context().newCDPSession(page);
  const begun = performance.now();
  await page.goto(hub.url);
  await page.getByRole('grid').waitFor();
  const readyMs = performance.now() - begun;
  const firstPaintMs = await page.evaluate(
    () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN,
  );
  await observeFrames(page);
  const before = await heapMb(profiler);
  await takeFrames(page);
  await page.waitForTimeout(IDLE_MS);
  const idle = await takeFrames(page);

  const started = performance.now();
  const rows = await callAtRate(wire, ms);
  const seconds = (performance.now() - started) / 1_000;
  const busy = await takeFrames(page);
  const after = await heapMb(profiler);
  const missed = await dropped();
  return {
    firstPaintMs,
    readyMs,
    idle,
    busy,
    rows,
    rowsPerSecond: rows / seconds,
    heapMb: { before, after },
    missed,
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

/** Notes the time between frames, and what kept the page from answering, from now on. */
const observeFrames = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const notes = { frames: [] as number[], freezes: 0 };
    Object.assign(window, { notes });
    let last = performance.now();
    const onFrame = (): void => {
      const now = performance.now();
      notes.frames.push(now - last);
      last = now;
      requestAnimationFrame(onFrame);
    };
    requestAnimationFrame(onFrame);
    new PerformanceObserver((list) => {
      notes.freezes += list.getEntries().filter(({ duration }) => duration > 100).length;
    }).observe({ type: 'longtask' });
  });

/** What was noted since the last time. */
async function takeFrames(page: Page): Promise<Frames> {
  const { frames, freezes } = await page.evaluate(() => {
    const { notes } = window as unknown as { notes: { frames: number[]; freezes: number } };
    const taken = { frames: notes.frames, freezes: notes.freezes };
    notes.frames = [];
    notes.freezes = 0;
    return taken;
  });
  const sorted = frames.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return {
    count: sorted.length,
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    max: sorted.at(-1) ?? 0,
    freezes,
  };
}

async function heapMb(profiler: CDPSession): Promise<number> {
  await profiler.send('HeapProfiler.collectGarbage');
  const { usedSize } = await profiler.send('Runtime.getHeapUsage');
  return usedSize / 1_000_000;
}
