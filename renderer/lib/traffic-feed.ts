import type { ErrorInfo } from '../../shared/model/error.ts';
import { errorInfoOf } from './error-info.ts';
import type { ExchangeLog, ExchangePredicate } from './exchange-log.ts';
import type { HubClient, HubLink } from './hub-link.ts';

/** Where the feed stands, apart from the rows themselves. */
export interface FeedState {
  /** True until the first page for the current filter has arrived. */
  isLoading: boolean;
  isLoadingOlder: boolean;
  /** Share of the log a search under way has looked at, 0 to 1; null while none is. */
  scanned: number | null;
  /** The person stopped a search: it goes on only when asked to. */
  isStopped: boolean;
  /** Whether the hub has rows older than those shown. */
  hasOlder: boolean;
  error: ErrorInfo | null;
}

const FIRST_PAGE = 500;
const OLDER_PAGE = 500;
const LIVE_RETRY_MS = 1_000;
/** Below this many rows in view, history is fetched at once instead of on scroll. */
const SCREENFUL = 80;

/**
 * Feeds an ExchangeLog from the hub for as long as the app runs: the live stream without a filter, so that another
 * filter answers from memory at once, and pages of history through the hub's own filter.
 */
export class TrafficFeed {
  readonly log: ExchangeLog;
  readonly #link: HubLink;
  readonly #listeners = new Set<() => void>();
  readonly #unsubscribe: () => void;
  #connection: { client: HubClient; abort: AbortController } | null = null;
  #filter = '';
  #matches: ExchangePredicate | null = null;
  /** Counts filter changes: an answer for an older filter is dropped. */
  #turn = 0;
  #search: AbortController | null = null;
  #state: FeedState = {
    isLoading: true,
    isLoadingOlder: false,
    scanned: null,
    isStopped: false,
    hasOlder: false,
    error: null,
  };

  constructor(link: HubLink, log: ExchangeLog) {
    this.#link = link;
    this.log = log;
    this.#unsubscribe = link.subscribe(() => this.#onLink());
    this.#onLink();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly state = (): FeedState => this.#state;

  /** Switches to a filter that was parsed already; `matches` must be its predicate. */
  setFilter(filter: string, matches: ExchangePredicate): void {
    if (filter === this.#filter && (matches === this.#matches || filter === '')) return;
    this.#filter = filter;
    this.#matches = matches;
    this.#endSearch();
    this.log.setFilter(matches);
    this.#update({ hasOlder: true, error: null });
    if (this.log.snapshot().rowCount < SCREENFUL) void this.loadOlder();
  }

  /** Fetches one page before the oldest row in view; what a search finds shows while it goes on. */
  async loadOlder(): Promise<void> {
    const connection = this.#connection;
    const { isLoadingOlder, hasOlder, isStopped } = this.#state;
    if (!connection || this.log.isFull || isLoadingOlder || !hasOlder || isStopped) return;
    const turn = this.#turn;
    const search = new AbortController();
    this.#search = search;
    const signal = AbortSignal.any([search.signal, connection.abort.signal]);
    this.#update({ isLoadingOlder: true, scanned: 0, error: null });
    const before = this.log.oldestId;
    const query = { filter: this.#filter, limit: OLDER_PAGE, ...(before === undefined ? {} : { before }) };
    try {
      let more = true;
      for await (const step of await connection.client.traffic.search(query, { signal })) {
        if (turn !== this.#turn) return;
        // Newest first on the wire; going upwards one by one keeps each of them a cheap insertion at the front.
        this.log.prepend(step.exchanges);
        this.#update({ scanned: step.scanned });
        if (step.end) {
          more = step.end.more;
          break;
        }
      }
      if (turn === this.#turn) this.#update({ isLoadingOlder: false, scanned: null, hasOlder: more });
    } catch (error) {
      if (turn !== this.#turn || signal.aborted) return;
      this.#update({ isLoadingOlder: false, scanned: null, error: errorInfoOf(error) });
    }
  }

  /** Ends the search under way; what it found stays. */
  stopSearch(): void {
    if (!this.#state.isLoadingOlder) return;
    this.#endSearch();
    this.#update({ isStopped: true });
  }

  /** Goes on where a search was stopped or failed. */
  async continueSearch(): Promise<void> {
    this.#update({ isStopped: false, error: null });
    await this.loadOlder();
  }

  /** Starts over with the newest page, after rows were missed. */
  reload(): void {
    const connection = this.#connection;
    this.#endSearch();
    this.log.reset();
    if (connection) void this.#loadFirstPage(connection.client, connection.abort.signal);
  }

  dispose(): void {
    this.#unsubscribe();
    this.#connection?.abort.abort();
    this.#connection = null;
    this.log.dispose();
  }

  #onLink(): void {
    const state = this.#link.state();
    const client = state.phase === 'connected' ? state.client : null;
    if (client === (this.#connection?.client ?? null)) return;
    this.#connection?.abort.abort();
    this.#endSearch();
    this.#connection = client && { client, abort: new AbortController() };
    if (this.#connection) void this.#follow(this.#connection.client, this.#connection.abort.signal);
  }

  async #follow(client: HubClient, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        // The stream is open before the page is asked for: nothing falls between the two.
        const batches = await client.traffic.live({}, { signal });
        void this.#loadFirstPage(client, signal);
        for await (const { rows, dropped, feed, number } of batches) {
          this.log.enqueue(rows, dropped);
          // Credit for the next batches. A page that is too busy to get here gets no more of them meanwhile.
          client.traffic.took({ feed, number }, { signal }).catch(() => {});
        }
      } catch (error) {
        if (!signal.aborted) this.#update({ isLoading: false, error: errorInfoOf(error) });
      }
      if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, LIVE_RETRY_MS));
    }
  }

  async #loadFirstPage(client: HubClient, signal: AbortSignal): Promise<void> {
    try {
      const { exchanges, more } = await client.traffic.list({ limit: FIRST_PAGE }, { signal });
      const newestKnown = this.log.newestId;
      const oldest = exchanges.at(-1);
      // More happened while we were away than one page holds: what we had no longer joins up with it.
      if (more && newestKnown !== undefined && oldest && oldest.id > newestKnown) this.log.reset();
      this.log.enqueue(exchanges.toReversed(), 0);
      this.#update({ isLoading: false, hasOlder: this.#filter === '' ? more : true, error: null });
      if (this.#filter !== '') void this.loadOlder();
    } catch (error) {
      if (!signal.aborted) this.#update({ isLoading: false, error: errorInfoOf(error) });
    }
  }

  /** An answer for what was asked before is dropped from here on. */
  #endSearch(): void {
    this.#turn += 1;
    this.#search?.abort();
    this.#search = null;
    this.#update({ isLoadingOlder: false, scanned: null, isStopped: false });
  }

  #update(change: Partial<FeedState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}
