import type { HubClient, HubLink, LinkState } from '../../../renderer/lib/hub-link.ts';

/** A link whose state the test sets. */
export interface ScriptedLink extends HubLink {
  set(state: LinkState): void;
}

export function scriptedLink(initial: LinkState = { phase: 'connecting' }): ScriptedLink {
  let state = initial;
  const listeners = new Set<() => void>();
  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    set(next) {
      state = next;
      for (const listener of listeners) listener();
    },
    retry() {},
    dispose() {},
  };
}

/** A client of which only the given procedures exist; any other call is a TypeError and fails the test. */
export const scriptedClient = (procedures: unknown): HubClient => procedures as HubClient;

/** An event stream fed by the test, ended by its signal. */
export function stream<T>(signal: AbortSignal | undefined) {
  const queue: T[] = [];
  let wake = (): void => {};
  signal?.addEventListener('abort', () => wake());
  return {
    push(...events: T[]) {
      queue.push(...events);
      wake();
    },
    async *[Symbol.asyncIterator](): AsyncGenerator<T> {
      while (!signal?.aborted) {
        while (queue.length > 0) yield queue.shift()!;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
  };
}

/** Lets everything that is already under way happen. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
