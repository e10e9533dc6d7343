import { readFileSync, writeFileSync } from 'node:fs';
import { expectAccessible } from './inspect.ts';
import { expect, goTo, migrateByWizard, test } from './patchbay-test.ts';
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
