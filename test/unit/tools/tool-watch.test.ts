import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openToolWatch, type ToolWatch } from '../../../electron/hub/tools/tool-watch.ts';
import type { ServerDefinition } from '../../../shared/model/server.ts';

let folder: string;
let catalog: Map<string, ServerDefinition>;
let told: string[];
let watch: ToolWatch;

const open = (): ToolWatch =>
  openToolWatch({
    file: path.join(folder, 'known-tools.json'),
    catalog: () => catalog,
    logger: { log: (_level, event) => void told.push(event) },
    changed: () => void told.push('changed'),
    released: (server) => void told.push(`released ${server}`),
    now: () => 1,
  });
const tools = (...described: string[]) =>
  described.map((description, index) => ({
    key: `t${index}`,
    bytes: Buffer.from(JSON.stringify({ name: `t${index}`, description })),
  }));
async function list(...described: string[]): Promise<void> {
  watch.listed('s', '{}', tools(...described));
  await watch.settled();
}

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'patchbay-tools-'));
  catalog = new Map([['s', { command: 'x' }]]);
  told = [];
  watch = open();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('B23: a change outlives the hub and is accepted only as it was shown', async () => {
  await list('One.', 'Two.');
  expect(told).toEqual([]);
  await list('One!', 'Two.');
  expect(told).toEqual(['tools.changed', 'changed']);
  watch = open();
  const [finding] = watch.findings();
  expect(finding).toMatchObject({ server: 's', count: 1, isHeld: false });
  await list('One!', 'Two!');
  await expect(watch.accept('s', finding!.id)).rejects.toMatchObject({ code: 'PLAN_STALE' });
  const { changes, finding: now } = await watch.changes('s');
  expect(changes.map(({ tool, parts }) => [tool, parts])).toEqual([
    ['t0', ['description']],
    ['t1', ['description']],
  ]);
  expect(changes[0]!.diff).toContain('-  One.\n+  One!\n');
  await watch.accept('s', now!.id);
  expect(watch.findings()).toEqual([]);
  expect(told.slice(-2)).toEqual(['changed', 'released s']);
  await expect(watch.accept('s', now!.id)).rejects.toMatchObject({ code: 'NOTHING_TO_DO' });
});

test('B23: another definition of the server is another server, met for the first time', async () => {
  await list('One.');
  catalog.set('s', { command: 'x', args: ['@2'] });
  await list('One, in version 2.');
  expect(watch.findings()).toEqual([]);
  await list('Evil.');
  expect(watch.findings()).toHaveLength(1);
});

test('B23: holds from the moment that a definition is seen, also before its list was compared', async () => {
  catalog.set('s', { command: 'x', holdChangedTools: true });
  const [before] = tools('One.');
  const [after] = tools('Evil.');
  expect(watch.isHeld('s', after!)).toBe(false);
  await list('One.');
  expect([watch.isHeld('s', before!), watch.refusal('s', 't0')]).toEqual([false, null]);
  expect(watch.isHeld('s', after!)).toBe(true);
  expect(watch.refusal('s', 't0')).toContain('patchbay servers tools s --accept');
  catalog.set('s', { command: 'x' });
  expect([watch.isHeld('s', after!), watch.refusal('s', 't0')]).toEqual([false, null]);
});

test('what is not in the catalog is not watched, and a flood of lists is dropped with a word in the log', async () => {
  watch.listed('stranger', '{}', tools('One.'));
  await watch.settled();
  expect(() => readFileSync(path.join(folder, 'known-tools.json'))).toThrow('ENOENT');
  for (let index = 0; index < 250; index += 1) watch.listed('s', `{"n":${index}}`, tools('One.'));
  expect(told).toContain('tools.not-compared');
  await watch.settled();
  expect(watch.findings()).toEqual([]);
});

test('B23: the lists of 150 servers that come at once are all compared; of one server, the newest', async () => {
  const names = Array.from({ length: 150 }, (_, index) => `s${index}`);
  for (const name of names) catalog.set(name, { command: 'x', args: [name] });
  for (const name of names) watch.listed(name, '{}', tools('One.'));
  await watch.settled();
  watch = open();
  for (const description of ['One?', 'One!']) {
    for (const name of names) watch.listed(name, '{}', tools(description));
  }
  await watch.settled();
  expect(told.filter((event) => event === 'tools.not-compared')).toEqual([]);
  expect(watch.findings().map(({ server }) => server)).toEqual(names);
  const { changes } = await open().changes('s149');
  expect(changes[0]!.diff).toContain('-  One.\n+  One!\n');
});
