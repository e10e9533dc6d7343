import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { MetricsSources } from './metrics.ts';

/** Pairs of server and tool that get labels of their own; names come from servers, which may invent them for ever. */
const MAX_TOOL_LABELS = 1_000;
const OTHER = 'other';

/** Upper bounds in seconds: from a fast local tool to a call that a person has given up on. */
const DURATION_BUCKETS = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300,
];

/** A registry of its own, filled from `sources` whenever it is read. */
export function createMetricsRegistry(sources: MetricsSources): {
  contentType: string;
  metrics(): Promise<string>;
} {
  const registry = new Registry();
  // Several metrics are about servers, and asking for them reads the memory of every process.
  let servers: ReturnType<MetricsSources['servers']> = [];
  addTraffic(registry, sources);
  addServers(registry, () => servers);
  addProcess(registry, sources);
  return {
    contentType: registry.contentType,
    metrics() {
      servers = sources.servers();
      return registry.metrics();
    },
  };
}

function addTraffic(registry: Registry, sources: MetricsSources): void {
  const labelled = new Set<string>();
  const toolLabel = (server: string, tool: string): string => {
    const key = `${server}\0${tool}`;
    if (!labelled.has(key) && labelled.size >= MAX_TOOL_LABELS) return OTHER;
    labelled.add(key);
    return tool;
  };
  counter(registry, {
    name: 'patchbay_exchanges_total',
    help: 'Requests that passed the hub, by outcome.',
    labelNames: ['server', 'tool', 'outcome'],
    read: (add) => {
      for (const { server, tool, outcome, count } of sources.exchanges()) {
        if (outcome !== 'pending') add({ server, tool: toolLabel(server, tool), outcome }, count);
      }
    },
  });
  counter(registry, {
    name: 'patchbay_dropped_exchanges_total',
    help: 'Exchanges that were not kept in the traffic log because a bound was hit.',
    read: (add) => add({}, sources.dropped()),
  });
  registry.registerMetric(durationHistogram(sources));
  gauge(registry, {
    name: 'patchbay_alerts_firing',
    help: 'Alert rules of the hub that hold now, by what they hold for.',
    labelNames: ['rule', 'server', 'tool'],
    read: (add) => {
      for (const { rule, server, tool, state } of sources.alerts()) {
        if (state === 'firing') add({ rule, server, tool: tool ?? '' }, 1);
      }
    },
  });
  gauge(registry, {
    name: 'patchbay_sessions',
    help: 'Conversations of clients with the hub.',
    labelNames: ['transport', 'era'],
    read: (add) => {
      for (const { transport, era } of sources.sessions()) add({ transport, era: era ?? 'unknown' }, 1);
    },
  });
  for (const [name, member, help] of [
    ['patchbay_upstream_in_flight', 'inFlight', 'Calls that shared servers are working on.'],
    ['patchbay_upstream_queued', 'queued', 'Calls that wait for their turn at a shared server.'],
  ] as const) {
    gauge(registry, {
      name,
      help,
      labelNames: ['server'],
      read: (add) => {
        for (const view of sources.upstreams()) add({ server: view.server }, view[member]);
      },
    });
  }
}

function addServers(registry: Registry, servers: MetricsSources['servers']): void {
  gauge(registry, {
    name: 'patchbay_instances',
    help: 'Live processes and connections of servers.',
    labelNames: ['server', 'state'],
    read: (add) => {
      for (const { name, instances } of servers()) {
        // A server without a process is a zero, not a gap in the graph.
        add({ server: name, state: 'running' }, 0);
        for (const { state } of instances) add({ server: name, state }, 1);
      }
    },
  });
  gauge(registry, {
    name: 'patchbay_instance_memory_bytes',
    help: 'Resident memory of all processes of a server.',
    labelNames: ['server'],
    read: (add) => {
      for (const { name, instances } of servers()) {
        add(
          { server: name },
          instances.reduce((sum, { rssBytes }) => sum + (rssBytes ?? 0), 0),
        );
      }
    },
  });
  gauge(registry, {
    name: 'patchbay_server_failed',
    help: '1 where a server does not run and will not by itself.',
    labelNames: ['server'],
    read: (add) => {
      for (const { name, state } of servers()) add({ server: name }, state === 'failed' ? 1 : 0);
    },
  });
  counter(registry, {
    name: 'patchbay_restarts_total',
    help: 'Times a server was started again after it had ended by itself.',
    labelNames: ['server'],
    read: (add) => {
      for (const { name, restarts } of servers()) add({ server: name }, restarts);
    },
  });
}

/** By hand: the library's own set keeps a monitor and an observer running from the first scrape on. */
function addProcess(registry: Registry, sources: MetricsSources): void {
  gauge(registry, {
    name: 'patchbay_info',
    help: 'Version of the hub and its runtime.',
    labelNames: ['version', 'node'],
    read: (add) => add({ version: sources.version, node: process.version }, 1),
  });
  gauge(registry, {
    name: 'patchbay_event_loop_delay_seconds',
    help: 'How late the event loop was, since the hub started.',
    labelNames: ['quantile'],
    read: (add) => {
      const { p50Ms, p99Ms, maxMs } = sources.eventLoop();
      for (const [quantile, ms] of [
        ['0.5', p50Ms],
        ['0.99', p99Ms],
        ['1', maxMs],
      ] as const) {
        add({ quantile }, ms / 1_000);
      }
    },
  });
  counter(registry, {
    name: 'patchbay_event_loop_blocked_total',
    help: 'Times the event loop stood still for 200 ms or longer.',
    read: (add) => add({}, sources.eventLoop().blocked),
  });
  counter(registry, {
    name: 'process_cpu_seconds_total',
    help: 'Processor time of the hub, user and system.',
    read: (add) => {
      const { user, system } = process.cpuUsage();
      add({}, (user + system) / 1_000_000);
    },
  });
  gauge(registry, {
    name: 'process_resident_memory_bytes',
    help: 'Resident memory of the hub.',
    read: (add) => add({}, process.memoryUsage.rss()),
  });
  gauge(registry, {
    name: 'nodejs_heap_size_used_bytes',
    help: 'JavaScript heap in use.',
    read: (add) => add({}, process.memoryUsage().heapUsed),
  });
  gauge(registry, {
    name: 'process_start_time_seconds',
    help: 'When the hub started, in seconds since the epoch.',
    read: (add) => add({}, Math.round(Date.now() / 1_000 - process.uptime())),
  });
}

interface Reading {
  name: string;
  help: string;
  labelNames?: readonly string[];
  read(add: (labels: Record<string, string>, value: number) => void): void;
}

/** A counter whose value is kept elsewhere and read at scrape time. */
function counter(registry: Registry, { read, labelNames = [], ...rest }: Reading): void {
  const metric = new Counter({
    ...rest,
    labelNames: [...labelNames],
    registers: [registry],
    collect() {
      this.reset();
      read((labels, value) => metric.inc(labels, value));
    },
  });
}

function gauge(registry: Registry, { read, labelNames = [], ...rest }: Reading): void {
  const metric = new Gauge({
    ...rest,
    labelNames: [...labelNames],
    registers: [registry],
    collect() {
      this.reset();
      read((labels, value) => metric.inc(labels, value));
    },
  });
}

/** The library's histogram counts call by call; this one is given its buckets when it is read. */
function durationHistogram({ durations }: MetricsSources): Histogram {
  const name = 'patchbay_exchange_duration_seconds';
  const help = 'How long answered calls took, the hub included.';
  const values = (): { metricName: string; labels: Record<string, string>; value: number }[] =>
    [...durations()].flatMap(({ server, count, sumSeconds, durations: fine }) => {
      const buckets = DURATION_BUCKETS.map(() => 0);
      for (const [seconds, calls] of fine) {
        const bucket = DURATION_BUCKETS.findIndex((bound) => seconds <= bound);
        if (bucket !== -1) buckets[bucket]! += calls;
      }
      let below = 0;
      return [
        ...DURATION_BUCKETS.map((bound, index) => ({
          metricName: `${name}_bucket`,
          labels: { server, le: String(bound) },
          value: (below += buckets[index]!),
        })),
        { metricName: `${name}_bucket`, labels: { server, le: '+Inf' }, value: count },
        { metricName: `${name}_sum`, labels: { server }, value: sumSeconds },
        { metricName: `${name}_count`, labels: { server }, value: count },
      ];
    });
  const histogram = new Histogram({
    name,
    help,
    labelNames: ['server'],
    buckets: DURATION_BUCKETS,
    registers: [],
  });
  const reading = async (): Promise<unknown> => ({ name, help, type: 'histogram', values: values() });
  return Object.assign(histogram, { get: reading, getForPromString: reading });
}
