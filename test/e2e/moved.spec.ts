import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { startRawClient } from '../support/raw-client.ts';
import { fixtureServer } from '../support/shim.ts';
import { connected, exitOf } from './desktop-app.ts';
import { answerDialogs } from './dialogs.ts';
import { expect, test } from './fixtures.ts';
import { target } from './target.ts';
import { clickTray, shownBoxes, trayFace, trayLabels } from './tray.ts';

interface Entry {
  command: string;
  args: string[];
  env: Record<string, string>;
}

test.skip(process.platform !== 'linux', 'only an AppImage can be moved by renaming one file');
test.skip(target.kind === 'electron', 'Electron gives no access to the tray of a running app');

test('moved, the app offers once to let the entries start it where it is now, and they do', async ({
  home,
  start,
}) => {
  test.slow();
  const config = path.join(home.home, '.claude.json');
  const echo = { command: process.execPath, args: [fixtureServer('echo-server')] };
  writeFileSync(config, `${JSON.stringify({ numStartups: 3, mcpServers: { echo } }, null, 2)}\n`, {
    mode: 0o600,
  });
  const entry = (): Entry =>
    (JSON.parse(readFileSync(config, 'utf8')) as { mcpServers: { echo: Entry } }).mcpServers.echo;

  // As AppRun does for an AppImage: the app is told the path of its one file, whose start is the app's.
  const folder = path.join(home.root, 'apps');
  mkdirSync(folder);
  const old = path.join(folder, 'Patchbay-0.1.0.AppImage');
  writeFileSync(old, `#!/bin/sh\nexec '${target.executable}' "$@"\n`);
  chmodSync(old, 0o755);

  const { app } = await connected(await start({ APPIMAGE: old }));
  await expect.poll(() => trayLabels(app)).toContain('[ ] Claude Code: direct');
  await answerDialogs(app, 'Route');
  await clickTray(app, 'route:claude-code');
  // Routing starts the server several times over, to compare.
  await expect.poll(() => trayLabels(app), { timeout: 45_000 }).toContain('[x] Claude Code: routed');
  expect(entry()).toMatchObject({ command: old, args: expect.arrayContaining(['--no-sandbox']) });
  const exit = exitOf(app);
  await answerDialogs(app, 'Quit');
  await app.evaluate(({ app: electronApp }) => electronApp.quit());
  expect(await exit).toBe(0);

  const moved = path.join(folder, 'Patchbay-0.2.0.AppImage');
  renameSync(old, moved);
  // The question comes as soon as the hub has looked, which may be before anything can be told the app from here.
  const again = await start({ APPIMAGE: moved, PATCHBAY_STANDIN_ANSWER: 'Repair' });
  const second = await connected(again);
  await expect.poll(() => entry().command, { timeout: 30_000 }).toBe(moved);
  expect(entry().args.filter((word) => word === '--no-sandbox')).toHaveLength(1);
  await expect.poll(async () => (await trayFace(second.app)).image).toBe('tray-linux.png');

  const { command, args, env } = entry();
  const client = startRawClient({ command, args, cwd: home.project, env: { ...home.env, ...env } });
  await client.initialize();
  expect(await client.callTool('echo', { message: 'from its new place' })).toContain('from its new place');
  await client.end();
  expect(await shownBoxes(second.app)).toMatchObject([
    {
      message: 'Was Patchbay moved? Claude Code cannot start its servers.',
      detail: expect.stringContaining(config),
    },
  ]);
});
