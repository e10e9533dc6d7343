import type { Exchange } from '../../../shared/model/exchange.ts';
import type { HubApi } from '../api/hub-link.ts';

/** Tool calls as the hub reports them, while they happen. */
export interface CallLog {
  /** Finished calls so far, in the order they finished. */
  readonly calls: readonly Exchange[];
  /** Resolves when this many calls have finished, or with false after `timeoutMs`. */
  waitFor(count: number, timeoutMs: number): Promise<boolean>;
  close(): void;
}

/** Follows the hub's live stream; `onCall` hears of each tool call once, when its answer has passed. */
export async function followCalls(api: HubApi, onCall: (call: Exchange) => void): Promise<CallLog> {
  const ending = new AbortController();
  const finished = new Map<number, Exchange>();
  let changed = (): void => {};
  const stream = await api.traffic.live({ filter: '' }, { signal: ending.signal });
  const reading = (async () => {
    for await (const { rows, feed, number } of stream) {
      for (const row of rows) {
        if (row.method !== 'tools/call' || row.outcome === 'pending' || finished.has(row.id)) continue;
        finished.set(row.id, row);
        onCall(row);
      }
      changed();
      await api.traffic.took({ feed, number });
    }
  })();
  // Ends by our own abort, or with the hub; what is missing then shows in the count.
  reading.catch(() => {});

  return {
    get calls() {
      return [...finished.values()];
    },
    waitFor: (count, timeoutMs) =>
      new Promise((resolve) => {
        const settle = (isEnough: boolean): void => {
          clearTimeout(timer);
          changed = () => {};
          resolve(isEnough);
        };
        const timer = setTimeout(() => settle(finished.size >= count), timeoutMs);
        changed = () => finished.size >= count && settle(true);
        changed();
      }),
    close: () => ending.abort(),
  };
}
