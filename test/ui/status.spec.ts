import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { startHub } from '../support/hub.ts';
import { installShimFor, startFixture } from '../support/shim.ts';
import { expectAccessible } from './inspect.ts';
import { expect, openUi, test } from './patchbay-test.ts';

test('a broken catalog is shown on every screen until it is mended', async ({ home, ui }) => {
  const catalog = path.join(home.dataDir, 'mcp-servers.json');
  writeFileSync(catalog, '{ "mcpServers": { "a": { "command": "node" } }', { mode: 0o600 });
  await expect(ui.getByRole('alert')).toContainText('The catalog file has an error.');
  await ui.getByRole('link', { name: 'Clients' }).click();
  await expect(ui.getByRole('alert')).toContainText('mcp-servers.json');
  writeFileSync(catalog, '{ "mcpServers": { "a": { "command": "node" } } }', { mode: 0o600 });
  await expect(ui.getByRole('alert')).toHaveCount(0);
  await ui.getByRole('link', { name: 'Servers' }).click();
  await expect(ui.getByRole('heading', { name: 'a', exact: true })).toBeVisible();
});

test('sessions that ran without the hub are counted and named', async ({ home, page }) => {
  installShimFor(home);
  const client = startFixture(home, 'echo-server');
  await client.initialize();
  expect(await client.callTool('echo', { message: 'alone' })).toBe('alone');
  await client.end();

  const hub = await startHub(home);
  try {
    await openUi(page, hub);
    await page.getByRole('button', { name: '1 session ran without the hub' }).click();
    await expect(page.getByRole('dialog').getByRole('listitem')).toContainText('echo-server');
    await expectAccessible(page, 'sessions without the hub');
  } finally {
    await hub.stop();
  }
});
