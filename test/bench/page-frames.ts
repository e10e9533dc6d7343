import type { Browser, CDPSession, Page } from 'playwright';
import { tracePageTasks } from '../support/page-tasks.ts';
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
  /** Stretches of more than 100 ms in which the page did not answer: also because others had the core. */
  freezes: number;
  /** The most CPU that one task of the page's main thread took; null where that was not traced. */
  longestTaskMs: number | null;
  /** CPU the page's main thread used, milliseconds a second: what is left of 1,000 is room. */
  mainMsPerSecond: number;
}

/** Looks at one page; the page keeps notes from `watchFrames` on. */
export interface FrameWatch {
  /** What was drawn while `work` went on. */
  during<T>(work: () => Promise<T>): Promise<{ frames: Frames; result: T }>;
  /** The same with the longest task, which costs the browser a little and some MB a second. */
  traced<T>(work: () => Promise<T>): Promise<{ frames: Frames; result: T }>;
  /** Megabytes of script memory after a collection. */
  heapMb(): Promise<number>;
}

/** Notes the time between frames, and what kept the page from answering, from now on. */
export async function watchFrames(page: Page): Promise<FrameWatch> {
  const session = await page.context().newCDPSession(page);
  const browser = page.context().browser()!;
  const pids = await rendererPids(browser);
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
  const during: FrameWatch['during'] = async (work) => {
    await takeNotes(page);
    const begun = performance.now();
    const before = readCpu(pids);
    const result = await work();
    const { main } = cpuBetween(before, readCpu(pids));
    const seconds = (performance.now() - begun) / 1_000;
    const { frames, freezes } = await takeNotes(page);
    const costs = { freezes, longestTaskMs: null, mainMsPerSecond: main / seconds };
    return { result, frames: { ...spread(frames, seconds), ...costs } };
  };
  return {
    during,
    async traced(work) {
      const longestTask = await tracePageTasks(browser);
      const { frames, result } = await during(work);
      return { result, frames: { ...frames, longestTaskMs: await longestTask() } };
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

function spread(
  frames: readonly number[],
  seconds: number,
): Pick<Frames, 'perSecond' | 'p50' | 'p95' | 'p99' | 'max'> {
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

/** What it takes to open a window; medians. */
export interface Opening {
  /** Milliseconds from navigation to the first text, and to the live list. */
  firstPaintMs: number;
  readyMs: number;
  /** CPU of the page's main thread until then, the start of its process included. */
  readyCpuMs: number;
  /** First text of a page that has nothing but text: what the browser and the machine take at that moment. */
  barePaintMs: number;
}

/** Opens a window over a hub that has exchanges several times, each time with an empty cache. */
export async function openings(browser: Browser, address: string, times: number): Promise<Opening> {
  const found: Opening[] = [];
  for (let time = 0; time < times; time += 1) {
    const { paintMs: barePaintMs } = await openOnce(browser, new URL('/health', address).href);
    const { paintMs: firstPaintMs, ...ready } = await openOnce(browser, address, (page) =>
      page.getByRole('grid').waitFor(),
    );
    found.push({ ...ready, firstPaintMs, barePaintMs });
  }
  const middle = (value: keyof Opening): number => median(found.map((one) => one[value]));
  return {
    firstPaintMs: middle('firstPaintMs'),
    readyMs: middle('readyMs'),
    readyCpuMs: middle('readyCpuMs'),
    barePaintMs: middle('barePaintMs'),
  };
}

/** `until`: when the page counts as ready; its first text by default. */
async function openOnce(
  browser: Browser,
  address: string,
  until: (page: Page) => Promise<void> = async () => {},
): Promise<{ paintMs: number; readyMs: number; readyCpuMs: number }> {
  const context = await browser.newContext(VIEW);
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Performance.enable');
  const begun = performance.now();
  await page.goto(address);
  await until(page);
  const readyMs = performance.now() - begun;
  const { metrics } = await session.send('Performance.getMetrics');
  const readyCpuMs = (metrics.find(({ name }) => name === 'ThreadTime')?.value ?? Number.NaN) * 1_000;
  const paintMs = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        new PerformanceObserver((list, observer) => {
          const paint = list.getEntriesByName('first-contentful-paint')[0];
          if (!paint) return;
          observer.disconnect();
          resolve(paint.startTime);
        }).observe({ type: 'paint', buffered: true });
      }),
  );
  await context.close();
  return { paintMs, readyMs, readyCpuMs };
}

/** A window of the usual size, in English: the bench reads what it says. */
export const VIEW = { viewport: { width: 1280, height: 800 }, locale: 'en-US' };
