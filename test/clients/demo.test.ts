// `patchbay demo` plays both clients over real servers; these tests run it as a person would.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DemoSummary } from '../../electron/hub/demo/run-demo.ts';
import { cliScript, runCli, runJson } from '../support/cli.ts';
import { expectNothingLeft } from '../support/leak-check.ts';
import { temporaryHome, type TemporaryHome } from '../support/temporary-home.ts';

let home: TemporaryHome;

beforeEach(() => {
  home = temporaryHome();
});
afterEach(async () => {
  try {
    await expectNothingLeft(home);
  } finally {
    home.dispose();
  }
});

test('demo --once does the whole main job within a minute and leaves nothing', async () => {
  const summary = await runJson<DemoSummary>(home, ['demo', '--once'], { timeoutMs: 60_000 });
  expect(summary.ok).toBe(true);
  expect(summary.parity).toHaveLength(5);
  for (const row of summary.parity) expect(row).toMatchObject({ route: 'hub', missing: [], changed: [] });
  expect(summary.calls.map(({ client, server, tool }) => `${client} ${server} ${tool}`)).toEqual([
    'claude-code everything echo',
    'claude-code everything trigger-long-running-operation',
    'claude-code filesystem list_directory',
    'claude-code filesystem read_text_file',
    'claude-code memory create_entities',
    'claude-desktop memory search_nodes',
    'claude-desktop filesystem get_file_info',
  ]);
  expect(summary.files).toHaveLength(2);
  for (const file of summary.files) {
    expect(file).toMatchObject({ restored: true, sha256After: file.sha256Before });
    expect(file.sha256Migrated).not.toBe(file.sha256Before);
  }
  // The person's own folders were not even made.
  expect(existsSync(home.dataDir)).toBe(false);
});

test('demo tells its story in words and shows the diff', async () => {
  const { code, stdout, stderr } = await runCli(home, ['demo', '--once']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  for (const words of [
    '1. What is here',
    'Claude Code, for the project',
    '2. The plan',
    '+',
    'shim.cjs',
    '3. Migrate',
    '4. The clients work as before',
    'claude-desktop → memory · search_nodes',
    '5. Roll back',
    'the very same bytes',
    'Done in',
  ]) {
    expect(stdout).toContain(words);
  }
});

test('demo without --once keeps the hub and its UI until it is interrupted', async () => {
  const child = spawn(process.execPath, [cliScript, 'demo', '--json'], {
    cwd: home.project,
    env: home.env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const line = await new Promise<string>((resolve) => {
    createInterface({ input: child.stdout }).once('line', resolve);
  });
  const { url } = JSON.parse(line) as { url: string };
  const page = await fetch(new URL('/', url));
  expect(page.status).toBe(200);
  expect(await page.text()).toContain('<div id="root">');
  child.kill('SIGINT');
  await exited;
  await expect(fetch(new URL('/', url))).rejects.toThrow();
});

test('demo interrupted in the middle of the migration ends in order', async () => {
  const child = spawn(process.execPath, [cliScript, 'demo', '--once'], {
    cwd: home.project,
    env: home.env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.startsWith('  wrote')) child.kill('SIGINT');
  });
  expect(await exited).toBe(130);
});
