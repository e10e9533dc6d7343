import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openOutputFile, outputLogger } from '../../../electron/main/hub-output.ts';

let folder = '';
beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'patchbay-log-'))));
afterEach(() => rmSync(folder, { recursive: true }));

test('D08: the log is at most two files of the limit, the newest output in the first', () => {
  const file = path.join(folder, 'logs', 'patchbay.log');
  const log = openOutputFile(file, 100);
  for (let line = 0; line < 50; line += 1) log.write(Buffer.from(`line ${String(line).padStart(3, '0')}\n`));
  log.close();
  expect(statSync(file).size).toBeLessThanOrEqual(100);
  expect(statSync(`${file}.1`).size).toBeLessThanOrEqual(100);
  expect(readFileSync(file, 'utf8')).toMatch(/line 049\n$/);
});

test('it continues what an earlier run wrote, and is the owner’s alone', () => {
  const file = path.join(folder, 'patchbay.log');
  for (const text of ['one\n', 'two\n']) {
    const log = openOutputFile(file);
    log.write(Buffer.from(text));
    log.close();
  }
  expect(readFileSync(file, 'utf8')).toBe('one\ntwo\n');
  if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('D06: a log that cannot be written costs nobody anything', () => {
  const blocked = path.join(folder, 'file');
  writeFileSync(blocked, '');
  chmodSync(blocked, 0o600);
  const log = openOutputFile(path.join(blocked, 'patchbay.log'));
  expect(() => log.write(Buffer.from('x'))).not.toThrow();
  log.close();
});

test('E17: one record is one line, whatever it says', () => {
  const written: string[] = [];
  const logger = outputLogger((chunk) => written.push(Buffer.from(chunk).toString()));
  logger.log('warn', 'page.open-refused', { url: 'a\n{"level":"info"}\u001b[0m' });
  expect(written).toHaveLength(1);
  expect(written[0]!.match(/\n/g)).toHaveLength(1);
  expect(written[0]).not.toContain('\u001b');
  expect(JSON.parse(written[0]!)).toMatchObject({ level: 'warn', event: 'desktop.page.open-refused' });
});
