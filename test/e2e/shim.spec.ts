import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runJson } from '../support/cli.ts';
import { endMarked, type MarkedProcess, processesOf } from '../support/process-tree.ts';
import { startRawClient } from '../support/raw-client.ts';
import { fixtureServer } from '../support/shim.ts';
import type { TemporaryHome } from '../support/temporary-home.ts';
import { connected, exitOf } from './desktop-app.ts';
import { answerDialogs } from './dialogs.ts';
import { expect, test } from './fixtures.ts';
import { target } from './target.ts';
import { clickTray, trayLabels } from './tray.ts';

interface Entry {
  command: string;
  args: string[];
  env?: Record<string, string>;
}

test.skip(process.platform !== 'linux', 'only Linux lets the test find the app that the shim started');
test.skip(target.kind === 'electron', 'Electron gives no access to the tray of a running app');

test('a client that starts its server while the app is not running brings the app back, without its window', async ({
  home,
  start,
}) => {
  const config = path.join(home.home, '.claude.json');
  const echo: Entry = { command: process.execPath, args: [fixtureServer('echo-server')] };
  writeFileSync(config, JSON.stringify({ mcpServers: { echo } }), { mode: 0o600 });
  const { app } = await connected(await start());
  await expect.poll(() => trayLabels(app)).toContain('[ ] Claude Code: direct');
  await answerDialogs(app, 'Route');
  await clickTray(app, 'route:claude-code');
  await expect.poll(() => trayLabels(app)).toContain('[x] Claude Code: routed');
  const { mcpServers } = JSON.parse(readFileSync(config, 'utf8')) as { mcpServers: { echo: Entry } };
  const entry = mcpServers.echo;
  const exit = exitOf(app);
  await app.evaluate(({ app: electronApp }) => electronApp.quit());
  expect(await exit).toBe(0);

  const { command, args, env } = entry;
  const client = startRawClient({ command, args, cwd: home.project, env: { ...home.env, ...env } });
  await client.initialize();
  expect(await client.callTool('echo', { message: 'through' })).toContain('through');
  await expect.poll(() => hiddenApps(home)).toHaveLength(1);
  await expect.poll(async () => await runJson(home, ['status'])).toMatchObject({ running: true });
  await client.end();

  for (const found of hiddenApps(home)) endMarked(found, home, 'SIGTERM');
  await expect.poll(() => processesOf(home)).toEqual([]);
});

/** Main processes of apps that were started hidden; the hub's process names the switch too, in its arguments. */
const hiddenApps = (home: TemporaryHome): MarkedProcess[] =>
  processesOf(home).filter(
    ({ command }) => command.includes('--hidden') && !command.includes('--launch-command'),
  );
