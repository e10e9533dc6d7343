import { appendFileSync, readFileSync } from 'node:fs';
import { startHub } from '../support/hub.ts';
import { expect, goTo, migrateByWizard, openUi, test } from './patchbay-test.ts';
import { tabTo } from './press-keys.ts';
import { sha256 } from './sample-configs.ts';

test('leads from what was found over the diff to the parity report', async ({ configs, ui }) => {
  const before = { code: sha256(configs.claudeCode), desktop: sha256(configs.claudeDesktop) };
  await goTo(ui, '#/setup');
  await expect(ui.getByText('3 servers to route')).toBeVisible();
  await ui.getByRole('button', { name: 'Choose how' }).click();
  await expect(ui.getByRole('radio', { name: 'One entry each', exact: true })).toBeChecked();
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

test('can be gone through with the keyboard alone, and rolled back', async ({ configs, ui }) => {
  const before = sha256(configs.claudeCode);
  await tabTo(ui, ui.getByRole('link', { name: 'Set up' }));
  await ui.keyboard.press('Enter');

  // Claude Desktop stays out: its box is unticked with the space bar.
  await tabTo(ui, ui.getByRole('checkbox', { name: 'Route Claude Desktop' }));
  await ui.keyboard.press('Space');
  await tabTo(ui, ui.getByRole('button', { name: 'Choose how' }));
  await ui.keyboard.press('Enter');

  // Another way is tried with the arrow keys, and taken back.
  await expect(ui.getByRole('heading', { name: 'How should they go through Patchbay?' })).toBeFocused();
  await tabTo(ui, ui.getByRole('radio', { name: 'One entry each', exact: true }));
  await ui.keyboard.press('ArrowRight');
  await expect(ui.getByRole('radio', { name: 'One entry each, by URL' })).toBeChecked();
  await ui.keyboard.press('ArrowLeft');
  await expect(ui.getByRole('radio', { name: 'One entry each', exact: true })).toBeChecked();
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

  // And back, with the keyboard too.
  await ui.keyboard.press('Enter');
  const dialog = ui.getByRole('dialog');
  await expect(dialog.getByRole('button', { name: 'Put back 1 file' })).toBeEnabled();
  await tabTo(ui, dialog.getByRole('button', { name: 'Put back 1 file' }));
  await ui.keyboard.press('Enter');
  await expect(dialog.getByText('Exactly as before, byte for byte', { exact: true })).toBeVisible();
  await tabTo(ui, dialog.getByRole('button', { name: 'Close' }).last());
  await ui.keyboard.press('Enter');
  await expect(ui.getByRole('heading', { name: 'Rolled back' })).toBeVisible();
  expect(sha256(configs.claudeCode)).toBe(before);
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

test('a reload after that stops nothing: the steps go on where they are, to the real report', async ({
  configs,
  ui,
}) => {
  await goTo(ui, '#/setup?step=review');
  await ui.getByRole('button', { name: 'Apply to 2 files' }).click();
  const code = ui.getByRole('region', { name: 'Claude Code', exact: true });
  const written = code.getByRole('listitem').filter({ hasText: 'Change the files: done' });
  await expect(written).toBeVisible({ timeout: 30_000 });
  await ui.reload();
  // What was done before the reload is still to be seen, and what comes after it.
  await expect(written).toBeVisible();
  await expect(ui.getByText('All 4 servers answer through Patchbay')).toBeVisible({ timeout: 60_000 });
  expect(readFileSync(configs.claudeCode, 'utf8')).toContain('shim.cjs');
});

test('whoever comes by another way while it goes on is led to it', async ({ configs, ui, context, hub }) => {
  await goTo(ui, '#/setup?step=review&client=claude-code');
  await ui.getByRole('button', { name: 'Apply to 1 file' }).click();
  await expect(ui.getByRole('heading', { name: 'Applying' })).toBeVisible();
  const second = await context.newPage();
  await openUi(second, hub);
  await goTo(second, '#/setup');
  await expect(second.getByText('All 3 servers answer through Patchbay')).toBeVisible({ timeout: 60_000 });
  expect(readFileSync(configs.claudeCode, 'utf8')).toContain('shim.cjs');
});

/** The shims that are being tried when the hub dies would else start another one, faster than this test does. */
const ALONE = { PATCHBAY_NO_AUTOSTART: '1' };

test('a crash of the hub in the middle is told as what it became', async ({ home, configs, page }) => {
  const before = sha256(configs.claudeCode);
  const hub = await startHub(home, { env: ALONE });
  await openUi(page, hub);
  await goTo(page, '#/setup?step=review');
  await page.getByRole('button', { name: 'Apply to 2 files' }).click();
  const code = page.getByRole('region', { name: 'Claude Code', exact: true });
  const written = code.getByRole('listitem').filter({ hasText: 'Change the files: done' });
  await expect(written).toBeVisible({ timeout: 30_000 });
  await hub.kill();
  await expect(page.getByText('What you see may be out of date')).toBeVisible();
  const again = await startHub(home, { args: ['--port', String(hub.port)], env: ALONE });
  try {
    await expect(page.getByRole('heading', { name: 'Put back as it was' })).toBeVisible({ timeout: 30_000 });
    await expect(page.getByText('interrupted before it was proven')).toBeVisible();
    expect(sha256(configs.claudeCode)).toBe(before);
    await page.getByRole('button', { name: 'Continue' }).click();
    await expect(page.getByRole('heading', { name: 'Rolled back' })).toBeVisible();
  } finally {
    await again.stop();
  }
});

test('can be stopped before the first change', async ({ configs, ui }) => {
  const before = sha256(configs.claudeCode);
  await goTo(ui, '#/setup?step=review');
  await ui.getByRole('button', { name: 'Apply to 2 files' }).click();
  await ui.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(ui.getByText('It was stopped before the first file was changed.')).toBeVisible();
  expect(sha256(configs.claudeCode)).toBe(before);
});

test('offers the demo when no client has servers', async ({ ui }) => {
  await goTo(ui, '#/setup');
  await expect(ui.getByText('No client with MCP servers found')).toBeVisible();
  await expect(ui.getByRole('button', { name: 'Start the demo' })).toBeEnabled();
});
