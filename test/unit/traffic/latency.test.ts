import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HourCounts } from '../../../electron/hub/traffic/hour-counts.ts';
import { LatencyHistogram } from '../../../electron/hub/traffic/latency-histogram.ts';
import { LatencyMinutes } from '../../../electron/hub/traffic/latency-minutes.ts';
import { LatencyTable } from '../../../electron/hub/traffic/latency-table.ts';
import { exchange } from './exchange-fixture.ts';

const MINUTE = 60_000;
const NOW = 28_333_333 * MINUTE;
const FOREVER = Number.MAX_SAFE_INTEGER;

describe('histogram', () => {
  const shares = [0.5, 0.9, 0.99, 1];

  test('every percentile is within 2 % of the exact one', () => {
    const duration = fc.oneof(
      fc.double({ min: 0.001, max: 10, noNaN: true }),
      fc.double({ min: 1, max: 1e7, noNaN: true }),
    );
    fc.assert(
      fc.property(fc.array(duration, { minLength: 1, maxLength: 300 }), (raw) => {
        const durations = raw.map((value) => Math.round(value * 1_000) / 1_000);
        const histogram = new LatencyHistogram();
        for (const value of durations) histogram.record(value);
        const ascending = durations.toSorted((a, b) => a - b);
        for (const [index, found] of histogram.percentiles(shares).entries()) {
          const exact = ascending[Math.max(1, Math.ceil(shares[index]! * durations.length)) - 1]!;
          expect(Math.abs(found - exact)).toBeLessThanOrEqual(exact * 0.02 + 1e-9);
        }
      }),
    );
  });

  test('parts add up to the whole, also across a thread boundary', () => {
    const whole = new LatencyHistogram();
    const parts = [new LatencyHistogram(), new LatencyHistogram()];
    for (let value = 0; value < 1_000; value += 1) {
      whole.record(value);
      parts[value % 2]!.record(value);
    }
    const sum = new LatencyHistogram(structuredClone(parts[0]!.counts));
    sum.merge(parts[1]!);
    expect(sum.percentiles(shares)).toEqual(whole.percentiles(shares));
  });

  test('nothing, nothing negative, nothing endless', () => {
    expect(new LatencyHistogram().percentiles(shares)).toEqual([0, 0, 0, 0]);
    const odd = new LatencyHistogram();
    odd.record(-5);
    odd.record(1e300);
    expect(odd.percentiles([0.5])).toEqual([0]);
    expect(odd.percentiles([1])[0]).toBeGreaterThan(1e9);
  });
});

describe('table', () => {
  test('one row per server and tool: failures, percentiles of answered calls, slices', () => {
    const table = new LatencyTable();
    for (let index = 1; index <= 100; index += 1)
      table.record(exchange({ at: NOW, durationMs: index, hubMs: 0.05 }));
    table.record(exchange({ at: NOW - 59 * MINUTE, outcome: 'lost', durationMs: null, hubMs: null }));
    table.record(exchange({ at: NOW, outcome: 'cancelled', durationMs: 99_999 }));
    table.record(exchange({ at: NOW, outcome: 'tool-error', durationMs: 50 }));
    table.record(exchange({ at: NOW, method: 'tools/list', tool: null, server: '__proto__' }));
    const [first, second] = table.report(NOW - 59 * MINUTE, NOW);
    expect(first).toMatchObject({
      server: 'github',
      tool: 'create_issue',
      count: 103,
      errors: 2,
      maxMs: 100,
    });
    expect(first!.p50Ms / 50).toBeCloseTo(1, 1);
    expect(first!.p99Ms).toBeLessThanOrEqual(100);
    expect(first!.hubP50Ms).toBeCloseTo(0.05, 3);
    expect(first!.spark).toEqual([1, ...Array.from({ length: 28 }, () => 0), 102]);
    expect(second).toMatchObject({ server: '__proto__', tool: 'tools/list', count: 1 });
  });

  test.each([
    [1, 1],
    [10, 10],
    [30, 30],
    [45, 23],
    [60, 30],
    [1_440, 30],
  ])('%i minutes have %i slices', (minutes, slices) => {
    const table = new LatencyTable();
    table.record(exchange({ at: NOW }));
    const [row] = table.report(NOW - minutes * MINUTE, NOW);
    expect(row!.spark.length).toBe(slices);
    expect(row!.spark.at(-1)).toBe(1);
  });

  test('names without end are counted together', () => {
    const table = new LatencyTable();
    for (let index = 0; index < 5_000; index += 1) table.record(exchange({ tool: `t${index}` }));
    const rows = table.report(0, NOW);
    expect(rows.length).toBeLessThanOrEqual(2_002);
    expect(rows[0]).toMatchObject({ tool: '(other)', count: 3_000 });
  });
});

describe('minutes', () => {
  test('count from a minute on', () => {
    const minutes = new LatencyMinutes(NOW - 10 * MINUTE);
    for (const ago of [0, 1, 5]) minutes.record(exchange({ at: NOW - ago * MINUTE }));
    minutes.record(exchange({ at: NOW - 11 * MINUTE }));
    const counts = [0, 1, 4, 20].map(
      (ago) => minutes.between(NOW - ago * MINUTE, FOREVER).report(0, NOW)[0]!.count,
    );
    expect(counts).toEqual([1, 2, 2, 3]);
  });

  test('the oldest go when there are too many, and it says so', () => {
    const minutes = new LatencyMinutes(0);
    for (let minute = 0; minute < 30; minute += 1) {
      for (let tool = 0; tool < 1_000; tool += 1)
        minutes.record(exchange({ at: minute * MINUTE, tool: `t${tool}` }));
    }
    expect(minutes.coversFrom).toBe(10 * MINUTE);
    expect(minutes.between(0, FOREVER).report(0, 29 * MINUTE)[0]!.count).toBe(20);
  });
});

test('counts of the last hour forget what is older', () => {
  const counts = new HourCounts();
  counts.record(exchange(), NOW);
  counts.record(exchange({ outcome: 'lost' }), NOW + 30 * MINUTE);
  counts.record(exchange({ server: '__proto__' }), NOW);
  const at = (minutes: number): unknown => counts.at(NOW + minutes * MINUTE).get('github');
  expect([at(30), at(59), at(60), at(90)]).toEqual([
    { calls: 2, errors: 1 },
    { calls: 2, errors: 1 },
    { calls: 1, errors: 1 },
    { calls: 0, errors: 0 },
  ]);
  counts.record(exchange(), NOW + 90 * MINUTE);
  expect(at(90)).toEqual({ calls: 1, errors: 0 });
  expect(counts.at(NOW).get('__proto__')).toEqual({ calls: 1, errors: 0 });
});
