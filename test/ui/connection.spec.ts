import path from 'node:path';
import { startHub } from '../support/hub.ts';
import { expect, openUi, SCREENSHOTS, test } from './patchbay-test.ts';

test('the token leaves the address bar and survives a reload of the tab', async ({ ui, hub }) => {
  expect(ui.url()).not.toContain(hub.token);
  await ui.reload();
  await expect(ui.getByText('Hub connected')).toBeVisible();
});

test('without a token the page says which link to open', async ({ page, hub }) => {
  await page.goto(new URL('/', hub.url).href);
  await expect(page.getByRole('heading', { name: 'Open Patchbay with its own link' })).toBeVisible();
  await expect(page.getByText('patchbay status')).toBeVisible();
  // Pasting the printed link into the same tab is enough; it changes nothing but the fragment.
  await openUi(page, hub);
});

test('a wrong token is named as the reason', async ({ page, hub }) => {
  await page.goto(`${new URL('/', hub.url).href}#token=wrong`);
  await expect(page.getByRole('heading', { name: 'The hub does not accept this token' })).toBeVisible();
});

test('a lost hub leaves the screen readable, says so, and is found again', async ({
  page,
  home,
  configs,
}) => {
  expect(configs.claudeCode).toContain(home.root);
  const thrown: Error[] = [];
  page.on('pageerror', (error) => thrown.push(error));
  const first = await startHub(home);
  await openUi(page, first);
  await page.getByRole('link', { name: 'Clients' }).click();
  await expect(page.getByRole('heading', { name: 'Claude Code' })).toBeVisible();
  await first.kill();
  await expect(page.getByText('What you see may be out of date')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Claude Code' })).toBeVisible();
  await page.screenshot({ path: path.join(SCREENSHOTS, 'stale-light-1280x800.png') });

  const second = await startHub(home, { args: ['--port', String(first.port)] });
  try {
    await expect(page.getByText('Hub connected')).toBeVisible();
    await expect(page.getByText('What you see may be out of date')).toHaveCount(0);
    expect(thrown).toEqual([]);
  } finally {
    await second.stop();
  }
});
