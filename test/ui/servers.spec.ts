import { fixtureServer } from '../support/shim.ts';
import { expect, goTo, test } from './patchbay-test.ts';

test('a server is added from a command line, disabled, enabled and removed', async ({ ui }) => {
  await goTo(ui, '#/servers');
  await ui.getByRole('button', { name: 'Add server' }).first().click();
  const dialog = ui.getByRole('dialog', { name: 'Add a server' });
  await dialog.getByLabel('Name').fill('echo');
  await dialog
    .getByLabel('Command line', { exact: true })
    .last()
    .fill(`node "${fixtureServer('echo-server')}" "two words"`);
  await expect(dialog.getByRole('listitem')).toHaveText(['node', fixtureServer('echo-server'), 'two words']);
  await dialog.getByRole('button', { name: 'Add server' }).click();

  await expect(ui.getByRole('heading', { name: 'echo' })).toBeVisible();
  await expect(ui.getByText(`node ${fixtureServer('echo-server')} "two words"`)).toBeVisible();
  await ui.getByRole('button', { name: 'Disable' }).click();
  await expect(ui.getByRole('button', { name: 'Enable' })).toBeVisible();
  await ui.getByRole('button', { name: 'Enable' }).click();
  await expect(ui.getByRole('button', { name: 'Disable' })).toBeVisible();

  await ui.getByRole('button', { name: 'Remove' }).click();
  await ui.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(ui.getByRole('heading', { name: 'No servers yet' })).toBeVisible();
});

test('what cannot be a server is refused with the reason beside the field', async ({ ui }) => {
  await goTo(ui, '#/servers');
  await ui.getByRole('button', { name: 'Add server' }).first().click();
  const dialog = ui.getByRole('dialog', { name: 'Add a server' });
  await dialog.getByRole('button', { name: 'Add server' }).click();
  await expect(dialog.getByText('Give a command.')).toBeVisible();
  await dialog.getByText('JSON', { exact: true }).click();
  await dialog.getByLabel('JSON definition').fill('{"command": 5}');
  await dialog.getByRole('button', { name: 'Add server' }).click();
  await expect(dialog.getByLabel('JSON definition')).toHaveAttribute('aria-invalid', 'true');
});

test('settings are kept', async ({ ui }) => {
  await goTo(ui, '#/settings');
  await ui.getByLabel('History age limit').fill('0');
  await ui.getByRole('button', { name: 'Save changes' }).click();
  await expect(ui.getByText('Give a whole number from 1 to 3,650.')).toBeVisible();
  await ui.getByLabel('History age limit').fill('30');
  await ui.getByLabel('Keep request and response bodies').uncheck();
  await ui.getByRole('button', { name: 'Save changes' }).click();
  await expect(ui.getByText('No changes to save')).toBeVisible();
  await ui.reload();
  await expect(ui.getByLabel('History age limit')).toHaveValue('30');
  await expect(ui.getByLabel('Keep request and response bodies')).not.toBeChecked();
});
