import { asksForBookmarks, type Filter } from '../../../shared/filter/filter.ts';
import { parseFilter } from '../../../shared/filter/parse-filter.ts';
import { PatchbayError } from '../../../shared/model/error.ts';
import type { HubSettings } from '../../../shared/model/settings.ts';
import { ExchangeQueue } from './exchange-queue.ts';
import { HourCounts } from './hour-counts.ts';
import { LatencyMinutes } from './latency-minutes.ts';
import { latencyDistribution, latencyReport, type LatencySources } from './latency-questions.ts';
import { LiveFeed } from './live-feed.ts';
import { createRecorder } from './recorder.ts';
import { ExchangeRing } from './ring.ts';
import { searchAtOnce, searchInSteps } from './search-stream.ts';
import { StoreClient } from './store-client.ts';
import type { StoreLimits } from './store-limits.ts';
import { type OpenStoreLink, workerLink } from './store-link.ts';
import { TrafficTotals } from './summary.ts';
import { withSurroundings } from './surroundings.ts';
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
  const minutes = new LatencyMinutes(now());
  const counts = new HourCounts();
  const totals = new TrafficTotals();
  /** As far as they were asked for; the store has them all. */
  let bookmarked = new Set<number>();
  const queue = new ExchangeQueue({
    onBatch(records, batch) {
      for (const record of records) ring.put(record);
      feed.publish(records, now(), bookmarked);
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
    onCall: (instanceId, change) => options.onCall?.(instanceId, change),
    onFinished(record) {
      if (record.direction !== 'client-to-server') return;
      minutes.record(record);
      totals.record(record);
      counts.record(record, now());
    },
  });
  const latencies: LatencySources = {
    minutes,
    store,
    recent: (query) => (store.error === null ? [] : ring.finished(query, bookmarked)),
  };

  /** What was tapped before a question is part of its answer. */
  const upToDate = async (): Promise<void> => {
    await store.ready;
    queue.flush();
  };
  const readAnnotations: TrafficService['annotations'] = async () => {
    await upToDate();
    const annotations = await store.ask('annotations', {});
    bookmarked = new Set(annotations.flatMap(({ exchange, bookmarked: is }) => (is ? [exchange] : [])));
    return annotations;
  };
  const noSuchExchange = (id: number): PatchbayError =>
    new PatchbayError('NOT_FOUND', `There is no exchange ${id} in the log.`);

  return {
    tap: recorder,
    async list({ filter: text, limit, before }) {
      const query = { filter: readFilter(text), limit, before, nowMs: now() };
      await upToDate();
      if (store.error !== null) return ring.list(query, bookmarked);
      return searchAtOnce(store, query);
    },
    async *search({ filter: text, limit, before }, signal) {
      const query = { filter: readFilter(text), limit, before, nowMs: now() };
      await upToDate();
      if (store.error === null) return yield* searchInSteps(store, query, signal);
      const { exchanges, more } = ring.list(query, bookmarked);
      yield { exchanges, scanned: 1, end: { more } };
    },
    async get(id) {
      await upToDate();
      const detail = store.error === null ? await store.ask('get', { id }) : null;
      if (detail) return detail;
      const record = ring.get(id);
      if (!record) throw noSuchExchange(id);
      return { exchange: record.toExchange(), request: null, response: null, phases: record.phases };
    },
    async context(id) {
      await upToDate();
      const nowMs = now();
      const logged = store.error === null ? await store.ask('context', { id, nowMs }) : null;
      const exchange = logged?.exchange ?? ring.get(id)?.toExchange();
      if (!exchange) throw noSuchExchange(id);
      const known = logged ?? { exchange, messages: [], nearby: [], sameTool: [] };
      return withSurroundings(known, options.surroundings ?? NOTHING_AROUND, nowMs);
    },
    async histogram({ filter: text, ...times }, signal) {
      const query = { ...times, filter: readFilter(text), nowMs: now() };
      await upToDate();
      if (store.error !== null) return ring.histogram(query, bookmarked);
      return store.ask('histogram', query, { signal });
    },
    annotations: readAnnotations,
    async annotate(id, annotation) {
      await upToDate();
      if (!(await store.ask('annotate', { ...annotation, exchange: id, at: now() })))
        throw noSuchExchange(id);
      if (annotation.bookmarked) bookmarked.add(id);
      else bookmarked.delete(id);
      options.onAnnotations?.();
    },
    async latency({ filter: text, sinceMs, compare }, signal) {
      const filter = readFilter(text);
      await upToDate();
      return latencyReport(latencies, { filter, sinceMs, nowMs: now(), signal }, compare);
    },
    async distribution({ filter: text, sinceMs }, signal) {
      const filter = readFilter(text);
      await upToDate();
      return latencyDistribution(latencies, { filter, sinceMs, nowMs: now(), signal });
    },
    async *live(text, signal) {
      const filter = readFilter(text);
      // Without a usable log nothing is bookmarked.
      if (asksForBookmarks(filter)) await readAnnotations().catch(() => {});
      yield* feed.subscribe(filter, signal);
    },
    took: (name, number) => feed.took(name, number),
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

const NOTHING_AROUND = { stderr: () => [], usage: () => [] };

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
