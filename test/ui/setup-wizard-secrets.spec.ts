import { readFileSync } from 'node:fs';
import path from 'node:path';
import { inspect } from './inspect.ts';
import { expect, goTo, test } from './patchbay-test.ts';
import { SECRET, writeRichConfigs } from './rich-configs.ts';
import { sha256 } from './sample-configs.ts';

test.setTimeout(180_000);

test('a secret goes to the store only when ticked, and comes back with the rollback', async ({
  home,
  ui,
}) => {
  const configs = writeRichConfigs(home);
  const before = sha256(configs.claudeCode);
  await goTo(ui, '#/setup?step=choose&client=claude-code');
  const secrets = ui.getByRole('region', { name: 'Secrets in clear' });
  const offer = secrets.getByRole('checkbox', { name: /^everything, env\.GITHUB_TOKEN/ });
  await expect(offer).not.toBeChecked();
  await offer.check();
  await expect(ui.getByRole('group', { name: 'Ways to route' })).toBeVisible();
  await inspect(ui, 'setup-choose-secrets');
  await ui.getByRole('button', { name: 'Review the changes' }).click();
  const file = ui.getByRole('region', { name: configs.claudeCode, exact: true });
  await expect(file.getByText('its secret goes to the secret store')).toBeVisible();
  await ui.getByRole('button', { name: /^Apply to/ }).click();
  await expect(ui.getByText('All 3 servers answer through Patchbay')).toBeVisible({ timeout: 90_000 });
  await expect(ui.getByText('Moved to the secret store: claude-code.everything.GITHUB_TOKEN')).toBeVisible();
  const config = JSON.parse(readFileSync(configs.claudeCode, 'utf8')) as {
    mcpServers: Record<string, { env: Record<string, string> }>;
  };
  expect(config.mcpServers.everything!.env.GITHUB_TOKEN).toBe('');
  const store = path.join(home.dataDir, 'secrets.json');
  expect(readFileSync(store, 'utf8')).toContain(SECRET);

  await ui.getByRole('button', { name: 'Continue' }).click();
  await ui.getByRole('button', { name: 'Roll back' }).click();
  const dialog = ui.getByRole('dialog', { name: 'Roll back' });
  await dialog.getByRole('checkbox', { name: /^Also remove from the secret store/ }).check();
  await inspect(ui, 'rollback-secrets');
  await dialog.getByRole('button', { name: 'Put back 1 file' }).click();
  await expect(dialog.getByText('Removed from the secret store: claude-code.everything')).toBeVisible();
  expect(sha256(configs.claudeCode)).toBe(before);
  expect(readFileSync(store, 'utf8')).not.toContain(SECRET);
});
