import { expect, test } from 'vitest';
import { TrafficTotals } from '../../../electron/hub/traffic/summary.ts';
import { exchange } from './exchange-fixture.ts';

test('calls are counted by server, tool and outcome, and only ever more', () => {
  const totals = new TrafficTotals();
  for (const outcome of ['ok', 'ok', 'error', 'lost', 'cancelled', 'tool-error'] as const)
    totals.record(exchange({ outcome }));
  totals.record(exchange({ method: 'tools/list', tool: null, server: '__proto__' }));
  expect([...totals.exchanges()]).toEqual([
    { server: 'github', tool: 'create_issue', outcome: 'ok', count: 2 },
    { server: 'github', tool: 'create_issue', outcome: 'cancelled', count: 1 },
    { server: 'github', tool: 'create_issue', outcome: 'error', count: 1 },
    { server: 'github', tool: 'create_issue', outcome: 'tool-error', count: 1 },
    { server: 'github', tool: 'create_issue', outcome: 'lost', count: 1 },
    { server: '__proto__', tool: 'tools/list', outcome: 'ok', count: 1 },
  ]);
});

test('durations are those of answered calls, in seconds', () => {
  const totals = new TrafficTotals();
  for (const durationMs of [10, 10, 2_000]) totals.record(exchange({ durationMs }));
  totals.record(exchange({ outcome: 'cancelled', durationMs: 60_000 }));
  totals.record(exchange({ outcome: 'lost', durationMs: null }));
  const [github] = [...totals.durations()];
  expect(github).toMatchObject({ server: 'github', count: 3, sumSeconds: 2.02 });
  expect(github!.durations.map(([, calls]) => calls)).toEqual([2, 1]);
  for (const [index, exact] of [0.01, 2].entries())
    expect(github!.durations[index]![0] / exact).toBeCloseTo(1, 1);
});

test('names without end are counted together', () => {
  const totals = new TrafficTotals();
  for (let index = 0; index < 5_000; index += 1) {
    totals.record(exchange({ tool: `t${index}` }));
    totals.record(exchange({ server: `s${index}` }));
  }
  const counts = [...totals.exchanges()];
  expect(counts.length).toBeLessThanOrEqual(2_010);
  expect(counts.reduce((sum, { count }) => sum + count, 0)).toBe(10_000);
  expect([...totals.durations()].length).toBeLessThanOrEqual(2_010);
});
