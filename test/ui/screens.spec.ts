import path from 'node:path';
import { inspect } from './inspect.ts';
import { expect, goTo, SCREENSHOTS, test } from './patchbay-test.ts';
import { startEntry } from './sample-configs.ts';

test('every screen of a fresh hub, in both themes (G22)', async ({ ui }) => {
  for (const screen of ['traffic', 'latency', 'servers', 'clients', 'setup']) {
    await goTo(ui, `#/${screen}`);
    await expect(ui.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(ui.getByText('Loading…')).toHaveCount(0);
    await inspect(ui, `empty-${screen}`);
  }
});

test('every screen at work, in both themes (G22)', async ({ home, configs, ui }) => {
  test.setTimeout(300_000);
  await goTo(ui, '#/setup');
  await expect(ui.getByText('3 servers to route')).toBeVisible();
  await inspect(ui, 'setup-1-found');
  await ui.getByRole('button', { name: 'Choose how' }).click();
  await expect(ui.getByRole('group', { name: 'Ways to route' })).toBeVisible();
  await inspect(ui, 'setup-1b-choose');
  await ui.getByRole('button', { name: 'Review the changes' }).click();
  await expect(ui.getByRole('button', { name: 'Apply to 2 files' })).toBeEnabled();
  await inspect(ui, 'setup-2-review');
  await ui.getByRole('button', { name: 'Apply to 2 files' }).click();
  await expect(ui.getByRole('heading', { name: 'Applying' })).toBeVisible();
  // One picture only: the step goes on by itself.
  await ui.screenshot({ path: path.join(SCREENSHOTS, 'setup-3-apply-dark-1280x800.png') });
  await expect(ui.getByRole('heading', { name: 'Same tools as before?' })).toBeVisible({ timeout: 60_000 });
  await inspect(ui, 'setup-4-report');
  await ui.getByRole('button', { name: 'Continue' }).click();
  await inspect(ui, 'setup-5-done');

  const everything = startEntry(home, configs.claudeCode, 'everything');
  await everything.initialize();
  for (const message of ['one', 'two', 'three', 'four']) await everything.callTool('echo', { message });
  await everything.callTool('get-sum', { a: 2, b: 40 });
  await everything.callTool('get-sum', { a: 'two' }).catch(() => {});
  const filesystem = startEntry(home, configs.claudeCode, 'filesystem');
  await filesystem.initialize();
  await filesystem.callTool('list_directory', { path: home.project });
  await filesystem.callTool('read_text_file', { path: path.join(home.root, 'outside.txt') });

  await goTo(ui, '#/traffic');
  await expect(ui.getByRole('row', { name: /read_text_file/ })).toBeVisible();
  await inspect(ui, 'traffic');
  await ui.getByRole('row', { name: /list_directory/ }).click();
  await expect(ui.getByRole('region', { name: 'Response' })).toContainText('content');
  await inspect(ui, 'traffic-detail');
  await goTo(ui, '#/traffic?filter=tool:nothing-like-it');
  await expect(ui.getByText('Nothing matches the filter')).toBeVisible();
  await inspect(ui, 'traffic-no-match');
  await goTo(ui, '#/latency');
  await expect(ui.getByRole('cell', { name: 'everything' }).first()).toBeVisible();
  await inspect(ui, 'latency');
  await goTo(ui, '#/servers?server=everything');
  await expect(ui.getByRole('heading', { name: 'everything' })).toBeVisible();
  await inspect(ui, 'servers');
  await ui.getByRole('button', { name: 'Restart' }).click();
  await expect(ui.getByRole('dialog')).toBeVisible();
  await inspect(ui, 'servers-restart');
  await ui.getByRole('button', { name: 'Cancel' }).click();
  await ui.getByRole('button', { name: 'Add server' }).click();
  await inspect(ui, 'servers-add');
  await ui.getByRole('button', { name: 'Cancel' }).click();
  await everything.end();
  await filesystem.end();

  await goTo(ui, '#/clients');
  await expect(ui.getByText('All its servers go through Patchbay.').first()).toBeVisible();
  await expect(ui.getByRole('region', { name: 'History' })).toContainText('Applied');
  await inspect(ui, 'clients');
  await ui.getByRole('region', { name: 'Claude Desktop' }).getByRole('button', { name: 'Roll back' }).click();
  await expect(ui.getByRole('button', { name: 'Put back 1 file' })).toBeEnabled();
  await inspect(ui, 'clients-rollback');
  await ui.getByRole('button', { name: 'Cancel' }).click();
  await goTo(ui, '#/settings');
  await expect(ui.getByText('Data folder')).toBeVisible();
  await inspect(ui, 'settings');
});

test('the page without a token, in both themes (G22)', async ({ page, hub }) => {
  await page.goto(new URL('/', hub.url).href);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await inspect(page, 'no-token');
});
