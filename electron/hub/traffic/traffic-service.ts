import type {
  Annotation,
  Exchange,
  ExchangeContext,
  ExchangeDetail,
  LiveBatch,
  SearchStep,
  TimeSlice,
} from '../../../shared/model/exchange.ts';
import type { LatencyDistribution, ToolLatency } from '../../../shared/model/latency.ts';
import type { HubSettings } from '../../../shared/model/settings.ts';
import type { IgnoredFrames } from './recording.ts';
import type { TrafficTotals } from './summary.ts';
import type { Surroundings } from './surroundings.ts';
import type { Tap } from './tap.ts';

export interface ServerCounts {
  calls: number;
  errors: number;
}

/**
 * Records what the tap sees, keeps it in SQLite (in a worker: the data plane never waits for the disk) and answers
 * questions about it. Losing the store never stops traffic: exchanges that could not be kept are counted.
 */
export interface TrafficService {
  readonly tap: Tap;
  list(query: {
    filter: string;
    limit: number;
    before?: number;
  }): Promise<{ exchanges: Exchange[]; more: boolean }>;
  /** The same in steps; ends early when `signal` aborts. */
  search(
    query: { filter: string; limit: number; before?: number },
    signal: AbortSignal,
  ): AsyncGenerator<SearchStep>;
  get(id: number): Promise<ExchangeDetail>;
  context(id: number): Promise<ExchangeContext>;
  /** Long questions are given up when their `signal` aborts. */
  histogram(
    query: { filter: string; from: number; until: number; slices: number },
    signal?: AbortSignal,
  ): Promise<TimeSlice[]>;
  annotations(): Promise<Annotation[]>;
  /** Throws NOT_FOUND. */
  annotate(id: number, annotation: { bookmarked: boolean; note: string | null }): Promise<void>;
  latency(
    query: { filter: string; sinceMs: number; compare: boolean },
    signal?: AbortSignal,
  ): Promise<ToolLatency[]>;
  distribution(
    query: { filter: string; sinceMs: number },
    signal?: AbortSignal,
  ): Promise<LatencyDistribution>;
  /**
   * Ends when `signal` aborts. A reader is at most four batches behind; what comes meanwhile is joined, and counted
   * where it is too much. One that never says what it `took` gets a batch a second then.
   */
  live(filter: string, signal: AbortSignal): AsyncGenerator<LiveBatch>;
  /** Gives a feed credit for another batch. */
  took(feed: string, number: number): void;
  /** Counters since the hub started, for metrics and alerts; from memory, also while nothing is recorded. */
  readonly totals: Pick<TrafficTotals, 'exchanges' | 'durations' | 'tools'>;
  /** Per server, over the last hour; from memory, cheap. */
  countsLastHour(): ReadonlyMap<string, ServerCounts>;
  /** Exchanges that were not stored because the queue was full or the store failed. */
  readonly dropped: number;
  /** Why the store is not usable, null when it is. */
  readonly storeError: string | null;
  /** That a damaged log was set aside and where it is now, null when there was none. */
  readonly storeWarning: string | null;
  /** Frames that became no row, since start. */
  readonly ignored: Readonly<IgnoredFrames>;
  applySettings(settings: HubSettings): void;
  /** Writes out what is queued (bounded wait) and ends the worker. */
  close(): Promise<void>;
}

export interface TrafficOptions {
  /** Path of the SQLite file. */
  file: string;
  /** Path of the bundled worker script. */
  workerScript: string;
  settings: HubSettings;
  /** What is known of servers besides their traffic; nothing where it is absent. */
  surroundings?: Surroundings;
  /** A bookmark or note has changed. */
  onAnnotations?(): void;
  /** A call of a client to this instance has begun, or is over. On the path of traffic: must be quick. */
  onCall?(instanceId: string, change: 1 | -1): void;
  /** Epoch milliseconds; a parameter so that tests own the clock. */
  now?: () => number;
}
