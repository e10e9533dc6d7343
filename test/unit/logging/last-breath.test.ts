import { EventEmitter } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { endOnFatalErrors, type ErrorSource } from '../../../electron/hub/logging/fatal-errors.ts';
import { keepLastBreath, takeLastBreath } from '../../../electron/hub/logging/last-breath.ts';
import { createLog } from '../../../electron/hub/logging/pino-log.ts';
import { memorySink, type MemorySink } from './memory-sink.ts';

const SECRET = 'gh' + 'p_0123456789abcdefghijABCDEFGHIJ012345';

let folder: string;
let file: string;
let sink: MemorySink;

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'patchbay-breath-'));
  file = path.join(folder, 'last-breath.json');
  sink = memorySink();
});

afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

const logger = () => createLog(sink, { level: 'debug', format: 'json' });
const events = (): unknown[] => sink.lines.map(({ line }) => (JSON.parse(line) as { event: string }).event);

describe('the last breath', () => {
  it('D12: tells the next hub what was going on, once, without secrets', () => {
    const keeper = keepLastBreath({
      file,
      logger: logger(),
      describe: () => ({ sessions: 3, call: `x ${SECRET}` }),
    });
    keeper.fatal('uncaught-exception', new Error(`broke on ${SECRET}`));
    keeper.close();
    expect(readFileSync(file, 'utf8')).not.toContain(SECRET);
    expect(statSync(file).mode & 0o077).toBe(0);

    const breath = takeLastBreath(file, logger());
    expect(breath).toMatchObject({
      kind: 'uncaught-exception',
      message: 'broke on [redacted]',
      pid: process.pid,
      doing: { sessions: 3 },
    });
    expect(breath!.stack).toContain('last-breath.test.ts');
    expect(events()).toEqual(['hub.last-breath']);
    expect(takeLastBreath(file, logger())).toBeNull();
  });

  it('takes something else than an error, and a file that is none of ours', () => {
    keepLastBreath({ file, logger: logger(), describe: () => ({}) }).fatal('unhandled-rejection', undefined);
    expect(takeLastBreath(file, logger())).toMatchObject({ message: 'undefined', stack: '' });
    writeFileSync(file, '{"pid":');
    expect(takeLastBreath(file, logger())).toBeNull();
    expect(existsSync(file)).toBe(false);
  });

  it('does not throw where it cannot write', () => {
    const nowhere = path.join(folder, 'gone', 'last-breath.json');
    const keeper = keepLastBreath({ file: nowhere, logger: logger(), describe: () => ({}) });
    expect(() => keeper.fatal('uncaught-exception', new Error('x'))).not.toThrow();
    keeper.close();
  });

  it('D12: writes it ahead of time while the heap is nearly full, and takes it back when that is over', () => {
    vi.useFakeTimers();
    const heap = { used: 10, limit: 100 };
    const keeper = keepLastBreath({
      file,
      logger: logger(),
      describe: () => ({ call: 'github' }),
      heap: () => heap,
    });
    vi.advanceTimersByTime(3_000);
    expect(existsSync(file)).toBe(false);
    heap.used = 90;
    vi.advanceTimersByTime(3_000);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      kind: 'heap-nearly-full',
      doing: { call: 'github' },
    });
    expect(events()).toEqual(['hub.heap-nearly-full']);
    heap.used = 80;
    vi.advanceTimersByTime(1_000);
    expect(existsSync(file)).toBe(true);
    heap.used = 50;
    vi.advanceTimersByTime(1_000);
    expect(existsSync(file)).toBe(false);
    heap.used = 95;
    vi.advanceTimersByTime(1_000);
    keeper.close();
    expect(existsSync(file)).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('errors that nobody caught', () => {
  function watch(end: () => Promise<void>) {
    const source = new EventEmitter();
    const exits: number[] = [];
    const breath = vi.fn();
    const watched = endOnFatalErrors(source as ErrorSource, {
      logger: logger(),
      breath: { fatal: breath },
      end,
      exit: (code) => void exits.push(code),
      patienceMs: 1_000,
    });
    return { source, exits, breath, watched };
  }

  it.each([
    ['uncaughtException', 'uncaught-exception'],
    ['unhandledRejection', 'unhandled-rejection'],
  ])('D14: after %s the hub ends in order and exits with 1', async (event, kind) => {
    let finish = (): void => {};
    const { source, exits, breath, watched } = watch(() => new Promise((resolve) => (finish = resolve)));
    expect(watched.hasFailed).toBe(false);
    source.emit(event, new Error(`broke on ${SECRET}`));
    expect(breath).toHaveBeenCalledExactlyOnceWith(kind, expect.any(Error));
    expect(exits).toEqual([]);
    expect(watched.hasFailed).toBe(true);
    finish();
    await expect.poll(() => exits).toEqual([1]);
    expect(events()).toEqual([`hub.${kind}`]);
    expect(sink.lines[0]!.line).not.toContain(SECRET);
  });

  it('D14: exits at once when the end itself breaks, and in time when it hangs', async () => {
    vi.useFakeTimers();
    const hanging = watch(() => new Promise(() => {}));
    hanging.source.emit('uncaughtException', new Error('first'));
    vi.advanceTimersByTime(999);
    expect(hanging.exits).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(hanging.exits).toEqual([1]);
    const twice = watch(() => new Promise(() => {}));
    twice.source.emit('unhandledRejection', 'first');
    twice.source.emit('uncaughtException', new Error('second'));
    expect(twice.exits).toEqual([1]);
    expect(twice.breath).toHaveBeenCalledTimes(1);
    vi.useRealTimers();
    const failing = watch(() => Promise.reject(new Error('stuck')));
    failing.source.emit('uncaughtException', new Error('first'));
    await expect.poll(() => failing.exits).toEqual([1]);
    expect(events()).toContain('hub.stop-failed');
  });

  it('lets go of the process', () => {
    const { source, watched } = watch(async () => {});
    watched.release();
    expect(source.listenerCount('uncaughtException') + source.listenerCount('unhandledRejection')).toBe(0);
  });
});
