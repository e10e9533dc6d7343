import type { Browser } from 'playwright';

/**
 * Traces a browser's pages from now on; what it resolves to ends that and says the most CPU that one task of their
 * main threads took, in milliseconds. How long a task took by the clock says as much about who else uses the machine.
 */
export async function tracePageTasks(browser: Browser): Promise<() => Promise<number>> {
  const session = await browser.newBrowserCDPSession();
  const longest = new Map<string, number>();
  const mains = new Set<string>();
  session.on('Tracing.dataCollected', ({ value }: { value: TraceEvent[] }) => {
    for (const { name, pid, tid, tdur = 0, args } of value) {
      const thread = `${pid}/${tid}`;
      if (name === 'thread_name' && args?.name === 'CrRendererMain') mains.add(thread);
      else if (name === 'ThreadControllerImpl::RunTask')
        longest.set(thread, Math.max(longest.get(thread) ?? 0, tdur));
    }
  });
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['toplevel', '__metadata'], excludedCategories: ['*'] },
  });
  return async () => {
    const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
    await session.send('Tracing.end');
    await complete;
    await session.detach();
    const found = Math.max(0, ...[...mains].map((thread) => longest.get(thread) ?? 0));
    // A browser that named its tasks otherwise would look as if it never did anything.
    if (found === 0) throw new Error('The trace holds no task of a page.');
    return found / 1_000;
  };
}

/** What is read of Chromium's trace; durations in microseconds. */
interface TraceEvent {
  name?: string;
  pid?: number;
  tid?: number;
  /** CPU of the thread. */
  tdur?: number;
  args?: { name?: unknown };
}
