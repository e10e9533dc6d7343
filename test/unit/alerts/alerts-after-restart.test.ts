import {
  copyFileSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openAlerts, type AlertService } from '../../../electron/hub/alerts/alert-service.ts';
import { createChanges, type Changes } from '../../../electron/hub/changes.ts';
import { TrafficTotals } from '../../../electron/hub/traffic/summary.ts';
import { ALERT_TEMPLATES, type AlertRule } from '../../../shared/model/alert.ts';
import type { ServerState } from '../../../shared/model/server.ts';
import { exchange } from '../traffic/exchange-fixture.ts';

const MINUTE = 60_000;

let folder: string;
let changes: Changes;
let totals: TrafficTotals;
let state: ServerState;
let isEnding: boolean;
let told: string[];
let alerts: AlertService;

const file = (): string => path.join(folder, 'alert-states.json');

/** A new hub over the same folder: its counters begin at nothing, and it has tried no server. */
function open(): void {
  changes = createChanges();
  totals = new TrafficTotals();
  state = 'idle';
  isEnding = false;
  alerts = openAlerts({
    file: path.join(folder, 'alerts.json'),
    stateFile: file(),
    logger: {
      log: (_, event, { server } = {}) => void told.push(server ? `${event} ${String(server)}` : event),
    },
    changes,
    calls: () => totals.tools(),
    servers: () => [{ name: 'github', state }],
    isEnding: () => isEnding,
  });
}

beforeEach(() => {
  vi.useFakeTimers({ now: 1_700_000_000_000 });
  folder = mkdtempSync(path.join(os.tmpdir(), 'patchbay-alert-states-'));
  told = [];
  open();
});
afterEach(async () => {
  await alerts.close();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

/** Ends the hub as an upgrade does, and starts the next one later. */
async function restart(awayMs = 5_000): Promise<void> {
  await alerts.close();
  vi.setSystemTime(Date.now() + awayMs);
  open();
}
/** As `restart`, with the file as it was on disk while the hub ran. */
async function killAndRestart(awayMs = 5_000): Promise<void> {
  const left = path.join(folder, 'left');
  copyFileSync(file(), left);
  await alerts.close();
  copyFileSync(left, file());
  vi.setSystemTime(Date.now() + awayMs);
  open();
}

const slow = (count = 25): void => {
  for (let call = 0; call < count; call += 1) totals.record(exchange({ durationMs: 6_000 }));
};
const fast = (count: number): void => {
  for (let call = 0; call < count; call += 1) totals.record(exchange({ durationMs: 5 }));
};
async function minutes(count: number, happens: () => void = () => {}): Promise<void> {
  for (let minute = 0; minute < count; minute += 1) {
    happens();
    await vi.advanceTimersByTimeAsync(MINUTE);
  }
}
async function becomes(next: ServerState): Promise<void> {
  state = next;
  changes.emit('servers');
  await vi.advanceTimersByTimeAsync(1_000);
}

const save = (id: string, changed: Partial<AlertRule> = {}): Promise<AlertRule> =>
  alerts.save({ ...ALERT_TEMPLATES.find((rule) => rule.id === id)!, ...changed });
const states = (): string[] => alerts.list().map((alert) => alert.state);
const onDisk = (): string => readFileSync(file(), 'utf8');
/** What was done has reached the disk. */
const written = (text: string): Promise<void> => vi.waitFor(() => expect(onDisk()).toContain(text));

describe('an alert that fires', () => {
  let since: number;
  beforeEach(async () => {
    await save('slow-calls');
    await minutes(6, slow);
    since = alerts.list()[0]!.since;
    expect(states()).toEqual(['firing']);
    await written('"firing"');
  });
  const once = ['alert.firing github'];

  test.each([
    ['a restart', restart],
    ['an hour without a hub', () => restart(60 * MINUTE)],
    ['kill -9', killAndRestart],
  ])('fires on after %s, since the same moment, and is told no second time', async (_, again) => {
    await again();
    expect(alerts.list()).toMatchObject([{ state: 'firing', since, name: 'Slow calls', threshold: 5_000 }]);
    expect(alerts.list()[0]!.value).toBeGreaterThan(5_000);
    await minutes(1);
    await minutes(7, slow);
    expect(alerts.list()).toMatchObject([{ state: 'firing', since }]);
    expect(told).toEqual(once);
    await restart();
    expect(alerts.list()).toMatchObject([{ state: 'firing', since }]);
    expect(told).toEqual(once);
  });

  test('is over, and told once, when a whole window has brought nothing of the kind', async () => {
    await restart();
    await minutes(4);
    expect(states()).toEqual(['firing']);
    await minutes(1);
    expect(alerts.list()).toMatchObject([{ state: 'resolved', since, resolvedAt: Date.now() }]);
    await restart();
    await minutes(8);
    expect(alerts.list()).toMatchObject([{ state: 'resolved', since }]);
    expect(told).toEqual([...once, 'alert.resolved github']);
  });

  test('is over as soon as enough calls say so', async () => {
    await restart();
    await minutes(1, () => fast(10));
    expect(states()).toEqual(['firing']);
    await minutes(1, () => fast(10));
    expect(states()).toEqual(['resolved']);
  });

  test.each<[string, Partial<AlertRule>[]]>([
    ['was changed', [{ ...ALERT_TEMPLATES[0]!, threshold: 5_001 }]],
    ['was switched off', [{ ...ALERT_TEMPLATES[0]!, enabled: false }]],
    ['was removed', []],
  ])('is over when its rule %s while no hub ran', async (_, rules) => {
    await alerts.close();
    writeFileSync(path.join(folder, 'alerts.json'), JSON.stringify({ rules }));
    open();
    expect(states()).toEqual(['resolved']);
    await restart();
    expect(told).toEqual([...once, 'alert.resolved github']);
  });

  test('of a rule that is removed is not there after kill -9 either', async () => {
    await alerts.remove('slow-calls');
    await written('"resolved"');
    await killAndRestart();
    expect(states()).toEqual(['resolved']);
    expect(told).toEqual([...once, 'alert.resolved github']);
  });

  test('is not written again for another figure alone', async () => {
    const writtenAt = (): bigint => statSync(file(), { bigint: true }).mtimeNs;
    const before = writtenAt();
    await minutes(3, () => slow(40));
    expect(states()).toEqual(['firing']);
    expect(writtenAt()).toBe(before);
  });
});

describe('an alert that is pending', () => {
  test.each([
    ['a restart', restart],
    ['kill -9', killAndRestart],
  ])('goes on where it was after %s', async (_, again) => {
    await save('slow-calls');
    await minutes(4, slow);
    const [{ since } = { since: 0 }] = alerts.list();
    await written(`"seenAt": ${Date.now()}`);
    await again();
    expect(alerts.list()).toMatchObject([{ state: 'pending', since }]);
    await minutes(2, slow);
    expect(alerts.list()).toMatchObject([{ state: 'firing', since }]);
    expect(told).toEqual(['alert.firing github']);
  });

  test('begins anew when nobody looked for longer than a machine needs to start', async () => {
    await save('slow-calls');
    await minutes(4, slow);
    await restart(4 * MINUTE);
    expect(states()).toEqual([]);
    await minutes(1, slow);
    expect(alerts.list()).toMatchObject([{ state: 'pending', since: Date.now() }]);
  });

  test('never fires unless it is seen to hold', async () => {
    await save('slow-calls');
    await minutes(5, slow);
    await restart();
    await minutes(10);
    expect(states()).toEqual([]);
    expect(told).toEqual([]);
  });
});

describe('a server that is down', () => {
  beforeEach(async () => {
    await save('server-down');
    await becomes('failed');
    await minutes(2);
    expect(states()).toEqual(['firing']);
  });

  test('is believed to be while the next hub has yet to try it', async () => {
    // The hub ends its servers before it ends.
    isEnding = true;
    await becomes('idle');
    const [{ since } = { since: 0 }] = alerts.list();
    await restart();
    await becomes('idle');
    await becomes('starting');
    await minutes(1);
    await becomes('failed');
    await minutes(5);
    expect(alerts.list()).toMatchObject([{ state: 'firing', since }]);
    expect(told).toEqual(['alert.firing github']);
  });

  test.each<ServerState>(['running', 'disabled'])('is well again at once when it is %s', async (next) => {
    await restart();
    await becomes(next);
    expect(states()).toEqual(['resolved']);
    await restart();
    await becomes('failed');
    expect(states()).toEqual(['pending', 'resolved']);
    expect(told).toEqual(['alert.firing github', 'alert.resolved github']);
  });

  test('is none that nobody uses any more', async () => {
    await restart();
    await minutes(1);
    expect(states()).toEqual(['firing']);
    await minutes(1);
    expect(states()).toEqual(['resolved']);
  });
});

test('the file is for its owner only, bounded, and set aside when it is damaged', async () => {
  await save('slow-calls');
  await minutes(6, () => {
    for (let server = 0; server < 1_200; server += 1)
      for (let call = 0; call < 20; call += 1)
        totals.record(exchange({ server: `s${server}`, durationMs: 6_000 }));
  });
  await alerts.close();
  if (process.platform !== 'win32') expect(statSync(file()).mode & 0o777).toBe(0o600);
  expect(JSON.parse(onDisk())).toMatchObject({ alerts: { length: 1_000 } });
  open();
  expect(alerts.list()).toHaveLength(1_000);
  await alerts.close();

  writeFileSync(file(), '{"alerts":[{"alert":');
  told = [];
  open();
  expect(alerts.list()).toEqual([]);
  expect(told).toEqual(['list.set-aside']);
  expect(readdirSync(path.join(folder, 'damaged'))).toHaveLength(1);
  await minutes(6, slow);
  expect(states()).toEqual(['firing']);
});
