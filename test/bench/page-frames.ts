import type { Browser, CDPSession, Page } from 'playwright';
import { median } from './figures.ts';
import { cpuBetween, readCpu } from './process-stats.ts';

/** What a page drew in a stretch of time. */
export interface Frames {
  perSecond: number;
  /** Milliseconds between two frames. */
  p50: number;
  p95: number;
  p99: number;
  max: number;
  /** Stretches of more than 100 ms in which the page did not answer. */
  freezes: number;
  /** CPU the page's main thread used, milliseconds a second: what is left of 1,000 is room. */
  mainMsPerSecond: number;
}

/** Looks at one page; the page keeps notes from `watchFrames` on. */
export interface FrameWatch {
  /** What was drawn while `work` went on. */
  during<T>(work: () => Promise<T>): Promise<{ frames: Frames; result: T }>;
  /** Megabytes of script memory after a collection. */
  heapMb(): Promise<number>;
}

/** Notes the time between frames, and what kept the page from answering, from now on. */
export async function watchFrames(page: Page): Promise<FrameWatch> {
  const session = await page.context().newCDPSession(page);
  const pids = await rendererPids(page.context().browser()!);
  await page.evaluate(() => {
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
  return {
    async during(work) {
      await takeNotes(page);
      const begun = performance.now();
      const before = readCpu(pids);
      const result = await work();
      const { main } = cpuBetween(before, readCpu(pids));
      const seconds = (performance.now() - begun) / 1_000;
      const { frames, freezes } = await takeNotes(page);
      return { result, frames: { ...spread(frames, seconds), freezes, mainMsPerSecond: main / seconds } };
    },
    heapMb: () => heapMb(session),
  };
}

/** What was noted since the last time. */
const takeNotes = (page: Page): Promise<{ frames: number[]; freezes: number }> =>
  page.evaluate(() => {
    const { notes } = window as unknown as { notes: { frames: number[]; freezes: number } };
    const taken = { frames: notes.frames, freezes: notes.freezes };
    notes.frames = [];
    notes.freezes = 0;
    return taken;
  });

function spread(frames: readonly number[], seconds: number): Omit<Frames, 'freezes' | 'mainMsPerSecond'> {
  const sorted = frames.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return {
    perSecond: sorted.length / seconds,
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    max: sorted.at(-1) ?? 0,
  };
}

async function heapMb(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return usedSize / 1_000_000;
}

/** Chromium keeps a spare one, which uses nothing. */
async function rendererPids(browser: Browser): Promise<number[]> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
}

/** Milliseconds from navigation to the first text, and to the live list. */
export interface Opening {
  firstPaintMs: number;
  readyMs: number;
}

/** Opens a window over a hub that has exchanges several times, each time with an empty cache. */
export async function openings(browser: Browser, address: string, times: number): Promise<Opening> {
  const found: Opening[] = [];
  for (let time = 0; time < times; time += 1) {
    const context = await browser.newContext(VIEW);
    const page = await context.newPage();
    const begun = performance.now();
    await page.goto(address);
    await page.getByRole('grid').waitFor();
    const readyMs = performance.now() - begun;
    const firstPaintMs = await page.evaluate(
      () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN,
    );
    found.push({ firstPaintMs, readyMs });
    await context.close();
  }
  return {
    firstPaintMs: median(found.map((one) => one.firstPaintMs)),
    readyMs: median(found.map((one) => one.readyMs)),
  };
}

/** A window of the usual size, in English: the bench reads what it says. */
export const VIEW = { viewport: { width: 1280, height: 800 }, locale: 'en-US' };
