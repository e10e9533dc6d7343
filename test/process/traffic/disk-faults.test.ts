import { DatabaseSync } from '@photostructure/sqlite';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { expectNothingLeft } from '../../support/leak-check.ts';
import { type TemporaryHome, temporaryHome } from '../../support/temporary-home.ts';
import { bundler } from './bundled.ts';
import { type BusyHub, endBusyHubs, kill, recovered, run } from './run-busy-hub.ts';

const bundle = bundler();
let workerScript = '';
let busyHub = '';
let home: TemporaryHome;
const mounted: string[] = [];

beforeAll(async () => {
  workerScript = await bundle('electron/entries/traffic-worker.ts');
  busyHub = await bundle(fileURLToPath(new URL('./busy-hub.ts', import.meta.url)));
});

beforeEach(() => (home = temporaryHome()));

afterEach(async () => {
  await endBusyHubs();
  // Lazily: the kernel may take a moment to let go of a killed program's files.
  for (const folder of mounted.splice(0)) execFileSync('umount', ['-l', folder]);
  await expectNothingLeft(home);
  home.dispose();
});

/** Whether this machine lets us have disks of our own: only the superuser may, and not in every container. */
function canMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  const folder = mkdtempSync(path.join(os.tmpdir(), 'patchbay-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], { stdio: 'ignore' });
    execFileSync('umount', [folder]);
    return true;
  } catch {
    return false;
  } finally {
    rmdirSync(folder);
  }
}

/** A small disk in the temporary home. */
function disk(options: string): string {
  const folder = path.join(home.temp, 'disk');
  mkdirSync(folder);
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]);
  mounted.push(folder);
  return folder;
}

const remount = (folder: string, options: string): void =>
  void execFileSync('mount', ['-o', `remount,${options}`, folder]);

const start = (file: string): BusyHub => run(home, process.execPath, [busyHub, workerScript, file]);

function expectWhole(file: string): void {
  const db = new DatabaseSync(file);
  expect(db.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
  db.close();
}

describe.skipIf(!canMount())('on a disk of its own', () => {
  test('D06 the disk is full: calls go on, losses are counted, and it recovers by itself', async () => {
    const folder = disk('size=1m');
    const file = path.join(folder, 'traffic.db');
    const hub = start(file);
    const failing = await hub.reportWhere(({ storeError, dropped }) => storeError !== null && dropped > 0);
    const later = await hub.reportWhere(({ calls }) => calls >= failing.calls + 500);
    expect(later.dropped).toBeGreaterThan(failing.dropped);
    remount(folder, 'size=64m');
    await recovered(hub);
    await kill(hub.child);
    expectWhole(file);
  });

  test('D07 the disk is read-only: calls go on, and the log begins when it is not any more', async () => {
    const folder = disk('size=16m,ro');
    const file = path.join(folder, 'traffic.db');
    const hub = start(file);
    const failing = await hub.reportWhere(({ storeError, dropped }) => storeError !== null && dropped > 0);
    expect(failing.storeError).toMatch(/read-only|EROFS/);
    expect(existsSync(file)).toBe(false);
    remount(folder, 'rw');
    await recovered(hub);
    await kill(hub.child);
    expectWhole(file);
  });
});

test('D07 another process locks the log: calls go on, losses are counted, and it recovers by itself', async () => {
  const file = path.join(home.temp, 'traffic.db');
  const hub = start(file);
  await hub.reportWhere(({ calls }) => calls > 500);
  const other = new DatabaseSync(file);
  other.exec('PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE');
  const failing = await hub.reportWhere(({ dropped }) => dropped > 0);
  expect(failing.storeError).toBe('database is locked');
  other.exec('ROLLBACK');
  other.close();
  await recovered(hub);
  await kill(hub.child);
  expectWhole(file);
});

test('D07 a log that was damaged is set aside, a new one is begun, and it is said', async () => {
  const file = path.join(home.temp, 'traffic.db');
  const first = start(file);
  await first.reportWhere(({ calls }) => calls > 500);
  await kill(first.child);
  // The write-ahead file could still mend the first page.
  rmSync(`${file}-wal`);
  writeFileSync(file, Buffer.alloc(4_096, 0xa5), { flag: 'r+' });
  const second = start(file);
  const report = await recovered(second);
  expect(report.storeWarning).toContain(`${file}.corrupt-1`);
  expect([report.dropped, existsSync(`${file}.corrupt-1`)]).toEqual([0, true]);
  await kill(second.child);
  expectWhole(file);
});
