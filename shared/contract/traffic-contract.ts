import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { Alert, AlertRule } from '../model/alert.ts';
import {
  Annotation,
  Exchange,
  ExchangeContext,
  ExchangeDetail,
  ExportChunk,
  ExportFormat,
  LiveBatch,
  ReplayResult,
  SearchStep,
  TimeSlice,
} from '../model/exchange.ts';
import { LatencyDistribution, ToolLatency } from '../model/latency.ts';
import { SavedFilter } from '../model/saved-filter.ts';

const ok = z.object({ ok: z.literal(true) });
const filter = z.string().default('');
const limit = z.number().int().min(1).max(1000).default(200);
const id = z.object({ id: z.number() });

/** What was said, live and from the log. */
export const trafficContract = {
  /** Newest first. `before` is an exchange id: only older ones. */
  list: oc
    .route({ method: 'GET', path: '/traffic', summary: 'Exchanges, newest first' })
    .input(z.object({ filter, limit, before: z.number().optional() }))
    .output(z.object({ exchanges: z.array(Exchange), more: z.boolean() })),
  /** The same as `list`, in steps: the first matches show at once, and a long scan says how far it is. */
  search: oc
    .route({ method: 'GET', path: '/traffic/search', summary: 'Search the log, step by step' })
    .input(z.object({ filter, limit, before: z.number().optional() }))
    .output(eventIterator(SearchStep)),
  /** Rows as they happen, in batches of about 100 ms; a row comes again when its answer arrives. */
  live: oc
    .route({ method: 'GET', path: '/traffic/live', summary: 'Exchanges as they happen' })
    .input(z.object({ filter }))
    .output(eventIterator(LiveBatch)),
  /** Credit for `live`: everything up to this batch was taken. An unknown feed is no error: it may have ended. */
  took: oc
    .route({
      method: 'POST',
      path: '/traffic/live/{feed}/took',
      summary: 'Say what of the live feed was taken',
    })
    .input(z.object({ feed: z.string(), number: z.number().int().min(0) }))
    .output(ok),
  get: oc
    .route({ method: 'GET', path: '/traffic/{id}', summary: 'One exchange with its bodies' })
    .input(id)
    .output(ExchangeDetail),
  context: oc
    .route({ method: 'GET', path: '/traffic/{id}/context', summary: 'What happened around an exchange' })
    .input(id)
    .output(ExchangeContext),
  /** Matches over time, at most 240 slices, each at least a second long. */
  histogram: oc
    .route({ method: 'GET', path: '/traffic/histogram', summary: 'Exchanges over time' })
    .input(
      z.object({
        filter,
        /** Epoch milliseconds, `until` exclusive. */
        from: z.number(),
        until: z.number(),
        slices: z.number().int().min(1).max(240).default(96),
      }),
    )
    .output(z.array(TimeSlice)),
  /**
   * Sends a recorded client request again, in a conversation of its own that is recorded like any other (client
   * `patchbay-replay`). `params` (JSON text) takes the place of the recorded ones. Throws NOT_FOUND,
   * REPLAY_IMPOSSIBLE (no body kept, cut, redacted and not edited, not a request of a client) or SERVER_UNKNOWN.
   */
  replay: oc
    .route({ method: 'POST', path: '/traffic/{id}/replay', summary: 'Send a recorded request again' })
    .input(id.extend({ params: z.string().max(16_777_216).optional() }))
    .output(ReplayResult),
  /** A whole file in pieces, oldest exchange first, bodies included as they were kept. */
  export: oc
    .route({ method: 'GET', path: '/traffic/export', summary: 'Exchanges as a file' })
    .input(
      z.object({
        filter,
        format: ExportFormat,
        limit: z.number().int().min(1).max(1_000_000).default(10_000),
      }),
    )
    .output(eventIterator(ExportChunk)),
  /** Sends spans to an OpenTelemetry collector (OTLP over HTTP, JSON). Throws EXPORT_FAILED with what it answered. */
  sendSpans: oc
    .route({ method: 'POST', path: '/traffic/spans', summary: 'Send spans to an OpenTelemetry collector' })
    .input(
      z.object({
        filter,
        limit: z.number().int().min(1).max(100_000).default(10_000),
        /** Such as `http://127.0.0.1:4318/v1/traces`. */
        url: z.url(),
        headers: z.record(z.string(), z.string()).default({}),
      }),
    )
    .output(z.object({ spans: z.number() })),
  annotations: oc
    .route({ method: 'GET', path: '/traffic/annotations', summary: 'Bookmarks and notes' })
    .output(z.array(Annotation)),
  /** Neither bookmark nor note: the annotation goes. At most 10,000 are kept; the oldest go first. */
  annotate: oc
    .route({
      method: 'PUT',
      path: '/traffic/{id}/annotation',
      summary: 'Bookmark an exchange or write to it',
    })
    .input(id.extend({ bookmarked: z.boolean(), note: z.string().max(4_000).nullable() }))
    .output(ok),
};

export const latencyContract = {
  table: oc
    .route({ method: 'GET', path: '/latency', summary: 'Latency per server and tool' })
    .input(
      z.object({
        filter,
        sinceMs: z.number().int().min(1).default(3_600_000),
        /** Also the figures of the period before, for the trend. */
        compare: z.boolean().default(false),
      }),
    )
    .output(z.array(ToolLatency)),
  distribution: oc
    .route({ method: 'GET', path: '/latency/distribution', summary: 'How durations lie, over time' })
    .input(z.object({ filter, sinceMs: z.number().int().min(1).default(3_600_000) }))
    .output(LatencyDistribution),
};

export const alertsContract = {
  rules: oc
    .route({ method: 'GET', path: '/alerts/rules', summary: 'Alert rules' })
    .output(z.array(AlertRule)),
  /** Adds the rule, or takes the place of the one with the same id. At most 100. */
  save: oc
    .route({ method: 'PUT', path: '/alerts/rules', summary: 'Add or change an alert rule' })
    .input(AlertRule)
    .output(AlertRule),
  remove: oc
    .route({ method: 'DELETE', path: '/alerts/rules/{id}', summary: 'Remove an alert rule' })
    .input(z.object({ id: z.string() }))
    .output(ok),
  /** What holds now and what was resolved lately, newest first. */
  list: oc.route({ method: 'GET', path: '/alerts', summary: 'Alerts' }).output(z.array(Alert)),
  /** The enabled rules as a Prometheus rule file over our own metrics. */
  prometheus: oc
    .route({ method: 'GET', path: '/alerts/prometheus', summary: 'The rules for Prometheus' })
    .output(z.object({ yaml: z.string() })),
};

export const filtersContract = {
  list: oc.route({ method: 'GET', path: '/filters', summary: 'Saved filters' }).output(z.array(SavedFilter)),
  save: oc
    .route({ method: 'PUT', path: '/filters', summary: 'Save a filter under a name' })
    .input(SavedFilter)
    .output(ok),
  remove: oc
    .route({ method: 'DELETE', path: '/filters/{name}', summary: 'Forget a saved filter' })
    .input(z.object({ name: z.string() }))
    .output(ok),
};
