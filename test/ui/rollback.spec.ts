import { readFileSync, writeFileSync } from 'node:fs';
import { expectAccessible } from './inspect.ts';
import { expect, goTo, migrateByWizard, test } from './patchbay-test.ts';
import { tabTo } from './press-keys.ts';
import { sha256 } from './sample-configs.ts';

test('roll back from the clients screen restores the very bytes (A25)', async ({ configs, ui }) => {
  const before = sha256(configs.claudeCode);
  await migrateByWizard(ui);
  expect(sha256(configs.claudeCode)).not.toBe(before);
  await goTo(ui, '#/clients');
  const client = ui.getByRole('region', { name: 'Claude Code', exact: true });
  await client.getByRole('button', { name: 'Roll back' }).click();
  const dialog = ui.getByRole('dialog', { name: 'Roll back' });
  await expect(dialog.getByRole('region', { name: `Changes in ${configs.claudeCode}` })).toContainText(
    'shim.cjs',
  );
  await dialog.getByRole('button', { name: 'Put back 1 file' }).click();
  await expect(dialog.getByText('Exactly as before, byte for byte', { exact: true })).toBeVisible();
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  expect(sha256(configs.claudeCode)).toBe(before);
  await expect(client.getByText('Its servers are started directly, without Patchbay.')).toBeVisible();
  await expect(ui.getByRole('region', { name: 'History' })).toContainText('Partly rolled back');
});

test('roll back after the client wrote its file keeps what it wrote and says so (A24)', async ({
  configs,
  ui,
}) => {
  await migrateByWizard(ui);
  const migrated = readFileSync(configs.claudeCode, 'utf8');
  writeFileSync(configs.claudeCode, migrated.replace('"numStartups": 42', '"numStartups": 43'));
  await goTo(ui, '#/clients');
  const client = ui.getByRole('region', { name: 'Claude Code', exact: true });
  await client.getByRole('button', { name: 'Roll back' }).click();
  const dialog = ui.getByRole('dialog', { name: 'Roll back' });
  await expect(dialog.getByText('Our entries go, originals come back, your later edits stay')).toBeVisible();
  await dialog.getByRole('button', { name: 'Put back 1 file' }).click();
  await expect(dialog.getByText('Originals are back, your later edits were kept')).toBeVisible();
  const after = readFileSync(configs.claudeCode, 'utf8');
  expect(after).toContain('"numStartups": 43');
  expect(after).not.toContain('shim.cjs');
});

test('one client is rolled back with the keyboard alone', async ({ configs, ui }) => {
  const before = sha256(configs.claudeCode);
  await migrateByWizard(ui);
  const migrated = sha256(configs.claudeCode);
  await tabTo(ui, ui.getByRole('link', { name: 'Clients' }));
  await ui.keyboard.press('Enter');
  const client = ui.getByRole('region', { name: 'Claude Code', exact: true });
  const rollBack = client.getByRole('button', { name: 'Roll back' });
  await tabTo(ui, rollBack);
  await ui.keyboard.press('Enter');

  // From the way out over what would change to the button that does it, and round again.
  const dialog = ui.getByRole('dialog', { name: 'Roll back' });
  const confirm = dialog.getByRole('button', { name: 'Put back 1 file' });
  await expect(confirm).toBeEnabled();
  const close = dialog.getByRole('button', { name: 'Close' });
  await expect(close).toBeFocused();
  for (const next of [
    dialog.getByRole('region', { name: `Changes in ${configs.claudeCode}` }),
    dialog.getByRole('button', { name: 'Cancel' }),
    confirm,
    close,
  ]) {
    await ui.keyboard.press('Tab');
    await expect(next).toBeFocused();
  }
  await ui.keyboard.press('Shift+Tab');
  await expect(confirm).toBeFocused();

  // Escape changes nothing and leads back.
  await ui.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(rollBack).toBeFocused();
  expect(sha256(configs.claudeCode)).toBe(migrated);

  await ui.keyboard.press('Enter');
  // A region that is there before its words is read out; one that comes with them may not be.
  const status = dialog.getByRole('status').filter({ hasText: /^$/ });
  await expect(status).toHaveCount(1);
  await tabTo(ui, confirm);
  await ui.keyboard.press('Enter');
  await expect(dialog.getByRole('status').first()).toHaveText('Done. This is what happened:');
  await expect(dialog.getByText('Exactly as before, byte for byte', { exact: true })).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Close' }).last()).toBeFocused();
  expect(sha256(configs.claudeCode)).toBe(before);

  // Its button has gone with what it was for.
  await ui.keyboard.press('Enter');
  await expect(dialog).toHaveCount(0);
  await expect(rollBack).toHaveCount(0);
  await expect(client.getByRole('button', { name: 'Route through Patchbay' })).toBeFocused();
});

test('all clients are rolled back with the keyboard alone', async ({ configs, ui }) => {
  const before = [configs.claudeCode, configs.claudeDesktop].map(sha256);
  await migrateByWizard(ui);
  await goTo(ui, '#/clients');
  const rollBack = ui.getByRole('button', { name: 'Roll back everything' });
  await tabTo(ui, rollBack);
  await ui.keyboard.press('Space');
  const dialog = ui.getByRole('dialog', { name: 'Roll back' });
  const confirm = dialog.getByRole('button', { name: 'Put back 2 files' });
  await expect(confirm).toBeEnabled();
  await tabTo(ui, dialog.getByRole('button', { name: 'Cancel' }));
  await ui.keyboard.press('Space');
  await expect(dialog).toHaveCount(0);
  await expect(rollBack).toBeFocused();

  await ui.keyboard.press('Space');
  await expect(confirm).toBeEnabled();
  await tabTo(ui, confirm);
  await ui.keyboard.press('Space');
  await expect(dialog.getByRole('status').first()).toHaveText('Done. This is what happened:');
  await expect(dialog.getByText('Exactly as before, byte for byte', { exact: true })).toHaveCount(2);
  await expect(dialog.getByRole('button', { name: 'Close' }).last()).toBeFocused();
  expect([configs.claudeCode, configs.claudeDesktop].map(sha256)).toEqual(before);
  await expectAccessible(ui, 'a rollback that is done');

  await ui.keyboard.press('Space');
  await expect(rollBack).toHaveCount(0);
  await expect(ui.getByRole('button', { name: 'Config versions' })).toBeFocused();
});

test('checking again compares every routed server once more and changes nothing', async ({ configs, ui }) => {
  await migrateByWizard(ui);
  const migrated = sha256(configs.claudeCode);
  await goTo(ui, '#/clients');
  const client = ui.getByRole('region', { name: 'Claude Code', exact: true });
  await client.getByRole('button', { name: 'Check again' }).click();
  await expect(ui.getByRole('dialog').getByText('All 3 servers answer through Patchbay')).toBeVisible({
    timeout: 60_000,
  });
  await expectAccessible(ui, 'a check that is done');
  expect(sha256(configs.claudeCode)).toBe(migrated);
});
