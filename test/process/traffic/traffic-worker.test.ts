import { DatabaseSync } from '@photostructure/sqlite';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTrafficService } from '../../../electron/hub/traffic/create-traffic-service.ts';
import type { TrafficService } from '../../../electron/hub/traffic/traffic-service.ts';
import type { SearchStep } from '../../../shared/model/exchange.ts';
import { HubSettings } from '../../../shared/model/settings.ts';
import { expectNothingLeft } from '../../support/leak-check.ts';
import { type TemporaryHome, temporaryHome } from '../../support/temporary-home.ts';
import { bundler } from './bundled.ts';
import { endBusyHubs, kill, run } from './run-busy-hub.ts';

/** Lowers and lifts limits of a process; Linux only. */
const PRLIMIT = '/usr/bin/prlimit';

const bundle = bundler();
let workerScript = '';
let busyHub = '';
let home: TemporaryHome;
let file = '';
const services: TrafficService[] = [];

beforeAll(async () => {
  workerScript = await bundle('electron/entries/traffic-worker.ts');
  busyHub = await bundle(fileURLToPath(new URL('./busy-hub.ts', import.meta.url)));
});

beforeEach(() => {
  home = temporaryHome();
  file = path.join(home.temp, 'traffic.db');
});

afterEach(async () => {
  await endBusyHubs();
  for (const service of services.splice(0)) await service.close();
  await expectNothingLeft(home);
  home.dispose();
});

function start(script = workerScript): TrafficService {
  const service = createTrafficService({ file, workerScript: script, settings: HubSettings.parse({}) });
  services.push(service);
  return service;
}

function call(service: TrafficService, count: number): void {
  const tap = service.tap.openSession({
    sessionId: 's',
    client: 'claude-code',
    project: null,
    server: 'github',
    instanceId: 'i',
  });
  for (let id = 0; id < count; id += 1) {
    const at = performance.now();
    const params = { name: 'create_issue', arguments: { token: 'hunter2' } };
    tap.frame(
      'client-to-server',
      Buffer.from(JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params })),
      at,
      at,
    );
    tap.frame(
      'server-to-client',
      Buffer.from(JSON.stringify({ jsonrpc: '2.0', id, result: {} })),
      at + 3,
      at + 3,
    );
  }
}

test('the worker stores, answers, and goes on after a restart', async () => {
  const first = start();
  call(first, 3_000);
  const { exchanges, more } = await first.list({ filter: 'tool:create*', limit: 1_000 });
  expect([exchanges.length, exchanges[0]?.id, more]).toEqual([1_000, 3_000, true]);
  expect((await first.get(2_999)).request).toMatchObject({ redactions: 1, truncated: false });
  expect((await first.latency({ filter: 'tool:create*', sinceMs: 60_000, compare: false }))[0]).toMatchObject(
    { count: 3_000 },
  );
  await first.close();

  const second = start();
  call(second, 1);
  const stats = await second.latency({ filter: '', sinceMs: 3_600_000, compare: false });
  expect(stats[0]).toMatchObject({ tool: 'create_issue', count: 3_001 });
  expect((await second.list({ filter: '', limit: 1 })).exchanges[0]?.id).toBe(3_001);
  expect([second.dropped, second.storeError]).toEqual([0, null]);
  if (process.platform !== 'win32') {
    const modes = readdirSync(home.temp).map((name) =>
      (statSync(path.join(home.temp, name)).mode & 0o777).toString(8),
    );
    expect(new Set(modes)).toEqual(new Set(['600']));
  }
});

test('closing writes what is still in memory', async () => {
  const service = start();
  call(service, 50);
  await service.close();
  const db = new DatabaseSync(file, { readOnly: true });
  expect(db.prepare('SELECT count(*) AS count FROM exchanges').get()).toEqual({ count: 50 });
  db.close();
});

test('a worker that cannot start costs the log, not the traffic', async () => {
  const service = start(path.join(home.temp, 'missing.mjs'));
  call(service, 5);
  const { exchanges } = await service.list({ filter: '', limit: 10 });
  expect(exchanges.length).toBe(5);
  expect(service.storeError).toContain('missing.mjs');
  await service.close();
  expect(existsSync(file)).toBe(false);
});

/** So many rows that looking through them takes a while; written past the hub, which would take longer. */
async function startWithMany(rows: number): Promise<TrafficService> {
  const empty = start();
  call(empty, 1);
  await empty.close();
  const db = new DatabaseSync(file);
  db.exec(
    `INSERT INTO exchanges (id, at, origin, direction, kind, method, tool, outcome, request_bytes)
     WITH RECURSIVE ids(id) AS (SELECT 2 UNION ALL SELECT id + 1 FROM ids WHERE id < ${rows})
     SELECT id, ${Date.now()}, 1, 0, 0, 'tools/call', 'create_issue', 0, 100 FROM ids`,
  );
  db.close();
  return start();
}

test('a search is stopped in the worker when nobody waits for it, and rows are written meanwhile', async () => {
  const service = await startWithMany(1_500_000);
  const scan = { filter: '"nothing at all"', limit: 10 };
  const end = new AbortController();
  const steps: number[] = [];
  for await (const { scanned, end: last } of service.search(scan, end.signal)) {
    expect(last).toBeNull();
    steps.push(scanned);
    end.abort();
  }
  expect([steps.length, steps[0]! > 0 && steps[0]! < 1]).toEqual([1, true]);

  const whole = service.search(scan, new AbortController().signal);
  const first = await whole.next();
  expect(first.value).toMatchObject({ exchanges: [], end: null });
  const wholeMs = performance.now();
  call(service, 1);
  expect((await service.list({ filter: '', limit: 1 })).exchanges[0]?.id).toBe(1_500_001);
  let last = first.value as SearchStep;
  for await (const step of whole) last = step;
  expect(last).toEqual({ exchanges: [], scanned: 1, end: { more: false } });

  // Each is given up: fifty of them together take less than a few that are not.
  const givenUpMs = performance.now();
  for (let round = 0; round < 50; round += 1) {
    const aborted = new AbortController();
    const search = service.search(scan, aborted.signal).next();
    setImmediate(() => aborted.abort());
    await search;
  }
  await service.list({ filter: '', limit: 1 });
  expect(performance.now() - givenUpMs).toBeLessThan(20 * (givenUpMs - wholeMs));
  expect([service.dropped, service.storeError]).toEqual([0, null]);
});

test('histogram, notes and surroundings come from the log, also of the last run', async () => {
  const first = start();
  const from = Date.now();
  call(first, 500);
  await first.annotate(7, { bookmarked: true, note: 'look at this' });
  await first.close();
  const service = start();
  const until = Date.now() + 1;
  const slices = await service.histogram({ filter: 'tool:create*', from, until, slices: 5 });
  expect(slices.reduce((sum, { count }) => sum + count, 0)).toBe(500);
  expect(await service.annotations()).toMatchObject([
    { exchange: 7, bookmarked: true, note: 'look at this' },
  ]);
  expect((await service.list({ filter: 'is:bookmarked', limit: 10 })).exchanges.map(({ id }) => id)).toEqual([
    7,
  ]);
  const { nearby, sameTool } = await service.context(100);
  expect([nearby.length, sameTool.length, sameTool.at(-1)?.id]).toEqual([50, 20, 99]);
  const { total } = await service.distribution({ filter: '', sinceMs: 3_600_000 });
  expect(total).toMatchObject({ count: 500, errors: 0 });
});

test('D08 a smaller limit is kept at once, while rows are written', async () => {
  const service = start();
  const size = (): number =>
    ['', '-wal'].reduce(
      (sum, suffix) => sum + (statSync(file + suffix, { throwIfNoEntry: false })?.size ?? 0),
      0,
    );
  for (let round = 0; round < 20; round += 1) {
    call(service, 1_000);
    await service.list({ filter: '', limit: 1 });
  }
  expect(size()).toBeGreaterThan(3_000_000);
  service.applySettings(HubSettings.parse({ historyMaxMb: 1 }));
  const limit = 1024 * 1024;
  await expect
    .poll(async () => {
      call(service, 1);
      await service.list({ filter: '', limit: 1 });
      return size();
    })
    .toBeLessThanOrEqual(limit);
  const { exchanges } = await service.list({ filter: '', limit: 1_000 });
  expect(exchanges.length).toBe(1_000);
  expect(exchanges[0]!.id).toBeGreaterThan(20_000);
  expect([service.dropped, service.storeError]).toEqual([0, null]);
});

describe('in a program of its own', () => {
  test('D01 G16 killed in the middle: the file is whole, and at most a second is missing', async () => {
    for (let round = 0; round < 3; round += 1) {
      const { child, reportWhere } = run(home, process.execPath, [busyHub, workerScript, file]);
      let before = 0;
      const report = await reportWhere(({ calls }) => {
        if (calls === 200) before = performance.now();
        return before > 0 && performance.now() - before > 1_000;
      });
      await kill(child);
      expect(report.dropped).toBe(0);
      const db = new DatabaseSync(file);
      expect(db.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
      const { count, top } = db.prepare('SELECT count(*) AS count, max(id) AS top FROM exchanges').get() as {
        count: number;
        top: number;
      };
      db.close();
      // Every call of more than a second before the end, of this round and of those before.
      expect(count).toBeGreaterThanOrEqual(200 * (round + 1));
      expect(top).toBe(count);
    }
  });

  test.skipIf(!existsSync(PRLIMIT))(
    'D06 no more space: calls go on, losses are counted, and it recovers by itself',
    async () => {
      // The kernel refuses writes beyond 1 MB per file, until the test lifts the limit.
      const limit = `--fsize=${1_000_000}:unlimited`;
      const { child, reportWhere } = run(home, PRLIMIT, [
        limit,
        process.execPath,
        busyHub,
        workerScript,
        file,
      ]);
      const failing = await reportWhere(({ storeError, dropped }) => storeError !== null && dropped > 0);
      execFileSync(PRLIMIT, ['--pid', String(child.pid), '--fsize=unlimited']);
      let good = 0;
      let dropped = 0;
      const recovered = await reportWhere((report) => {
        good = report.storeError === null && report.dropped === dropped ? good + 1 : 0;
        dropped = report.dropped;
        return good === 20;
      });
      expect(recovered.calls).toBeGreaterThanOrEqual(failing.calls + 200);
      await kill(child);
      const db = new DatabaseSync(file);
      expect(db.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
      db.close();
    },
  );
});
