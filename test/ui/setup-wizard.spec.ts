import { appendFileSync, readFileSync } from 'node:fs';
import type { Locator, Page } from 'playwright/test';
import { expect, goTo, migrateByWizard, test } from './patchbay-test.ts';
import { sha256 } from './sample-configs.ts';

test('leads from what was found over the diff to the parity report', async ({ configs, ui }) => {
  const before = { code: sha256(configs.claudeCode), desktop: sha256(configs.claudeDesktop) };
  await goTo(ui, '#/setup');
  await expect(ui.getByText('3 servers to route')).toBeVisible();
  await ui.getByRole('button', { name: 'Review the changes' }).click();

  const file = ui.getByRole('region', { name: configs.claudeCode, exact: true });
  await expect(file.getByText('3 entries routed')).toBeVisible();
  await expect(file.getByText('1 left as it is')).toBeVisible();
  await expect(file.getByRole('region', { name: `Changes in ${configs.claudeCode}` })).toContainText(
    'shim.cjs',
  );
  // Nothing is written before the button was pressed.
  expect(sha256(configs.claudeCode)).toBe(before.code);

  await ui.getByRole('button', { name: 'Apply to 2 files' }).click();
  await expect(ui.getByText('All 4 servers answer through Patchbay')).toBeVisible({ timeout: 60_000 });
  const rows = ui.getByRole('table', { name: 'Tools and speed per server' }).getByRole('row');
  await expect(rows.filter({ hasText: 'everything' })).toContainText('(same)');
  await expect(rows.filter({ hasText: 'through the hub' })).toHaveCount(4);
  expect(readFileSync(configs.claudeCode, 'utf8')).toContain('shim.cjs');
  expect(sha256(configs.claudeDesktop)).not.toBe(before.desktop);

  // The report is still there after a reload, and the wizard goes on from it.
  await ui.reload();
  await expect(ui.getByText('All 4 servers answer through Patchbay')).toBeVisible();
  await ui.getByRole('button', { name: 'Continue' }).click();
  await expect(ui.getByRole('heading', { name: 'Done' })).toBeVisible();
});

test('the button on the last step puts every file back byte for byte (A25)', async ({ configs, ui }) => {
  const before = { code: sha256(configs.claudeCode), desktop: sha256(configs.claudeDesktop) };
  await migrateByWizard(ui);
  await ui.getByRole('button', { name: 'Continue' }).click();
  await ui.getByRole('button', { name: 'Roll back' }).click();
  const dialog = ui.getByRole('dialog', { name: 'Roll back' });
  await expect(dialog.getByText('Will be exactly as before, byte for byte')).toHaveCount(2);
  expect(sha256(configs.claudeCode)).not.toBe(before.code);
  await dialog.getByRole('button', { name: 'Put back 2 files' }).click();
  await expect(dialog.getByText('Exactly as before, byte for byte', { exact: true })).toHaveCount(2);
  expect({ code: sha256(configs.claudeCode), desktop: sha256(configs.claudeDesktop) }).toEqual(before);
});

test('can be gone through with the keyboard alone', async ({ configs, ui }) => {
  await ui.getByRole('link', { name: 'Set up' }).focus();
  await ui.keyboard.press('Enter');

  // Claude Desktop stays out: its box is unticked with the space bar.
  await tabTo(ui, ui.getByRole('checkbox', { name: 'Route Claude Desktop' }));
  await ui.keyboard.press('Space');
  await tabTo(ui, ui.getByRole('button', { name: 'Review the changes' }));
  await ui.keyboard.press('Enter');

  await expect(ui.getByRole('heading', { name: 'Review every change' })).toBeFocused();
  await expect(ui.getByRole('button', { name: 'Apply to 1 file' })).toBeEnabled();
  await tabTo(ui, ui.getByRole('button', { name: 'Apply to 1 file' }));
  await ui.keyboard.press('Enter');

  await expect(ui.getByRole('heading', { name: 'Same tools as before?' })).toBeFocused({ timeout: 60_000 });
  await tabTo(ui, ui.getByRole('button', { name: 'Continue' }));
  await ui.keyboard.press('Enter');
  await expect(ui.getByRole('heading', { name: 'Done' })).toBeFocused();
  expect(readFileSync(configs.claudeCode, 'utf8')).toContain('shim.cjs');
  expect(readFileSync(configs.claudeDesktop, 'utf8')).not.toContain('shim.cjs');

  // The dialog takes the focus, gives it back, and Escape changes nothing.
  await tabTo(ui, ui.getByRole('button', { name: 'Roll back' }));
  await ui.keyboard.press('Enter');
  await expect(ui.getByRole('dialog').getByRole('button', { name: 'Put back 1 file' })).toBeEnabled();
  await ui.keyboard.press('Escape');
  await expect(ui.getByRole('dialog')).toHaveCount(0);
  await expect(ui.getByRole('button', { name: 'Roll back' })).toBeFocused();
  expect(readFileSync(configs.claudeCode, 'utf8')).toContain('shim.cjs');
});

test('a file that changed since the diff was shown is not touched', async ({ configs, ui }) => {
  await goTo(ui, '#/setup?step=review&client=claude-code');
  await expect(ui.getByRole('button', { name: 'Apply to 1 file' })).toBeEnabled();
  appendFileSync(configs.claudeCode, '\n');
  const changed = sha256(configs.claudeCode);
  await ui.getByRole('button', { name: 'Apply to 1 file' }).click();
  await expect(ui.getByRole('heading', { name: 'Nothing was changed' })).toBeVisible();
  await expect(ui.getByRole('alert')).toContainText('PLAN_STALE');
  expect(sha256(configs.claudeCode)).toBe(changed);
});

test('a reload before the first file was changed changes nothing', async ({ configs, ui }) => {
  const before = sha256(configs.claudeCode);
  await goTo(ui, '#/setup?step=review');
  await ui.getByRole('button', { name: 'Apply to 2 files' }).click();
  await expect(ui.getByRole('heading', { name: 'Applying' })).toBeVisible();
  await ui.reload();
  await expect(ui.getByRole('heading', { name: 'Nothing was changed' })).toBeVisible();
  await ui.getByRole('button', { name: 'Go to the review' }).click();
  await expect(ui.getByRole('button', { name: 'Apply to 2 files' })).toBeEnabled();
  expect(sha256(configs.claudeCode)).toBe(before);
});

test('a reload after that stops nothing: the hub goes on and compares again', async ({ configs, ui }) => {
  await goTo(ui, '#/setup?step=review');
  await ui.getByRole('button', { name: 'Apply to 2 files' }).click();
  const written = ui.getByRole('listitem').filter({ hasText: 'Change the files: done' });
  await expect(written).toBeVisible({ timeout: 30_000 });
  await ui.reload();
  await expect(ui.getByText('All 4 servers answer through Patchbay')).toBeVisible({ timeout: 60_000 });
  expect(readFileSync(configs.claudeCode, 'utf8')).toContain('shim.cjs');
});

test('offers the demo when no client has servers', async ({ ui }) => {
  await goTo(ui, '#/setup');
  await expect(ui.getByText('No client with MCP servers found')).toBeVisible();
  await expect(ui.getByRole('button', { name: 'Start the demo' })).toBeEnabled();
});

/** Presses Tab until the control has the focus; fails when it is not reached. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor();
  for (let presses = 0; presses < 60; presses += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error('Sixty presses of Tab did not lead there.');
}
