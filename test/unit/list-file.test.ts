import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createChanges } from '../../electron/hub/changes.ts';
import { openListFile } from '../../electron/hub/list-file.ts';
import { type Logger, silentLogger } from '../../electron/hub/log.ts';
import { openSavedFilters, type SavedFilters } from '../../electron/hub/saved-filters.ts';

let folder: string;
let file: string;
let logged: [level: string, event: string, fields: Record<string, unknown>][];
let topics: string[];

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'patchbay-list-'));
  file = path.join(folder, 'filters.json');
  logged = [];
  topics = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function open(): SavedFilters {
  const logger: Logger = { log: (level, event, fields = {}) => void logged.push([level, event, fields]) };
  const changes = createChanges();
  changes.subscribe((topic) => void topics.push(topic));
  return openSavedFilters(file, logger, changes);
}

const setAside = (): string[] => readdirSync(path.join(folder, 'damaged'));

test.each([0, 1, 3_000])('%i items are written as people would indent them', async (count) => {
  const item = z.object({ name: z.string(), lines: z.array(z.string()) });
  const list = openListFile({ file, member: 'things', item, max: 5_000, logger: silentLogger });
  const items = Array.from({ length: count }, (_, index) => ({
    name: `“${index}”`,
    lines: ['one\ntwo', 'x'.repeat(index)],
  }));
  await list.change(() => items);
  expect(readFileSync(file, 'utf8')).toBe(`${JSON.stringify({ things: items }, null, 2)}\n`);
});

describe('saved filters', () => {
  test('outlive the hub, in the order they were saved, for their owner only', async () => {
    const filters = open();
    expect(filters.list()).toEqual([]);
    // At once: changes take their turn.
    await Promise.all([
      filters.save({ name: 'Slow', filter: 'dur:>1s' }),
      filters.save({ name: 'Errors', filter: 'status:failed' }),
      filters.save({ name: 'Slow', filter: 'dur:>2s' }),
    ]);
    const kept = [
      { name: 'Slow', filter: 'dur:>2s' },
      { name: 'Errors', filter: 'status:failed' },
    ];
    expect(filters.list()).toEqual(kept);
    expect(open().list()).toEqual(kept);
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
    await filters.remove('Slow');
    expect(open().list()).toEqual(kept.slice(1));
    expect(topics).toEqual(['filters', 'filters', 'filters', 'filters']);
    expect(logged).toEqual([]);
  });

  test('must be filters, at most a hundred, and there to be removed', async () => {
    const filters = open();
    await expect(filters.save({ name: 'x', filter: 'dur:soon' })).rejects.toMatchObject({
      code: 'FILTER_INVALID',
      info: { line: 1, column: 5 },
    });
    await expect(filters.remove('x')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    for (let index = 0; index < 100; index += 1) await filters.save({ name: `${index}`, filter: '' });
    await expect(filters.save({ name: 'one more', filter: '' })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
    await filters.save({ name: '7', filter: 'server:x' });
    expect(filters.list()[7]).toEqual({ name: '7', filter: 'server:x' });
    expect(topics).toHaveLength(101);
  });

  test('that are damaged are set aside with the reason, and new ones can be saved', async () => {
    const damaged = '{"filters":[\n{"name":"a" "filter":""}]}';
    writeFileSync(file, damaged);
    const filters = open();
    expect(filters.list()).toEqual([]);
    const [name] = setAside();
    expect(readFileSync(path.join(folder, 'damaged', name!), 'utf8')).toBe(damaged);
    expect(logged).toEqual([
      [
        'error',
        'list.set-aside',
        {
          path: file,
          keptAs: path.join(folder, 'damaged', name!),
          message: 'A comma or a closing bracket is missing.',
          line: 2,
        },
      ],
    ]);
    await filters.save({ name: 'new', filter: '' });
    expect(open().list()).toHaveLength(1);
    expect(setAside()).toHaveLength(1);
  });

  test('that are sound are kept when another is not', async () => {
    const sound = { name: 'good', filter: 'server:a' };
    writeFileSync(file, JSON.stringify({ filters: [sound, { name: 5 }] }));
    const filters = open();
    expect(filters.list()).toEqual([sound]);
    expect(logged[0]?.[2]).toMatchObject({ message: 'Entry 2 of filters does not fit.' });
    await filters.save({ name: 'other', filter: '' });
    expect(open().list()).toHaveLength(2);
    expect(setAside()).toHaveLength(1);
  });

  test.each([
    ['[]'],
    ['{"rules":[]}'],
    ['null'],
    ['{"filters":{}}'],
    [`{"filters":[${' '.repeat(1_100_000)}]}`],
  ])('are not looked for in %.20j', (text) => {
    writeFileSync(file, text);
    expect(open().list()).toEqual([]);
    expect(setAside()).toHaveLength(1);
  });

  test('that can be neither read nor set aside are not written over', async () => {
    mkdirSync(file);
    writeFileSync(path.join(folder, 'damaged'), 'in the way');
    const filters = open();
    expect(logged[0]?.slice(0, 2)).toEqual(['error', 'list.unreadable']);
    await expect(filters.save({ name: 'a', filter: '' })).rejects.toMatchObject({
      code: 'CONFIG_UNREADABLE',
    });
    expect(statSync(file).isDirectory()).toBe(true);
  });
});
