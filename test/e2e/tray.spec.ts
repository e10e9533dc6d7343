import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TemporaryHome } from '../support/temporary-home.ts';
import { connected, isWindowVisible } from './desktop-app.ts';
import { answerDialogs, askedQuestions } from './dialogs.ts';
import { expect, test } from './fixtures.ts';
import { target } from './target.ts';
import { canClickTray, clickTray, shownMessages, trayFace, trayLabels } from './tray.ts';

test.skip(target.kind === 'electron', 'Electron gives no access to the tray of a running app');

const echoServer = path.resolve(import.meta.dirname, '..', 'fixtures', 'servers', 'echo-server.mjs');

/** A Claude Code config with one server, written by hand as a person would. Returns its path and bytes. */
function writeConfig(home: TemporaryHome): { file: string; before: string } {
  const file = path.join(home.home, '.claude.json');
  const server = { type: 'stdio', command: process.execPath, args: [echoServer], env: { GREETING: 'hi' } };
  const before = `${JSON.stringify({ numStartups: 3, mcpServers: { echo: server } }, null, 2)}\n`;
  writeFileSync(file, before, { mode: 0o600 });
  return { file, before };
}

test('the tray routes a client through the hub and takes it back, byte for byte', async ({ home, start }) => {
  const { file, before } = writeConfig(home);
  const { app } = await connected(await start());
  await expect.poll(() => trayLabels(app)).toContain('[ ] Claude Code: direct');
  await expect
    .poll(() => trayFace(app))
    .toEqual({ image: 'tray-direct-linux.png', toolTip: 'Patchbay: Running, no client routed, no sessions' });

  await answerDialogs(app, 'Route');
  await clickTray(app, 'route:claude-code');
  await expect.poll(() => trayLabels(app)).toContain('[x] Claude Code: routed');
  expect(await trayLabels(app)).toContain('[x] Route All Clients Through Patchbay');
  await expect.poll(async () => (await trayFace(app)).image).toBe('tray-linux.png');
  const entry = (JSON.parse(readFileSync(file, 'utf8')) as { mcpServers: { echo: object } }).mcpServers.echo;
  expect(entry).toMatchObject({
    command: target.executable,
    args: [
      path.join(home.dataDir, 'shim', 'shim.cjs'),
      '--client',
      'claude-code',
      '--server',
      'echo',
      '--',
      process.execPath,
      echoServer,
    ],
    env: { GREETING: 'hi', ELECTRON_RUN_AS_NODE: '1' },
  });
  const [question] = await askedQuestions(app);
  expect(question).toMatchObject({
    message: 'Route 1 server of Claude Code through Patchbay?',
    detail: expect.stringContaining(file),
  });

  await answerDialogs(app, 'Roll Back');
  await clickTray(app, 'route:claude-code');
  await expect.poll(() => trayLabels(app)).toContain('[ ] Claude Code: direct');
  expect(readFileSync(file, 'utf8')).toBe(before);
});

test('cancelled, nothing is written and the check mark goes back', async ({ home, start }) => {
  const { file, before } = writeConfig(home);
  const { app } = await connected(await start());
  await expect.poll(() => trayLabels(app)).toContain('[ ] Claude Code: direct');
  await answerDialogs(app, 'Cancel');
  await clickTray(app, 'route:claude-code');
  await expect.poll(() => askedQuestions(app)).toHaveLength(1);
  // Items that switch are disabled until whatever the click began is over.
  await expect.poll(() => canClickTray(app, 'route:claude-code')).toBe(true);
  expect(await trayLabels(app)).toContain('[ ] Claude Code: direct');
  expect(readFileSync(file, 'utf8')).toBe(before);
});

test('the review opens the wizard at the plan of that client', async ({ home, start }) => {
  writeConfig(home);
  const { app, page } = await connected(await start());
  await expect.poll(() => trayLabels(app)).toContain('[ ] Claude Code: direct');
  await answerDialogs(app, 'Review');
  await clickTray(app, 'route:claude-code');
  await expect(page).toHaveURL(/#\/setup\?step=review&client=claude-code$/);
});

test('the menu leads to the places it speaks of', async ({ desktop: { app, page } }) => {
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  await clickTray(app, 'errors');
  await expect(page).toHaveURL(/#\/traffic\?filter=status%3Aerror\+since%3A1h$/);
  await clickTray(app, 'traffic');
  await expect(page).toHaveURL(/#\/traffic$/);
});

test('starting at login is switched in the menu and read back', async ({ home, desktop: { app } }) => {
  expect(await trayLabels(app)).toContain('[ ] Start at Login');
  await clickTray(app, 'open-at-login');
  expect(await trayLabels(app)).toContain('[x] Start at Login');
  const entry = readFileSync(path.join(home.home, '.config', 'autostart', 'patchbay.desktop'), 'utf8');
  expect(entry).toMatch(/^Exec=".+" "--hidden"$/m);
  await clickTray(app, 'open-at-login');
  expect(await trayLabels(app)).toContain('[ ] Start at Login');
});

test('the first closing of the window says where the app went, once', async ({ desktop: { app } }) => {
  const hint = 'Patchbay keeps running';
  const close = (): Promise<void> =>
    app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  await close();
  expect(await shownMessages(app)).toEqual([hint]);
  await clickTray(app, 'open');
  await expect.poll(() => isWindowVisible(app)).toBe(true);
  await close();
  expect(await shownMessages(app)).toEqual([hint]);
});
