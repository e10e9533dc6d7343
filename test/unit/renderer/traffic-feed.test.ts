import { describe, expect, it, vi } from 'vitest';
import { ExchangeLog } from '../../../renderer/lib/exchange-log.ts';
import { TrafficFeed } from '../../../renderer/lib/traffic-feed.ts';
import type { Exchange, LiveBatch, SearchStep } from '../../../shared/model/exchange.ts';
import { exchange, exchanges } from './exchange-samples.ts';
import { handClock } from './page-clock.ts';
import { scriptedClient, scriptedLink, settle, stream } from './scripted-hub.ts';

interface ListInput {
  filter?: string;
  limit?: number;
  before?: number;
}

/** A hub with the given history, whose live stream the test feeds; its searches answer in one step each. */
function hub(history: Exchange[]) {
  const state: { live?: ReturnType<typeof stream<LiveBatch>> } = {};
  const took = vi.fn(() => Promise.resolve({ ok: true }));
  const list = vi.fn(({ filter = '', limit = 200, before = Infinity }: ListInput) => {
    const found = history
      .filter((row) => row.id < before && (filter === '' || row.tool === filter))
      .toReversed();
    return Promise.resolve({ exchanges: found.slice(0, limit), more: found.length > limit });
  });
  const live = vi.fn((_input: unknown, { signal }: { signal: AbortSignal }) => {
    state.live = stream<LiveBatch>(signal);
    return Promise.resolve(state.live);
  });
  const search = vi.fn(async (input: ListInput, _options: unknown) => {
    const { exchanges: found, more } = await list(input);
    return (async function* (): AsyncGenerator<SearchStep> {
      yield { exchanges: found, scanned: 1, end: { more } };
    })();
  });
  return {
    state,
    list,
    live,
    took,
    search,
    client: scriptedClient({ traffic: { list, live, took, search } }),
  };
}

function feedOver(client: ReturnType<typeof hub>['client']) {
  const link = scriptedLink({ phase: 'connected', client });
  const clock = handClock();
  const log = new ExchangeLog(clock);
  const feed = new TrafficFeed(link, log);
  const flush = async (): Promise<void> => {
    await settle();
    clock.frame();
    await settle();
  };
  const ids = (): number[] => {
    const snapshot = log.snapshot();
    return Array.from({ length: snapshot.rowCount }, (_, index) => snapshot.rowAt(index)!.id);
  };
  return { link, log, feed, flush, ids };
}

describe('TrafficFeed', () => {
  it('shows the newest page and what happens from then on', async () => {
    const { client, state } = hub(exchanges(1, 3));
    const { feed, flush, ids } = feedOver(client);
    expect(feed.state().isLoading).toBe(true);
    await flush();
    expect(ids()).toEqual([1, 2, 3]);
    expect(feed.state()).toMatchObject({ isLoading: false, hasOlder: false, error: null });
    state.live!.push({ rows: [exchange(4)], dropped: 0, feed: 'a', number: 1 });
    await flush();
    expect(ids()).toEqual([1, 2, 3, 4]);
    feed.dispose();
  });

  it('fetches older pages until there are none', async () => {
    const { client } = hub(exchanges(1, 1_200));
    const { feed, flush, ids } = feedOver(client);
    await flush();
    expect(ids()[0]).toBe(701);
    await feed.loadOlder();
    expect(ids()[0]).toBe(201);
    await feed.loadOlder();
    expect(ids()[0]).toBe(1);
    expect(feed.state().hasOlder).toBe(false);
    feed.dispose();
  });

  it('answers a filter from memory and from history, and forgets a late answer to another one', async () => {
    const { client, search } = hub([...exchanges(1, 900), exchange(901, { tool: 'rare' })]);
    const { feed, flush, ids } = feedOver(client);
    await flush();
    feed.setFilter('rare', (row) => row.tool === 'rare');
    expect(ids()).toEqual([901]);
    feed.setFilter('', () => true);
    await flush();
    expect(search).toHaveBeenCalledWith(
      expect.objectContaining({ filter: 'rare', before: 901 }),
      expect.anything(),
    );
    expect(ids().filter((id) => id <= 401)).toEqual([]);
    feed.dispose();
  });

  it('keeps what it shows when the hub is lost, and starts over when what came since does not join up', async () => {
    const first = hub(exchanges(1, 10));
    const { link, feed, flush, ids } = feedOver(first.client);
    await flush();
    link.set({ phase: 'lost' });
    expect(ids()).toHaveLength(10);
    const second = hub(exchanges(5_000, 6_000));
    link.set({ phase: 'connected', client: second.client });
    await flush();
    expect(ids()).toEqual(exchanges(5_501, 6_000).map(({ id }) => id));
    feed.dispose();
  });

  it('joins up without a gap after a short loss', async () => {
    const first = hub(exchanges(1, 10));
    const { link, feed, flush, ids } = feedOver(first.client);
    await flush();
    link.set({ phase: 'lost' });
    link.set({ phase: 'connected', client: hub(exchanges(1, 14)).client });
    await flush();
    expect(ids()).toEqual(exchanges(1, 14).map(({ id }) => id));
    feed.dispose();
  });

  it('says why nothing is shown', async () => {
    const { client, list } = hub([]);
    list.mockRejectedValueOnce(new Error('The store is not usable.'));
    const { feed, flush } = feedOver(client);
    await flush();
    expect(feed.state()).toMatchObject({ isLoading: false, error: { message: 'The store is not usable.' } });
    feed.reload();
    await flush();
    expect(feed.state().error).toBeNull();
    feed.dispose();
  });

  it('gives the hub credit for every batch it took', async () => {
    const { client, state, took } = hub([]);
    const { feed, flush } = feedOver(client);
    await flush();
    state.live!.push(
      { rows: [exchange(1)], dropped: 0, feed: 'a', number: 1 },
      { rows: [exchange(2)], dropped: 0, feed: 'a', number: 2 },
    );
    await flush();
    expect(took.mock.calls.map(([input]: unknown[]) => input)).toEqual([
      { feed: 'a', number: 1 },
      { feed: 'a', number: 2 },
    ]);
    feed.dispose();
  });
});

describe('a search that must scan', () => {
  /** A hub whose search is stepped by the test. */
  function scanningHub() {
    const known = hub(exchanges(900, 910));
    const searches: {
      input: ListInput;
      signal: AbortSignal;
      steps: ReturnType<typeof stream<SearchStep>>;
    }[] = [];
    const search = vi.fn((input: ListInput, { signal }: { signal: AbortSignal }) => {
      const steps = stream<SearchStep>(signal);
      searches.push({ input, signal, steps });
      return Promise.resolve(steps);
    });
    const { list, live, took } = known;
    return { searches, client: scriptedClient({ traffic: { list, live, took, search } }) };
  }

  const rare = (row: Exchange): boolean => row.tool === 'rare';

  it('shows what it found at once, and how far it is', async () => {
    const { client, searches } = scanningHub();
    const { feed, flush, ids } = feedOver(client);
    await flush();
    feed.setFilter('rare', rare);
    await flush();
    expect(searches[0]!.input).toMatchObject({ filter: 'rare', before: 900 });
    searches[0]!.steps.push({ exchanges: [exchange(500, { tool: 'rare' })], scanned: 0.4, end: null });
    await flush();
    expect(ids()).toEqual([500]);
    expect(feed.state()).toMatchObject({ isLoadingOlder: true, scanned: 0.4 });
    searches[0]!.steps.push({
      exchanges: [exchange(20, { tool: 'rare' })],
      scanned: 1,
      end: { more: false },
    });
    await flush();
    expect(ids()).toEqual([20, 500]);
    expect(feed.state()).toMatchObject({ isLoadingOlder: false, scanned: null, hasOlder: false });
    feed.dispose();
  });

  it('ends when told to, keeps what it found, and goes on from there when told to', async () => {
    const { client, searches } = scanningHub();
    const { feed, flush, ids } = feedOver(client);
    await flush();
    feed.setFilter('rare', rare);
    await flush();
    searches[0]!.steps.push({ exchanges: [exchange(500, { tool: 'rare' })], scanned: 0.4, end: null });
    await flush();
    feed.stopSearch();
    expect(searches[0]!.signal.aborted).toBe(true);
    expect(feed.state()).toMatchObject({
      isLoadingOlder: false,
      scanned: null,
      isStopped: true,
      error: null,
    });
    expect(ids()).toEqual([500]);
    // Scrolling does not start it again.
    await feed.loadOlder();
    expect(searches).toHaveLength(1);
    void feed.continueSearch();
    await flush();
    expect(searches[1]!.input).toMatchObject({ filter: 'rare', before: 500 });
    feed.dispose();
  });

  it('is given up for another filter', async () => {
    const { client, searches } = scanningHub();
    const { feed, flush, ids } = feedOver(client);
    await flush();
    feed.setFilter('rare', rare);
    await flush();
    feed.setFilter('other', () => false);
    await flush();
    expect(searches[0]!.signal.aborted).toBe(true);
    searches[0]!.steps.push({
      exchanges: [exchange(500, { tool: 'rare' })],
      scanned: 1,
      end: { more: false },
    });
    await flush();
    expect(ids()).toEqual([]);
    expect(searches[1]!.input.filter).toBe('other');
    feed.dispose();
  });
});
