import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { silentLogger } from '../../../electron/hub/log.ts';
import { messagesIn } from '../../../electron/main/messages/messages.ts';
import { createUpdates, type Updates } from '../../../electron/main/updates.ts';
import type { Language } from '../../../shared/language/language.ts';
import type { UpdateState } from '../../../shared/model/desktop.ts';

let found: Promise<string | null>;
let fetched: Promise<void>;
let report: (percent: number) => void;
let states: UpdateState[];
let isAutomatic: boolean;
let endThen: ReturnType<typeof vi.fn<(last: () => void) => void>>;
const engine = {
  check: vi.fn(() => found),
  download: vi.fn((onPercent: (percent: number) => void) => {
    report = onPercent;
    return fetched;
  }),
  install: vi.fn(),
};
let updates: Updates;

beforeEach(() => {
  vi.useFakeTimers();
  vi.clearAllMocks();
  found = Promise.resolve('2.0.0');
  fetched = Promise.resolve();
  states = [];
  isAutomatic = true;
  endThen = vi.fn<(last: () => void) => void>();
  updates = createUpdates({
    engine,
    isAutomatic: () => isAutomatic,
    endThen,
    wallClock: () => 1_000,
    onChange: (state) => states.push(state),
    logger: silentLogger,
    text: () => messagesIn('en'),
  });
});
afterEach(() => {
  updates.dispose();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('a new version', () => {
  test('is found, fetched when asked, and installed when asked, after everything has ended', async () => {
    await updates.check();
    expect(engine.download).not.toHaveBeenCalled();
    await updates.download();
    expect(states.map(({ phase }) => phase)).toEqual(['checking', 'available', 'downloading', 'ready']);
    updates.install();
    expect(engine.install).not.toHaveBeenCalled();
    endThen.mock.calls[0]![0]();
    expect(engine.install).toHaveBeenCalledOnce();
  });

  test('none: when it was looked for is said', async () => {
    found = Promise.resolve(null);
    await updates.check();
    expect(updates.state).toEqual({ phase: 'idle', checkedAt: 1_000 });
  });

  test('its download tells whole percents, each once, and none after its end', async () => {
    let done = (): void => {};
    fetched = new Promise((resolve) => (done = resolve));
    await updates.check();
    const download = updates.download();
    for (const percent of [0.4, 1.2, 1.9, 50, 49, 250]) report(percent);
    done();
    await download;
    report(99);
    const told = states.flatMap((state) => (state.phase === 'downloading' ? [state.percent] : []));
    expect([told, updates.state.phase]).toEqual([[0, 1, 50, 100], 'ready']);
  });

  test('cannot be installed before it is there', async () => {
    expect(() => updates.install()).toThrow('No new version is ready');
    await updates.check();
    expect(() => updates.install()).toThrow('No new version is ready');
    expect(endThen).not.toHaveBeenCalled();
  });

  test('once it is ready, another look does not throw it away', async () => {
    await updates.check();
    await updates.download();
    await updates.check();
    expect([updates.state.phase, engine.check.mock.calls.length]).toEqual(['ready', 1]);
  });
});

describe('failing', () => {
  test('is a state with the first line of what happened, and can be tried again', async () => {
    found = Promise.reject(new Error('net::ERR_INTERNET_DISCONNECTED\nHeaders: {…}'));
    await updates.check();
    expect(updates.state).toEqual({ phase: 'failed', message: 'net::ERR_INTERNET_DISCONNECTED' });
    found = Promise.resolve('2.0.0');
    await updates.check();
    expect(updates.state).toEqual({ phase: 'available', version: '2.0.0' });
  });

  test('of a download, such as a wrong hash, never leads to something to install', async () => {
    await updates.check();
    fetched = Promise.reject(new Error('sha512 checksum mismatch'));
    await updates.download();
    expect(updates.state).toEqual({ phase: 'failed', message: 'sha512 checksum mismatch' });
    expect(() => updates.install()).toThrow();
  });
});

describe('unasked', () => {
  test('it looks a minute after the start and then once a day, and does no more than look', async () => {
    found = Promise.resolve(null);
    await vi.advanceTimersByTimeAsync(59_000);
    expect(engine.check).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(engine.check).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(24 * 3_600_000);
    expect([engine.check.mock.calls.length, engine.download.mock.calls.length]).toEqual([2, 0]);
  });

  test('switched off it never looks, but does when asked', async () => {
    isAutomatic = false;
    await vi.advanceTimersByTimeAsync(3 * 24 * 3_600_000);
    expect(engine.check).not.toHaveBeenCalled();
    await updates.check();
    expect(engine.check).toHaveBeenCalledOnce();
  });
});

test('a copy that cannot update itself says so, whatever is asked', async () => {
  let language: Language = 'en';
  const none = createUpdates({
    engine: { reason: 'package' },
    isAutomatic: () => true,
    endThen,
    wallClock: () => 0,
    onChange: () => {},
    logger: silentLogger,
    text: () => messagesIn(language),
  });
  expect(none.state).toEqual({ phase: 'unsupported', reason: messagesIn('en').updates.cannot.package });
  await expect(none.check()).rejects.toThrow('with the package manager');
  await expect(none.download()).rejects.toThrow('with the package manager');
  expect(() => none.install()).toThrow('with the package manager');
  language = 'de';
  expect(none.state).toEqual({ phase: 'unsupported', reason: messagesIn('de').updates.cannot.package });
  expect(() => none.install()).toThrow('mit der Paketverwaltung');
});
