import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ElectronApplication, Page } from 'playwright/test';
import { exitOf } from './desktop-app.ts';
import { expect, test } from './fixtures.ts';
import { target } from './target.ts';
import { trayFace, trayLabels } from './tray.ts';

test.skip(target.kind === 'electron', 'Electron gives no access to the tray of a running app');

/** The window, once it is connected and says so in German. */
async function germanWindow(app: ElectronApplication): Promise<Page> {
  const page = await app.firstWindow();
  await expect(page.getByText('Hub verbunden')).toBeVisible();
  return page;
}

test('the language chosen in the window is the tray’s at once, and still after a restart', async ({
  home,
  desktop,
  start,
}) => {
  expect(await trayLabels(desktop.app)).toContain('Quit Patchbay');
  await desktop.page.getByRole('link', { name: 'Settings' }).click();
  await desktop.page.getByText('Deutsch', { exact: true }).click();
  await germanWindow(desktop.app);
  await expect.poll(() => trayLabels(desktop.app)).toContain('Patchbay beenden');
  await expect.poll(async () => (await trayFace(desktop.app)).toolTip).toMatch(/^Patchbay: Läuft, /);
  const exit = exitOf(desktop.app);
  await desktop.app.evaluate(({ app }) => app.quit());
  await exit;
  // For a start without a window, which could not tell it again.
  const kept: unknown = JSON.parse(readFileSync(path.join(home.dataDir, 'desktop', 'desktop.json'), 'utf8'));
  expect(kept).toMatchObject({ choices: { language: 'de' } });

  const app = await start();
  expect(await trayLabels(app)).toContain('[ ] Bei der Anmeldung starten');
  const page = await germanWindow(app);
  await page.getByRole('link', { name: 'Einstellungen' }).click();
  await page.getByRole('group', { name: 'Sprache' }).getByText('System', { exact: true }).click();
  await expect(page.getByText('Hub connected')).toBeVisible();
  await expect.poll(() => trayLabels(app)).toContain('Quit Patchbay');
});

test('unasked, window and tray speak the language of the system', async ({ start }) => {
  const app = await start({ LANGUAGE: 'fr:de_AT', LANG: 'fr_FR.UTF-8' });
  await germanWindow(app);
  expect(await trayLabels(app)).toContain('Patchbay beenden');
});
