import { parseFilter } from '../../../shared/filter/parse-filter.ts';
import type { Filter } from '../../../shared/filter/filter.ts';
import { PatchbayError } from '../../../shared/model/error.ts';
import type { HubSettings } from '../../../shared/model/settings.ts';
import { notYet } from '../not-yet.ts';
import { ExchangeQueue } from './exchange-queue.ts';
import { HourCounts } from './hour-counts.ts';
import { LatencyMinutes } from './latency-minutes.ts';
import { LatencyTable, minuteOf } from './latency-table.ts';
import { LiveFeed } from './live-feed.ts';
import { createRecorder } from './recorder.ts';
import { ExchangeRing } from './ring.ts';
import { StoreClient } from './store-client.ts';
import type { StoreLimits } from './store-limits.ts';
import { type OpenStoreLink, workerLink } from './store-link.ts';
import { TrafficTotals } from './summary.ts';
import type { TrafficOptions, TrafficService } from './traffic-service.ts';

/** The traffic service with its store in a worker. */
export const createTrafficService = (options: TrafficOptions): TrafficService =>
  createTrafficServiceWith(options, workerLink(options.workerScript));

/** The same with the store wherever `openStore` puts it. */
export function createTrafficServiceWith(
  options: Omit<TrafficOptions, 'workerScript'>,
  openStore: OpenStoreLink,
): TrafficService {
  const now = options.now ?? Date.now;
  let { settings } = options;
  const ring = new ExchangeRing();
  const feed = new LiveFeed();
  const latency = new LatencyMinutes(now());
  const counts = new HourCounts();
  const totals = new TrafficTotals();
  const queue = new ExchangeQueue({
    onBatch(records, batch) {
      for (const record of records) ring.put(record);
      feed.publish(records, now());
      store.write(batch);
    },
  });
  const store = new StoreClient({
    file: options.file,
    limits: limitsOf(settings),
    open: openStore,
    onIds: (largest) => queue.idsAfter(largest),
    onSpent: (buffers) => queue.recycle(buffers),
  });
  const recorder = createRecorder({
    queue,
    now,
    settings: () => settings,
    onFinished(record) {
      if (record.direction !== 'client-to-server') return;
      latency.record(record);
      totals.record(record);
      counts.record(record, now());
    },
  });

  /** What was tapped before a question is part of its answer. */
  const upToDate = async (): Promise<void> => {
    await store.ready;
    queue.flush();
  };

  return {
    tap: recorder,
    async list({ filter: text, limit, before }) {
      const query = { filter: readFilter(text), limit, before, nowMs: now() };
      await upToDate();
      if (store.error !== null) return ring.list(query.filter, query);
      return store.ask('list', query);
    },
    async get(id) {
      await upToDate();
      const detail = store.error === null ? await store.ask('get', { id }) : null;
      if (detail) return detail;
      const record = ring.get(id);
      if (!record) throw new PatchbayError('NOT_FOUND', `There is no exchange ${id} in the log.`);
      return { exchange: record.toExchange(), request: null, response: null, phases: record.phases };
    },
    async latency({ filter: text, sinceMs }) {
      const filter = readFilter(text);
      await upToDate();
      const nowMs = now();
      // Whole minutes, so that memory and store count the same calls.
      const from = minuteOf(nowMs - sinceMs) * 60_000;
      const isWhole = filter.terms.length === 0;
      const until = isWhole ? latency.coversFrom : Number.MAX_SAFE_INTEGER;
      const table = isWhole ? latency.since(from) : new LatencyTable();
      if (from < until && store.error === null) {
        table.merge(LatencyTable.from(await store.ask('latencies', { filter, from, until, nowMs })));
      } else if (!isWhole && store.error !== null) {
        for (const record of ring.finished(filter, from, nowMs)) table.record(record);
      }
      return table.report(from, nowMs);
    },
    async *live(text, signal) {
      yield* feed.subscribe(readFilter(text), signal);
    },
    search: notYet<TrafficService>().search,
    context: notYet<TrafficService>().context,
    histogram: notYet<TrafficService>().histogram,
    annotations: notYet<TrafficService>().annotations,
    annotate: notYet<TrafficService>().annotate,
    distribution: notYet<TrafficService>().distribution,
    took: () => {},
    totals,
    countsLastHour: () => counts.at(now()),
    get dropped() {
      return queue.dropped + store.dropped;
    },
    get storeError() {
      return store.error;
    },
    get storeWarning() {
      return store.warning;
    },
    get ignored() {
      return recorder.ignored;
    },
    applySettings(next) {
      settings = next;
      store.setLimits(limitsOf(next));
    },
    async close() {
      await store.close(() => queue.flush());
      feed.close();
    },
  };
}

const limitsOf = ({ historyMaxMb, historyMaxDays }: HubSettings): StoreLimits => ({
  maxBytes: historyMaxMb * 1024 * 1024,
  maxAgeMs: historyMaxDays * 86_400_000,
});

function readFilter(text: string): Filter {
  const parsed = parseFilter(text);
  if (parsed.ok) return parsed.filter;
  const { message, start } = parsed.error;
  throw new PatchbayError('FILTER_INVALID', message, { line: 1, column: start + 1 });
}
