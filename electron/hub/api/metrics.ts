import type { Alert } from '../../../shared/model/alert.ts';
import type { Outcome } from '../../../shared/model/exchange.ts';
import type { ServerView } from '../../../shared/model/server.ts';
import type { SessionView } from '../../../shared/model/session.ts';
import type { EventLoopDelay } from '../logging/event-loop-watch.ts';
import type { UpstreamView } from '../routes/mux/mux.ts';

/** Answered calls of one server and tool, counted since the hub started: they only grow. */
export interface ExchangeCount {
  server: string;
  /** The tool's name for a tool call, the method for everything else. */
  tool: string;
  outcome: Outcome;
  count: number;
}

/** How long the calls of one server took, since the hub started. */
export interface ServerDurations {
  server: string;
  count: number;
  sumSeconds: number;
  /** Calls per duration, in any order and any fineness: `[seconds, calls]`. */
  durations: Iterable<readonly [seconds: number, calls: number]>;
}

/** What `/metrics` is made of. Everything is asked for at scrape time; nothing is counted for it call by call. */
export interface MetricsSources {
  version: string;
  exchanges(): Iterable<ExchangeCount>;
  durations(): Iterable<ServerDurations>;
  /** Exchanges that were not kept. */
  dropped(): number;
  sessions(): Pick<SessionView, 'transport' | 'era'>[];
  servers(): Pick<ServerView, 'name' | 'state' | 'instances' | 'restarts'>[];
  upstreams(): Pick<UpstreamView, 'server' | 'inFlight' | 'queued'>[];
  alerts(): Pick<Alert, 'rule' | 'server' | 'tool' | 'state'>[];
  eventLoop(): EventLoopDelay;
}

export interface Metrics {
  /** The exposition text for a Prometheus server, with its content type. */
  scrape(): Promise<{ contentType: string; text: string }>;
}

/** The library is loaded by the first scrape: few hubs are ever scraped. */
export function createMetrics(sources: MetricsSources): Metrics {
  let registry: ReturnType<typeof load> | null = null;
  return {
    async scrape() {
      const { contentType, metrics } = await (registry ??= load(sources));
      return { contentType, text: await metrics() };
    },
  };
}

const load = async (sources: MetricsSources) =>
  (await import('./metrics-registry.ts')).createMetricsRegistry(sources);
