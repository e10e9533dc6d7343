import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ServerDefinition } from '../../shared/model/server.ts';
import { projectRoot } from '../support/cli.ts';
import { mcpFixture } from '../support/mcp-fixtures.ts';
import type { TemporaryHome } from '../support/temporary-home.ts';
import { inspect } from './inspect.ts';
import { expect, goTo, test } from './patchbay-test.ts';

const script = path.join(projectRoot, 'test', 'fixtures', 'mcp', 'changing.mjs');
const stateOf = (home: TemporaryHome): string => path.join(home.root, 'changing.json');
const become = (home: TemporaryHome, state: object): void =>
  writeFileSync(stateOf(home), JSON.stringify(state));

function writeCatalog(home: TemporaryHome, more: Partial<ServerDefinition> = {}): void {
  const mcpServers = {
    changing: { command: process.execPath, args: [script, stateOf(home)], ...more },
    many: mcpFixture('legacy', 'stdio'),
    off: { command: 'never-started', enabled: false },
  };
  writeFileSync(path.join(home.dataDir, 'mcp-servers.json'), JSON.stringify({ mcpServers }), { mode: 0o600 });
}

test('a server’s tools are asked for, filtered, and shown with what the rules make of them', async ({
  home,
  ui,
}) => {
  writeCatalog(home, { tools: { deny: ['change'], rename: { look: 'peek' } } });
  await goTo(ui, '#/servers?server=changing&view=tools');
  const tools = ui.getByRole('region', { name: 'What it offers' });
  await expect(tools.getByText('one was started for the question and has ended')).toBeVisible();
  const rows = tools.getByRole('region', { name: 'Tools' }).getByRole('listitem');
  await expect(rows).toHaveCount(3);
  await expect(rows.nth(0)).toContainText('hidden by your rules');
  await expect(rows.nth(2)).toContainText('shown as peek');
  await rows.nth(1).getByText('pay', { exact: true }).click();
  await expect(rows.nth(1).getByRole('region', { name: 'Input schema' })).toHaveText(/"type": "object"/);

  await goTo(ui, '#/servers?server=many&view=tools');
  const filter = ui.getByRole('searchbox', { name: 'Filter by name or description' });
  await filter.fill('simple_text');
  await expect(ui.getByRole('region', { name: 'Tools' }).getByRole('listitem')).toHaveCount(1);
  await filter.fill('no such thing');
  await expect(ui.getByText('Nothing matches the filter.')).toBeVisible();

  await goTo(ui, '#/servers?server=off&view=tools');
  await expect(ui.getByRole('alert')).toContainText('switched off');
});

test('B23: changed tools are marked, shown with what differs as text, and accepted', async ({ home, ui }) => {
  writeCatalog(home);
  await goTo(ui, '#/servers?server=changing&view=tools');
  await expect(ui.getByRole('region', { name: 'Tools' }).getByRole('listitem')).toHaveCount(3);
  become(home, {
    described: 'Pays a bill.\n<img src=x onerror="document.title=1">\u202Esecret',
    extra: true,
  });
  await ui.getByRole('button', { name: 'Ask again' }).click();

  const changes = ui.getByRole('region', { name: 'Changed tools' });
  await expect(changes).toContainText('2 tools are not as they were');
  await expect(ui.getByRole('link', { name: /changing/ })).toContainText('2 changed tools');
  await expect(changes.getByRole('region', { name: 'What has changed of pay' })).toContainText(
    '<img src=x onerror="document.title=1">',
  );
  await expect(changes.getByRole('region', { name: 'What has changed of steal' })).toContainText(
    'Takes everything.',
  );
  expect(await ui.locator('img[src=x]').count()).toBe(0);
  await ui.getByRole('region', { name: 'Tools' }).getByText('look', { exact: true }).click();
  await inspect(ui, 'server-tools-changed');
  await changes.getByRole('button', { name: 'Accept all 2 changes' }).click();
  await expect(changes).toBeHidden();
  await expect(ui.getByRole('region', { name: 'What it offers' })).toBeFocused();
  await expect(ui.getByRole('link', { name: /changing/ })).not.toContainText('changed tools');

  await goTo(ui, '#/servers?server=changing&view=settings');
  await ui.getByLabel('Hold tools that have changed').check();
  await ui.getByRole('button', { name: 'Save settings' }).click();
  await expect(ui.getByText('No changes to save')).toBeVisible();
  const catalog = readFileSync(path.join(home.dataDir, 'mcp-servers.json'), 'utf8');
  expect(catalog).toContain('"holdChangedTools": true');
});
