import { readFileSync, writeFileSync } from 'node:fs';
import { inspect } from './inspect.ts';
import { expect, goTo, migrateByWizard, test } from './patchbay-test.ts';
import { sha256 } from './sample-configs.ts';

// Pictures in two themes and two sizes, over real servers.
test.setTimeout(180_000);

test('every version is there with who made it; any two are compared and any is restored', async ({
  configs,
  ui,
}) => {
  const original = readFileSync(configs.claudeCode, 'utf8');
  await goTo(ui, `#/clients?config=${encodeURIComponent(configs.claudeCode)}`);
  const versions = ui.getByRole('group', { name: 'Versions, newest first' });
  await expect(versions.getByRole('radio')).toHaveCount(1);
  await expect(ui.getByText('This is the first version that was seen')).toBeVisible();
  await migrateByWizard(ui);
  await goTo(ui, '#/clients');
  await ui
    .getByRole('link', { name: `Versions of ${configs.claudeCode}` })
    .first()
    .click();
  await expect(versions.getByRole('radio')).toHaveCount(2);
  await expect(versions.getByRole('radio').first()).toBeChecked();
  await expect(versions).toContainText('Patchbay, migration');
  await expect(versions).toContainText('everything changed (command, args)');
  const difference = ui.getByRole('region', { name: `Differences in ${configs.claudeCode}` });
  await expect(difference).toContainText('shim.cjs');

  // A change of a person arrives by itself.
  const migrated = readFileSync(configs.claudeCode, 'utf8');
  writeFileSync(configs.claudeCode, migrated.replace('"numStartups": 42', '"numStartups": 43'));
  await expect(versions.getByRole('radio')).toHaveCount(3);
  await versions.getByRole('radio').first().check();
  await expect(difference).toContainText('"numStartups": 43');
  await expect(versions).toContainText('1 other setting');
  await inspect(ui, 'time-machine');

  // The arrow keys walk along the timeline, and any two can be compared.
  await versions.getByRole('radio').first().focus();
  await ui.keyboard.press('ArrowDown');
  await ui.keyboard.press('ArrowDown');
  await expect(versions.getByRole('radio').last()).toBeChecked();
  await ui.getByRole('combobox', { name: 'Compare with' }).selectOption('now');
  await expect(difference).toContainText('shim.cjs');
  await expect(difference).toContainText('"numStartups": 43');

  // Servers only: what else the client keeps stays.
  await ui.getByRole('button', { name: 'Restore…' }).click();
  const dialog = ui.getByRole('dialog', { name: 'Restore a version' });
  const changes = dialog.getByRole('region', { name: /^Changes in/ });
  await expect(changes).toContainText('shim.cjs');
  await expect(changes).not.toContainText('+    "numStartups": 42');
  await inspect(ui, 'time-machine-restore');
  await dialog.getByText('The whole file', { exact: true }).click();
  await expect(changes).toContainText('"numStartups": 42');
  await dialog.getByText('Servers only', { exact: true }).click();
  await dialog.getByRole('button', { name: 'Write these lines' }).click();
  await expect(dialog.getByText('Done. The file is as shown.')).toBeVisible();
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  const restored = readFileSync(configs.claudeCode, 'utf8');
  expect(restored).not.toContain('shim.cjs');
  expect(restored).toContain('"numStartups": 43');
  await expect(versions).toContainText('Patchbay, restored');

  // The whole file: the very bytes.
  await versions.getByRole('radio').last().check();
  await ui.getByRole('button', { name: 'Restore…' }).click();
  await dialog.getByText('The whole file', { exact: true }).click();
  await dialog.getByRole('button', { name: 'Write these lines' }).click();
  await expect(dialog.getByText('Done. The file is as shown.')).toBeVisible();
  expect(readFileSync(configs.claudeCode, 'utf8')).toBe(original);
});

test('a file that was deleted comes back from its last version', async ({ configs, ui }) => {
  const before = sha256(configs.claudeDesktop);
  await goTo(ui, `#/clients?config=${encodeURIComponent(configs.claudeDesktop)}`);
  const versions = ui.getByRole('group', { name: 'Versions, newest first' });
  await expect(versions.getByRole('radio')).toHaveCount(1);
  const bytes = readFileSync(configs.claudeDesktop);
  writeFileSync(configs.claudeDesktop, '{"mcpServers": {');
  await expect(versions.getByRole('radio')).toHaveCount(2);
  await expect(versions).toContainText('cannot be read');
  await versions.getByRole('radio').last().check();
  await ui.getByRole('button', { name: 'Restore…' }).click();
  const dialog = ui.getByRole('dialog', { name: 'Restore a version' });
  await dialog.getByText('The whole file', { exact: true }).click();
  await dialog.getByRole('button', { name: 'Write these lines' }).click();
  await expect(dialog.getByText('Done. The file is as shown.')).toBeVisible();
  expect(sha256(configs.claudeDesktop)).toBe(before);
  expect(readFileSync(configs.claudeDesktop).equals(bytes)).toBe(true);
});

test('the history of migrations opens the saved report', async ({ configs, ui }) => {
  expect(configs.claudeCode).toContain('.claude.json');
  await migrateByWizard(ui);
  await goTo(ui, '#/clients');
  await ui.getByRole('region', { name: 'History' }).getByRole('button', { name: 'Report' }).click();
  const dialog = ui.getByRole('dialog', { name: /^Migration of/ });
  await expect(dialog.getByText('All 4 servers answer through Patchbay')).toBeVisible();
  await expect(dialog.getByText('report.html')).toBeVisible();
  const download = ui.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Save as a page' }).click();
  const saved = readFileSync(await (await download).path(), 'utf8');
  expect(saved).toContain('Migration report');
  expect(saved).toContain('everything');
  await inspect(ui, 'clients-report');
});
