import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openAlerts, type AlertService } from '../../../electron/hub/alerts/alert-service.ts';
import { createChanges, type Changes } from '../../../electron/hub/changes.ts';
import { TrafficTotals } from '../../../electron/hub/traffic/summary.ts';
import { ALERT_TEMPLATES, AlertRule } from '../../../shared/model/alert.ts';
import type { Exchange } from '../../../shared/model/exchange.ts';
import type { ServerView } from '../../../shared/model/server.ts';
import { exchange } from '../traffic/exchange-fixture.ts';

const MINUTE = 60_000;

let folder: string;
let changes: Changes;
let totals: TrafficTotals;
let servers: Pick<ServerView, 'name' | 'state'>[];
let logged: [level: string, event: string, rule: unknown, server: unknown][];
let said: number;
let alerts: AlertService;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_700_000_000_000 });
  folder = mkdtempSync(path.join(os.tmpdir(), 'patchbay-alerts-'));
  changes = createChanges();
  totals = new TrafficTotals();
  servers = [{ name: 'github', state: 'idle' }];
  logged = [];
  said = 0;
  changes.subscribe((topic) => void (topic === 'alerts' && (said += 1)));
  alerts = open();
});

afterEach(async () => {
  await alerts.close();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

const open = (): AlertService =>
  openAlerts({
    file: path.join(folder, 'alerts.json'),
    stateFile: path.join(folder, 'alert-states.json'),
    logger: {
      log: (level, event, { rule, server } = {}) => void logged.push([level, event, rule, server]),
    },
    changes,
    calls: () => totals.tools(),
    servers: () => servers,
    isEnding: () => false,
  });

const template = (id: string, changed: Partial<AlertRule> = {}): AlertRule => ({
  ...ALERT_TEMPLATES.find((rule) => rule.id === id)!,
  ...changed,
});

/** `count` calls now. */
function calls(count: number, changed: Partial<Exchange> = {}): void {
  for (let index = 0; index < count; index += 1) totals.record(exchange(changed));
}

/** Minutes in each of which the same happens. */
async function minutes(count: number, happens: () => void = () => {}): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    happens();
    await vi.advanceTimersByTimeAsync(MINUTE);
  }
}

const states = (): string[] => alerts.list().map(({ rule, server, state }) => `${rule} ${server} ${state}`);

describe('rules', () => {
  test('are none until somebody sets one up, and outlive the hub', async () => {
    expect(alerts.rules()).toEqual([]);
    const rule = template('slow-calls', { server: 'github' });
    expect(await alerts.save(rule)).toEqual(rule);
    await alerts.save(template('server-down'));
    await alerts.save({ ...rule, threshold: 100 });
    await alerts.close();
    alerts = open();
    expect(alerts.rules()).toEqual([{ ...rule, threshold: 100 }, template('server-down')]);
    await alerts.remove('slow-calls');
    expect(JSON.parse(readFileSync(path.join(folder, 'alerts.json'), 'utf8'))).toEqual({
      rules: [template('server-down')],
    });
    expect(said).toBe(4);
    await expect(alerts.remove('slow-calls')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('that make no sense are refused', async () => {
    for (const rule of [
      template('server-down', { tool: 'x' }),
      template('failing-calls', { threshold: 100 }),
    ]) {
      await expect(alerts.save(rule)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    }
    for (let index = 0; index < 100; index += 1)
      await alerts.save(template('slow-calls', { id: `r${index}` }));
    await expect(alerts.save(template('slow-calls'))).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await alerts.save(template('slow-calls', { id: 'r7', name: 'Seven' }));
  });

  test('that are offered are rules', () => {
    for (const offered of ALERT_TEMPLATES) expect(AlertRule.parse(offered)).toEqual(offered);
    expect(new Set(ALERT_TEMPLATES.map(({ id }) => id)).size).toBe(ALERT_TEMPLATES.length);
  });
});

describe('slow calls', () => {
  beforeEach(() => alerts.save(template('slow-calls')));
  const slow = (): void => calls(25, { durationMs: 6_000 });

  test('are pending, fire when they have been slow for five minutes, and are over when they are not', async () => {
    await minutes(1, slow);
    expect(alerts.list()).toMatchObject([
      {
        state: 'pending',
        server: 'github',
        tool: null,
        threshold: 5_000,
        since: Date.now(),
        resolvedAt: null,
      },
    ]);
    expect(alerts.list()[0]!.value / 6_000).toBeCloseTo(1, 1);
    await minutes(4, slow);
    expect(states()).toEqual(['slow-calls github pending']);
    const before = said;
    await minutes(1, slow);
    expect(states()).toEqual(['slow-calls github firing']);
    expect(said).toBe(before + 1);
    expect(logged).toEqual([['warn', 'alert.firing', 'slow-calls', 'github']]);
    // The window is five minutes long, and one slow minute in it is enough for the slowest percent.
    await minutes(4, () => calls(25));
    expect(states()).toEqual(['slow-calls github firing']);
    await minutes(1, () => calls(25));
    expect(alerts.list()).toMatchObject([{ state: 'resolved', resolvedAt: Date.now() }]);
    expect(logged.at(-1)).toEqual(['info', 'alert.resolved', 'slow-calls', 'github']);
  });

  test('of one minute alone never fire', async () => {
    await minutes(1, slow);
    await minutes(10, () => calls(5));
    expect(states()).toEqual([]);
    expect(logged).toEqual([]);
  });

  test('say nothing when they are few', async () => {
    await minutes(8, () => calls(3, { durationMs: 60_000 }));
    expect(states()).toEqual([]);
  });

  test('count when they end, however long ago they began', async () => {
    await minutes(6, () => calls(25, { at: Date.now() - 30 * MINUTE, durationMs: 30 * MINUTE }));
    expect(states()).toEqual(['slow-calls github firing']);
  });

  test('are looked at for each server by itself', async () => {
    await minutes(6, () => {
      slow();
      calls(1_000, { server: 'files' });
      calls(25, { server: 'other', durationMs: 9_000 });
    });
    expect(states().toSorted()).toEqual(['slow-calls github firing', 'slow-calls other firing']);
  });

  test('of an hour ago are no part of it after a sleep', async () => {
    await minutes(3, slow);
    expect(states()).toEqual(['slow-calls github pending']);
    vi.setSystemTime(Date.now() + 60 * MINUTE);
    await minutes(1, slow);
    expect(alerts.list()).toMatchObject([{ state: 'pending', since: Date.now() }]);
  });

  test('that fire are over when the rule changes, is switched off or goes', async () => {
    await minutes(6, slow);
    await alerts.save(template('slow-calls', { threshold: 60_000 }));
    expect(states()).toEqual(['slow-calls github resolved']);
    await alerts.save(template('slow-calls'));
    await minutes(6, slow);
    await alerts.save(template('slow-calls', { enabled: false }));
    await minutes(6, slow);
    expect(states()).toEqual(['slow-calls github resolved', 'slow-calls github resolved']);
    await alerts.save(template('slow-calls'));
    await minutes(7, slow);
    expect(states()[0]).toBe('slow-calls github firing');
    await alerts.remove('slow-calls');
    expect(states()).toHaveLength(3);
    expect(new Set(states())).toEqual(new Set(['slow-calls github resolved']));
  });
});

describe('failing calls', () => {
  test('of one tool are told apart from the others', async () => {
    await alerts.save(template('failing-calls', { tool: 'create_issue', server: 'github' }));
    await minutes(6, () => {
      calls(7);
      calls(3, { outcome: 'tool-error' });
      calls(10, { server: 'other', outcome: 'error' });
      calls(10, { tool: 'list', outcome: 'lost' });
    });
    expect(alerts.list()).toMatchObject([
      {
        rule: 'failing-calls',
        server: 'github',
        tool: 'create_issue',
        state: 'firing',
        value: 30,
        threshold: 20,
      },
    ]);
  });

  test('are those of the window, not of all time', async () => {
    calls(10_000);
    await alerts.save(template('failing-calls'));
    calls(10_000);
    await minutes(1);
    await minutes(10, () => calls(5, { outcome: 'lost' }));
    expect(states()).toEqual(['failing-calls github firing']);
    expect(alerts.list()[0]!.value).toBe(100);
  });

  test('at the threshold are not above it', async () => {
    await alerts.save(template('failing-calls'));
    await minutes(8, () => {
      calls(8);
      calls(2, { outcome: 'error' });
    });
    expect(states()).toEqual([]);
  });
});

describe('a server that is down', () => {
  beforeEach(() => alerts.save(template('server-down')));
  const becomes = (state: ServerView['state']): void => {
    servers = [{ name: 'github', state }];
    changes.emit('servers');
  };

  test('is noticed at once, fires a minute later, and is over as soon as it is back', async () => {
    await vi.advanceTimersByTimeAsync(20_000);
    becomes('failed');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(alerts.list()).toMatchObject([{ state: 'pending', server: 'github', tool: null, value: 1 }]);
    await vi.advanceTimersByTimeAsync(2 * MINUTE);
    expect(states()).toEqual(['server-down github firing']);
    becomes('running');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(states()).toEqual(['server-down github resolved']);
    expect(logged.map(([, event]) => event)).toEqual(['alert.firing', 'alert.resolved']);
  });

  test('for a moment alarms nobody', async () => {
    becomes('failed');
    await vi.advanceTimersByTimeAsync(30_000);
    becomes('running');
    await vi.advanceTimersByTimeAsync(5 * MINUTE);
    expect(states()).toEqual([]);
  });

  test('is none when it is switched off or another one is meant', async () => {
    await alerts.save(template('server-down', { server: 'files' }));
    becomes('failed');
    await minutes(3);
    becomes('disabled');
    await alerts.save(template('server-down'));
    await minutes(3);
    expect(states()).toEqual([]);
  });
});

test('alerts are bounded: active ones, and resolved ones', async () => {
  await alerts.save(template('failing-calls'));
  await minutes(6, () => {
    for (let index = 0; index < 1_200; index += 1) calls(10, { server: `s${index}`, outcome: 'lost' });
  });
  expect(alerts.list()).toHaveLength(1_000);
  await minutes(6);
  expect(alerts.list()).toHaveLength(100);
});
