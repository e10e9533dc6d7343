import type { SearchStep } from '../../../shared/model/exchange.ts';
import type { StoreClient } from './store-client.ts';
import type { ListQuery } from './store-search.ts';

/**
 * A search of the store, step by step. Steps that nobody has taken yet become one, so a slow reader costs no more than
 * the rows it asked for. Ends without a last step when the signal aborts; a reader that stops ends the search as well.
 */
export async function* searchInSteps(
  store: StoreClient,
  query: ListQuery,
  signal: AbortSignal,
): AsyncGenerator<SearchStep> {
  const reader = new AbortController();
  const ended = AbortSignal.any([signal, reader.signal]);
  const state: { waiting: SearchStep | null; failure: unknown; wake: () => void } = {
    waiting: null,
    failure: null,
    wake: () => {},
  };
  const push = (step: SearchStep): void => {
    const exchanges = [...(state.waiting?.exchanges ?? []), ...step.exchanges];
    state.waiting = { ...step, exchanges };
    state.wake();
  };
  store
    .ask('search', query, { signal: ended, found: (found) => push({ ...found, end: null }) })
    .then(({ exchanges, more }) => push({ exchanges, scanned: 1, end: { more } }))
    .catch((error: unknown) => {
      state.failure = error;
      state.wake();
    });
  try {
    for (;;) {
      const step = state.waiting;
      if (step) {
        state.waiting = null;
        yield step;
        if (step.end) return;
      } else if (signal.aborted) {
        return;
      } else if (state.failure !== null) {
        throw state.failure;
      } else {
        await new Promise<void>((resolve) => (state.wake = resolve));
      }
    }
  } finally {
    reader.abort();
  }
}

/** All of a search at once. */
export async function searchAtOnce(
  store: StoreClient,
  query: ListQuery,
): Promise<Pick<SearchStep, 'exchanges'> & { more: boolean }> {
  const exchanges: SearchStep['exchanges'] = [];
  const last = await store.ask('search', query, { found: (found) => exchanges.push(...found.exchanges) });
  return { exchanges: [...exchanges, ...last.exchanges], more: last.more };
}
