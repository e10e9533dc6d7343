import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type HubView, NOTHING_KNOWN } from '../../../electron/main/hub-follower.ts';
import { messagesIn } from '../../../electron/main/messages/messages.ts';
import { alertInWords } from '../../../electron/main/news.ts';
import { type Announcement, createNotifier, type Notifier } from '../../../electron/main/notifier.ts';
import { LANGUAGES } from '../../../shared/language/language.ts';
import type { Alert } from '../../../shared/model/alert.ts';
import type { DesktopChoices } from '../../../shared/model/desktop.ts';
import type { Finding } from '../../../shared/model/guardian.ts';
import type { HubStatus } from '../../../shared/model/hub.ts';

const STARTED = Date.UTC(2026, 10, 21, 10);
let told: Announcement[];
let wanted: DesktopChoices['notify'];
let notifier: Notifier;

beforeEach(() => {
  vi.useFakeTimers({ now: STARTED });
  told = [];
  wanted = { alerts: true, serverFailures: true, guardian: true, toolChanges: true };
  notifier = createNotifier({
    isWanted: (kind) => wanted[kind],
    announce: (announcement) => told.push(announcement),
    now: () => Date.now(),
    startedAt: STARTED,
    text: () => messagesIn('en'),
  });
});
afterEach(() => {
  notifier.dispose();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

/** A view in which the named servers have failed. */
const failing = (...names: string[]): HubView => ({
  ...NOTHING_KNOWN,
  status: {
    servers: ['a', 'b', 'c', 'd', 'e'].map((name) => ({
      name,
      state: names.includes(name) ? 'failed' : 'running',
      instances: 1,
    })),
  } as unknown as HubStatus,
});
const withFindings = (...findings: Partial<Finding>[]): HubView => ({
  ...NOTHING_KNOWN,
  findings: findings.map((finding, index) => ({
    id: `f${index}`,
    state: 'open',
    level: 'warning',
    client: 'claude-code',
    message: 'Someone rewrote the config.',
    at: new Date(STARTED + 5).toISOString(),
    ...finding,
  })) as Finding[],
});
const firing = (more: Partial<Alert> = {}): Alert => ({
  rule: 'slow',
  name: 'Slow answers',
  kind: 'p99',
  server: 'github',
  tool: null,
  state: 'firing',
  value: 912.3,
  threshold: 500,
  since: STARTED + 1,
  resolvedAt: null,
  ...more,
});

/** Everything that is due within an hour is shown. */
const wait = (ms = 3_600_000): void => void vi.advanceTimersByTime(ms);

describe('what is told', () => {
  test('a server that fails, with the way to it', () => {
    notifier.update(failing());
    notifier.update(failing('a'));
    wait();
    expect(told).toEqual([
      { title: 'a failed', body: expect.stringContaining('do not answer'), route: '/servers?server=a' },
    ]);
  });

  test('an alert when it fires, in words; not while it is pending, nor when it is over', () => {
    notifier.update({ ...NOTHING_KNOWN, alerts: [] });
    notifier.update({ ...NOTHING_KNOWN, alerts: [firing({ state: 'pending' })] });
    wait();
    expect(told).toEqual([]);
    notifier.update({ ...NOTHING_KNOWN, alerts: [firing()] });
    wait();
    notifier.update({ ...NOTHING_KNOWN, alerts: [firing({ state: 'resolved' })] });
    wait();
    expect(told).toEqual([
      {
        title: 'Slow answers',
        body: 'github: 1 of 100 calls takes over 912 ms (limit 500 ms).',
        route: '/latency',
      },
    ]);
  });

  test('a finding of the guardian, and one that was made while nobody watched', () => {
    notifier.update(withFindings({}));
    wait();
    expect(told).toEqual([
      {
        title: 'The config of claude-code was changed',
        body: 'Someone rewrote the config.',
        route: '/clients',
      },
    ]);
  });

  test('B23: tools that have changed, and the same server again when they change once more', () => {
    const changed = (id: string, isHeld = false): HubView => ({
      ...NOTHING_KNOWN,
      toolFindings: [{ server: 'bank', id, since: STARTED + 5, count: 2, isHeld }],
    });
    notifier.update(changed('one'));
    notifier.update(changed('one'));
    vi.advanceTimersByTime(60_000);
    notifier.update(changed('two', true));
    vi.advanceTimersByTime(60_000);
    expect(told).toEqual([
      {
        title: 'Tools of bank have changed',
        body: '2 tools not as accepted. Clients get what it says now.',
        route: '/servers?server=bank&view=tools',
      },
      {
        title: 'Tools of bank have changed',
        body: '2 tools not as accepted. Clients do not get what has changed until you accept it.',
        route: '/servers?server=bank&view=tools',
      },
    ]);
  });

  test('not what was found by the run before, nor what is merely to be found', () => {
    notifier.update(
      withFindings({ at: new Date(STARTED - 5).toISOString() }, { level: 'notice' }, { state: 'accepted' }),
    );
    notifier.update(failing('a'));
    wait();
    expect(told).toEqual([]);
  });

  test('E27: hostile text is one bounded line', () => {
    notifier.update(withFindings({ message: `x\n\u202e\u001b[31m${'y'.repeat(1_000)}` }));
    wait();
    expect(told[0]?.body).toMatch(/^x \[31my+…$/);
    expect(told[0]?.body.length).toBeLessThanOrEqual(160);
  });
});

describe('how often', () => {
  test('what fails together is told as one', () => {
    notifier.update(failing());
    notifier.update(failing('a'));
    vi.advanceTimersByTime(500);
    notifier.update(failing('a', 'b', 'c', 'd', 'e'));
    wait();
    expect(told).toEqual([
      {
        title: '5 things to look at',
        body: 'a failed\nb failed\nc failed\n… and 2 more',
        route: '/servers?server=a',
      },
    ]);
  });

  test('after one there is a pause; what comes meanwhile is told together at its end', () => {
    notifier.update(failing());
    notifier.update(failing('a'));
    wait(2_000);
    notifier.update(failing('a', 'b'));
    wait(10_000);
    notifier.update(failing('a', 'b', 'c'));
    expect(told).toHaveLength(1);
    wait(30_000);
    expect(told.map(({ title }) => title)).toEqual(['a failed', '2 things to look at']);
  });

  test('what is over before it was told is not told', () => {
    notifier.update(failing());
    notifier.update(failing('a'));
    notifier.update(failing());
    wait();
    expect(told).toEqual([]);
  });

  test('a server that goes up and down all the time is told of once in ten minutes', () => {
    notifier.update(failing());
    for (let minute = 0; minute < 21; minute += 1) {
      notifier.update(failing('a'));
      wait(50_000);
      notifier.update(failing());
      wait(10_000);
    }
    expect(told).toHaveLength(2);
  });

  test('a hub that went away and came back brings no old news', () => {
    notifier.update(failing());
    notifier.update(failing('a'));
    wait();
    notifier.update(NOTHING_KNOWN);
    wait();
    notifier.update(failing('a'));
    wait();
    expect(told).toHaveLength(1);
  });
});

describe('whether', () => {
  test('each kind is told only as chosen, also when that changes while it waits', () => {
    wanted = { alerts: true, serverFailures: false, guardian: false, toolChanges: true };
    notifier.update({ ...failing(), findings: [], alerts: [] });
    notifier.update({ ...failing('a'), findings: withFindings({}).findings, alerts: [] });
    notifier.update({ ...failing('a'), findings: withFindings({}).findings, alerts: [firing()] });
    wanted.alerts = false;
    wait();
    expect(told).toEqual([]);
  });
});

test('an alert says what was measured and what was allowed', () => {
  const told = (alert: Partial<Alert>): string[] =>
    LANGUAGES.map((language) => alertInWords(firing(alert), messagesIn(language).news));
  expect(told({ kind: 'error-rate', tool: 'search', value: 7.345, threshold: 5 })).toEqual([
    'github, search: 7.3% of the calls fail (limit 5%).',
    'github, search: 7,3\u00a0% der Aufrufe schlagen fehl (Grenze 5\u00a0%).',
  ]);
  expect(told({ kind: 'p99', value: 1_234.5, threshold: 500 })).toEqual([
    'github: 1 of 100 calls takes over 1.23 s (limit 500 ms).',
    'github: 1 von 100 Aufrufen dauert länger als 1,23 s (Grenze 500 ms).',
  ]);
  expect(told({ kind: 'server-down' })).toEqual(['github is down.', 'github ist ausgefallen.']);
});
