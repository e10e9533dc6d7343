import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAdmission } from '../../../electron/hub/sessions/admission.ts';
import { createPathReader, queryParameter } from '../../../electron/hub/sessions/http-path.ts';
import {
  openHttpSessionRecords,
  type HttpSessionRecord,
} from '../../../electron/hub/sessions/http-session-records.ts';
import { createKeepAliveWheel, type Beating } from '../../../electron/hub/sessions/keep-alive-wheel.ts';
import { isModernVersion, negotiatedVersion } from '../../../electron/hub/sessions/protocol-versions.ts';
import { eventId, readEventId, ReplayBudget, SessionReplay } from '../../../electron/hub/sessions/replay.ts';

describe('paths', () => {
  const read = createPathReader();

  it.each([
    ['/mcp', { kind: 'streamable', label: '*' }],
    ['/mcp?x=1', { kind: 'streamable', label: '*' }],
    ['/servers/git%20hub/mcp', { kind: 'streamable', label: 'servers/git hub' }],
    ['/servers/a%2Fb/sse', { kind: 'sse', label: 'servers/a/b' }],
    ['/servers/a/messages?sessionId=1', { kind: 'messages', label: 'servers/a' }],
    ['/profiles/work/mcp', { kind: 'streamable', label: 'profiles/work' }],
    ['/profiles/work/sse', { kind: 'file', path: '/profiles/work/sse' }],
    ['/servers//mcp', { kind: 'file', path: '/servers//mcp' }],
    ['/servers/%zz/mcp', { kind: 'malformed' }],
    ['/api/status', { kind: 'rest' }],
    ['/jsonrpc', { kind: 'json-rpc', label: '*' }],
    ['/health/sessions', { kind: 'health-sessions' }],
    ['/constructor', { kind: 'file', path: '/constructor' }],
    ['/', { kind: 'file', path: '/' }],
  ])('%s', (target, expected) => {
    expect(read(target)).toEqual(expected);
    expect(read(target)).toEqual(expected);
  });

  it('queries', () => {
    expect(queryParameter('/messages?a=1&sessionId=x%20y', 'sessionId')).toBe('x y');
    expect(queryParameter('/messages', 'sessionId')).toBeNull();
  });
});

describe('keep-alive wheel', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const entry = (): Beating & { beats: number } => ({
    slot: -1,
    beats: 0,
    beat() {
      this.beats += 1;
    },
  });

  it('C02: beats everybody once a turn, and nobody who has left', () => {
    const wheel = createKeepAliveWheel();
    const early = entry();
    const late = entry();
    wheel.add(early);
    vi.advanceTimersByTime(7_000);
    wheel.add(late);
    vi.advanceTimersByTime(8_000);
    expect([early.beats, late.beats]).toEqual([1, 0]);
    vi.advanceTimersByTime(30_000);
    expect([early.beats, late.beats]).toEqual([3, 2]);
    wheel.remove(early);
    wheel.remove(early);
    vi.advanceTimersByTime(15_000);
    expect([early.beats, late.beats]).toEqual([3, 3]);
  });

  it('needs no timer when nobody is there, and starts again', () => {
    const wheel = createKeepAliveWheel();
    const one = entry();
    wheel.add(one);
    wheel.remove(one);
    vi.advanceTimersByTime(1_000);
    expect(vi.getTimerCount()).toBe(0);
    wheel.add(one);
    vi.advanceTimersByTime(15_000);
    expect(one.beats).toBe(1);
    wheel.close();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('an entry may leave while it is beaten', () => {
    const wheel = createKeepAliveWheel();
    const leaving: Beating = { slot: -1, beat: () => wheel.remove(leaving) };
    const staying = entry();
    wheel.add(leaving);
    wheel.add(staying);
    vi.advanceTimersByTime(30_000);
    expect(staying.beats).toBe(2);
  });
});

describe('event ids', () => {
  const replay = new SessionReplay(new ReplayBudget());

  it.each(['0', '-5', '9007199254740993', '""', '"a\\"b"', '"é"'])('carry the request id %s', (id) => {
    const stream = replay.open(id);
    expect(readEventId(eventId(stream, 3))).toEqual({
      isOurs: true,
      stream: stream.number,
      seq: 3,
      requestId: id,
    });
  });

  it('carry nothing but ids, whatever a client sends back', () => {
    for (const text of ['{"a":1}', '1,"x":2', 'null', '1.5', ' 1', '[1]']) {
      const forged = `x.1.${Buffer.from(text).toString('base64url')}.1`;
      expect([text, readEventId(forged)?.requestId]).toEqual([text, null]);
    }
    const spaced = `x.1.${Buffer.from('\n"a"').toString('base64url')}.1`;
    expect(readEventId(spaced)).toEqual({ isOurs: false, stream: 1, seq: 1, requestId: '"a"' });
    for (const text of ['', '5', 'a.b.c.d', '../../x', 'x.1..']) expect(readEventId(text)).toBeNull();
  });
});

describe('what is kept to be read again', () => {
  const kept = (stream: { events: { seq: number }[] }): number[] => stream.events.map(({ seq }) => seq);

  it('is bounded in events and bytes; the oldest goes first', () => {
    const replay = new SessionReplay(new ReplayBudget());
    const old = replay.open('1');
    replay.append(old, Buffer.from('a'));
    const stream = replay.open('2');
    for (let count = 0; count < 512; count += 1) replay.append(stream, Buffer.from('b'));
    expect([kept(old), stream.events.length]).toEqual([[], 512]);
    replay.append(stream, Buffer.alloc(4 * 1024 * 1024));
    expect(kept(stream)).toEqual([513]);
    expect(replay.append(stream, Buffer.alloc(4 * 1024 * 1024 + 1))).toBe(514);
    expect(kept(stream)).toEqual([513]);
  });

  it('is bounded over all sessions', () => {
    const budget = new ReplayBudget(10);
    const one = new SessionReplay(budget);
    const two = new SessionReplay(budget);
    const first = one.open('1');
    const second = two.open('1');
    one.append(first, Buffer.alloc(8));
    two.append(second, Buffer.alloc(8));
    expect([kept(first), kept(second), budget.held]).toEqual([[1], [], 8]);
    one.clear();
    two.append(second, Buffer.alloc(8));
    expect([kept(second), budget.held]).toEqual([[2], 8]);
  });

  it('goes when its stream ended long ago', () => {
    const budget = new ReplayBudget();
    const replay = new SessionReplay(budget);
    const stream = replay.open('1');
    replay.append(stream, Buffer.alloc(8));
    stream.endedAt = 100;
    replay.expire(100);
    expect(replay.find(stream.number)).toBe(stream);
    replay.expire(101);
    expect([replay.find(stream.number), budget.held]).toEqual([undefined, 0]);
  });
});

describe('records of sessions', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'patchbay-records-'));
    file = path.join(folder, 'sessions.jsonl');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const record = (id: string, lastUsedAt = 0): HttpSessionRecord => ({
    id,
    label: '*',
    user: 'me',
    client: 'test',
    lastUsedAt,
    conversation: { initialize: '{}', initialized: true, logLevel: null, subscriptions: [] },
  });
  const open = (now = 0, maxAgeMs = 1_000): ReturnType<typeof openHttpSessionRecords> =>
    openHttpSessionRecords({ file, maxAgeMs, now: () => now });

  it('are there at once for a hub that comes after a kill, for their owner only', () => {
    const records = open();
    records.put(record('a'));
    records.put(record('b'));
    records.delete('a');
    // No close: the process was killed. The last line is half written.
    appendFileSync(file, '{"put":{"id":"c"');
    const next = open();
    expect([next.get('a'), next.get('b')?.id, next.get('c')]).toEqual([undefined, 'b', undefined]);
    expect(statSync(file).mode & 0o077).toBe(0);
    expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(1);
  });

  it('that nobody used for long are left out; use is written down now and then', () => {
    let now = 0;
    const records = openHttpSessionRecords({ file, maxAgeMs: 7_200_000, now: () => now });
    records.put(record('used'));
    records.put(record('left'));
    now = 3_600_000;
    records.touch('used');
    records.touch('nobody');
    const next = open(8_000_000, 7_200_000);
    expect([next.get('used')?.lastUsedAt, next.get('left')]).toEqual([3_600_000, undefined]);
  });

  it('stay bounded in number and in lines', () => {
    const records = open();
    for (let id = 0; id < 2_100; id += 1) records.put(record(String(id)));
    expect([records.get('0'), records.get('2099')?.id]).toEqual([undefined, '2099']);
    for (let count = 0; count < 20_000; count += 1) records.put(record('same'));
    expect(readFileSync(file, 'utf8').split('\n').length).toBeLessThan(2 * 2_000 + 1_002);
    records.close();
    expect(open().get('same')?.id).toBe('same');
  });

  it('a disk that fails costs nothing but the records', () => {
    const failures: string[] = [];
    const records = openHttpSessionRecords({
      file: path.join(folder, 'absent', 'x'),
      maxAgeMs: 1,
      onFailure: ({ message }) => failures.push(message),
    });
    records.put(record('a'));
    expect([records.get('a')?.id, failures.length > 0]).toEqual(['a', true]);
    records.close();
  });
});

describe('limits and revisions', () => {
  it('C16: counts per user and in all', () => {
    const admission = createAdmission({ perUser: 2, total: 3 });
    expect(['a', 'a', 'a', 'b', 'b'].map((user) => admission.enter(user))).toEqual([
      true,
      true,
      false,
      true,
      false,
    ]);
    admission.leave('a');
    expect([admission.enter('b'), admission.size]).toEqual([true, 3]);
    admission.leave('nobody');
    expect(admission.size).toBe(3);
  });

  it('knows its revisions', () => {
    expect(['2025-11-25', '2026-07-28', '2027-01-01', 'x', 'draft-9'].map(isModernVersion)).toEqual([
      false,
      true,
      true,
      false,
      false,
    ]);
    const asked = (protocolVersion: unknown): string =>
      negotiatedVersion(JSON.stringify({ method: 'initialize', params: { protocolVersion } }));
    expect(['2024-11-05', '2025-03-26', '1999-01-01', 5, undefined].map(asked)).toEqual([
      '2024-11-05',
      '2025-03-26',
      '2025-11-25',
      '2025-11-25',
      '2025-11-25',
    ]);
  });
});
