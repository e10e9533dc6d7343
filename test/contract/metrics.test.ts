import { describe, expect, it } from 'vitest';
import { createHealth } from '../../electron/hub/api/health.ts';
import { createMetrics, type ExchangeCount, type MetricsSources } from '../../electron/hub/api/metrics.ts';
import type { InstanceView } from '../../shared/model/server.ts';

const eventLoop = { meanMs: 1, p50Ms: 0.5, p99Ms: 12, maxMs: 250, blocked: 1 };

const instance = (state: InstanceView['state'], rssBytes: number | null): InstanceView => ({
  id: 'i',
  state,
  pid: 1,
  startedAt: 0,
  sessionId: 's',
  client: 'c',
  cwd: '/',
  rssBytes,
  cpuPercent: null,
});

function sources(exchanges: ExchangeCount[]): MetricsSources {
  return {
    version: '1.2.3',
    exchanges: () => exchanges,
    durations: () => [
      {
        server: 'github',
        count: 5,
        sumSeconds: 702.5,
        durations: [
          [0.3, 2],
          [0.001, 1],
          [2, 1],
          [700, 1],
        ],
      },
    ],
    dropped: () => 4,
    sessions: () => [
      { transport: 'shim', era: 'legacy' },
      { transport: 'shim', era: 'legacy' },
      { transport: 'http', era: null },
    ],
    servers: () => [
      {
        name: 'github',
        state: 'failed',
        instances: [instance('running', 100), instance('running', 50), instance('stopping', null)],
        restarts: 3,
      },
      { name: 'id"le\\\n', state: 'idle', instances: [], restarts: 0 },
    ],
    upstreams: () => [
      { server: 'github', inFlight: 2, queued: 1 },
      { server: 'github', inFlight: 3, queued: 0 },
    ],
    alerts: () => [
      { rule: 'slow-calls', server: 'github', tool: null, state: 'firing' },
      { rule: 'slow-calls', server: 'files', tool: null, state: 'pending' },
      { rule: 'failing', server: 'github', tool: 'x', state: 'firing' },
      { rule: 'failing', server: 'github', tool: 'x', state: 'resolved' },
    ],
    eventLoop: () => eventLoop,
  };
}

interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

/** Reads the exposition format strictly: a line that fits no rule fails the test. */
function parse(text: string): { samples: Sample[]; types: Map<string, string> } {
  const samples: Sample[] = [];
  const types = new Map<string, string>();
  for (const line of text.split('\n')) {
    if (line === '' || /^# HELP [a-z_]+ \S/.test(line)) continue;
    const type = /^# TYPE ([a-z_]+) (counter|gauge|histogram)$/.exec(line);
    if (type) {
      expect(types.has(type[1]!)).toBe(false);
      types.set(type[1]!, type[2]!);
      continue;
    }
    const sample = /^([a-z_]+)(?:\{((?:[a-z_]+="(?:[^"\\\n]|\\["\\n])*",?)+)\})? (\S+)$/.exec(line);
    if (!sample) throw new Error(`No sample: ${line}`);
    const labels = [...(sample[2] ?? '').matchAll(/([a-z_]+)="((?:[^"\\]|\\.)*)"/g)];
    expect(Number.isNaN(Number(sample[3]))).toBe(false);
    samples.push({
      name: sample[1]!,
      labels: Object.fromEntries(labels.map(([, name, value]) => [name!, value!])),
      value: Number(sample[3]),
    });
  }
  return { samples, types };
}

const scrape = async (from: MetricsSources) => parse((await createMetrics(from).scrape()).text);

describe('/metrics', () => {
  it('says what the sources say, in text a Prometheus server can read', async () => {
    const exchanges: ExchangeCount[] = [
      { server: 'github', tool: 'create_issue', outcome: 'ok', count: 7 },
      { server: 'github', tool: 'create_issue', outcome: 'tool-error', count: 2 },
      { server: 'github', tool: 'create_issue', outcome: 'pending', count: 1 },
    ];
    const { samples, types } = await scrape(sources(exchanges));
    const of = (name: string): unknown[] =>
      samples.filter((sample) => sample.name === name).map(({ labels, value }) => [labels, value]);
    expect(of('patchbay_exchanges_total')).toEqual([
      [{ server: 'github', tool: 'create_issue', outcome: 'ok' }, 7],
      [{ server: 'github', tool: 'create_issue', outcome: 'tool-error' }, 2],
    ]);
    expect(of('patchbay_sessions')).toEqual([
      [{ transport: 'shim', era: 'legacy' }, 2],
      [{ transport: 'http', era: 'unknown' }, 1],
    ]);
    expect(of('patchbay_instances')).toEqual([
      [{ server: 'github', state: 'running' }, 2],
      [{ server: 'github', state: 'stopping' }, 1],
      [{ server: 'id\\"le\\\\\\n', state: 'running' }, 0],
    ]);
    expect(of('patchbay_instance_memory_bytes')[0]).toEqual([{ server: 'github' }, 150]);
    expect(of('patchbay_restarts_total')[0]).toEqual([{ server: 'github' }, 3]);
    expect(of('patchbay_server_failed').map((sample) => (sample as unknown[])[1])).toEqual([1, 0]);
    expect(of('patchbay_alerts_firing')).toEqual([
      [{ rule: 'slow-calls', server: 'github', tool: '' }, 1],
      [{ rule: 'failing', server: 'github', tool: 'x' }, 1],
    ]);
    expect(of('patchbay_dropped_exchanges_total')).toEqual([[{}, 4]]);
    expect(of('patchbay_upstream_in_flight')).toEqual([[{ server: 'github' }, 5]]);
    expect(of('patchbay_upstream_queued')).toEqual([[{ server: 'github' }, 1]]);
    expect(of('patchbay_event_loop_delay_seconds')).toContainEqual([{ quantile: '0.99' }, 0.012]);
    expect(of('process_resident_memory_bytes')[0]).toEqual([{}, expect.any(Number)]);
    expect(types.get('patchbay_exchange_duration_seconds')).toBe('histogram');
    expect([...types.values()].length).toBeGreaterThan(12);
  });

  it('gives durations as a histogram that adds up', async () => {
    const { samples } = await scrape(sources([]));
    const buckets = samples.filter(({ name }) => name === 'patchbay_exchange_duration_seconds_bucket');
    const at = (le: string): number | undefined => buckets.find(({ labels }) => labels.le === le)?.value;
    expect([at('0.001'), at('0.25'), at('0.5'), at('1'), at('2.5'), at('300'), at('+Inf')]).toEqual([
      1, 1, 3, 3, 4, 4, 5,
    ]);
    const values = buckets.map(({ value }) => value);
    expect(values).toEqual(values.toSorted((a, b) => a - b));
    expect(samples.find(({ name }) => name.endsWith('_sum'))?.value).toBe(702.5);
    expect(samples.find(({ name }) => name.endsWith('_count'))?.value).toBe(5);
  });

  it('counts anew at every scrape instead of adding up, and keeps the number of labels bounded', async () => {
    const exchanges = Array.from({ length: 1_500 }, (_, index): ExchangeCount => ({
      server: 'hostile',
      tool: `t${index}`,
      outcome: 'ok',
      count: 1,
    }));
    const metrics = createMetrics(sources(exchanges));
    await metrics.scrape();
    exchanges.reverse();
    const { samples } = parse((await metrics.scrape()).text);
    const counts = samples.filter(({ name }) => name === 'patchbay_exchanges_total');
    expect(counts.length).toBe(1_001);
    expect(counts.find(({ labels }) => labels.tool === 't0')?.value).toBe(1);
    expect(counts.find(({ labels }) => labels.tool === 'other')?.value).toBe(500);
  });

  it('keeps two hubs in one process apart', async () => {
    const first = await scrape(sources([{ server: 'a', tool: 't', outcome: 'ok', count: 1 }]));
    const second = await scrape(sources([]));
    expect(first.samples.some(({ name }) => name === 'patchbay_exchanges_total')).toBe(true);
    expect(second.samples.some(({ name }) => name === 'patchbay_exchanges_total')).toBe(false);
  });
});

describe('/health', () => {
  const health = createHealth(
    { version: '1.2.3', startedAt: 1_000, sessions: () => [], eventLoop: () => eventLoop },
    () => 91_499,
  );

  it('E50: says "ok" and nothing else to a caller without the token', () => {
    expect(health.report(false)).toEqual({ status: 'ok' });
  });

  it('says more to one with it', () => {
    expect(health.report(true)).toEqual({
      status: 'ok',
      version: '1.2.3',
      pid: process.pid,
      uptimeSeconds: 90,
      eventLoopDelay: eventLoop,
    });
    expect(health.sessions()).toEqual({ sessions: [] });
  });
});
