import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright/test';
import type { ServerDefinition } from '../../shared/model/server.ts';
import { fixtureServer, installShimFor, startThroughShim } from '../support/shim.ts';
import type { RawClient } from '../support/raw-client.ts';
import type { TemporaryHome } from '../support/temporary-home.ts';
import { inspect } from './inspect.ts';
import { expect, goTo, test } from './patchbay-test.ts';

const catalogOf = (home: TemporaryHome): string => path.join(home.dataDir, 'mcp-servers.json');
const echo: ServerDefinition = { command: process.execPath, args: [fixtureServer('echo-server')] };

function writeCatalog(home: TemporaryHome, mcpServers: Record<string, ServerDefinition>): void {
  writeFileSync(catalogOf(home), JSON.stringify({ mcpServers }), { mode: 0o600 });
}

function readCatalog(home: TemporaryHome): Record<string, ServerDefinition> {
  const { mcpServers } = JSON.parse(readFileSync(catalogOf(home), 'utf8')) as {
    mcpServers: Record<string, ServerDefinition>;
  };
  return mcpServers;
}

/** A session of a migrated client with a server of the catalog. */
function startSession(home: TemporaryHome, name: string, definition: ServerDefinition = echo): RawClient {
  return startThroughShim(home, { name, command: definition.command!, args: definition.args! });
}

async function openServer(ui: Page, name: string, view = ''): Promise<void> {
  await goTo(ui, `#/servers?server=${encodeURIComponent(name)}${view && `&view=${view}`}`);
  await expect(ui.getByRole('heading', { name, level: 2 })).toBeVisible();
}

test('a server is added from a command line, disabled, enabled and removed', async ({ home, ui }) => {
  await goTo(ui, '#/servers');
  await ui.getByRole('button', { name: 'Add server' }).first().click();
  const dialog = ui.getByRole('dialog', { name: 'Add a server' });
  await dialog.getByLabel('Name').fill('echo');
  await dialog
    .getByLabel('Command line', { exact: true })
    .last()
    .fill(`node "${fixtureServer('echo-server')}" "two words"`);
  await expect(dialog.getByRole('listitem')).toHaveText(['node', fixtureServer('echo-server'), 'two words']);
  await dialog.getByLabel('Variables').fill('GREETING=hello\nnonsense');
  await dialog.getByRole('button', { name: 'Add server' }).click();
  await expect(dialog.getByText('Line 2 is no NAME=VALUE.')).toBeVisible();
  await dialog.getByLabel('Variables').fill('GREETING=hello');
  await dialog.getByRole('button', { name: 'Add server' }).click();

  await expect(ui.getByRole('heading', { name: 'echo' })).toBeVisible();
  await expect(ui.getByText(`node ${fixtureServer('echo-server')} "two words"`)).toBeVisible();
  await expect(ui.getByText('GREETING', { exact: true })).toBeVisible();
  expect(readCatalog(home).echo).toMatchObject({ env: { GREETING: 'hello' } });
  await ui.getByRole('button', { name: 'Disable' }).click();
  await expect(ui.getByRole('button', { name: 'Enable' })).toBeVisible();
  await ui.getByRole('button', { name: 'Enable' }).click();
  await expect(ui.getByRole('button', { name: 'Disable' })).toBeVisible();

  await ui.getByRole('button', { name: 'Remove' }).click();
  await ui.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(ui.getByRole('heading', { name: 'No servers yet' })).toBeVisible();
});

test('the keyboard keeps its place when what opened a dialog goes after it', async ({ home, ui }) => {
  writeCatalog(home, { alpha: echo, beta: echo });
  await goTo(ui, '#/servers');
  await expect(ui.getByRole('heading', { name: 'alpha', level: 2 })).toBeVisible();
  const remove = ui.getByRole('button', { name: 'Remove' });
  await remove.press('Enter');
  const dialog = ui.getByRole('dialog');
  await expect(dialog).toBeVisible();
  await ui.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(remove).toBeFocused();
  // Removed from somewhere else: the button goes, and nobody has asked for the focus to go with it.
  writeCatalog(home, { beta: echo });
  await expect(ui.getByRole('heading', { name: 'beta', level: 2 })).toBeVisible();
  await expect(ui.getByRole('main').locator(':focus')).toHaveCount(1);
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

test('a server with a URL is added with its headers, and one can log in there', async ({ home, ui }) => {
  await goTo(ui, '#/servers');
  await ui.getByRole('button', { name: 'Add server' }).first().click();
  const dialog = ui.getByRole('dialog', { name: 'Add a server' });
  await dialog.getByLabel('Name').fill('remote');
  await dialog.getByText('URL', { exact: true }).click();
  await dialog.getByLabel('URL').last().fill('ftp://example.com');
  await dialog.getByRole('button', { name: 'Add server' }).click();
  await expect(dialog.getByText('Give an address that begins with')).toBeVisible();
  await dialog.getByLabel('URL').last().fill('http://127.0.0.1:9/mcp');
  await dialog.getByText('Streamable HTTP').click();
  await dialog.getByLabel('Headers').fill('Authorization: Bearer ${secret:KEY}');
  await inspect(ui, 'servers-add-url');
  await dialog.getByRole('button', { name: 'Add server' }).click();

  await expect(ui.getByRole('heading', { name: 'remote' })).toBeVisible();
  await expect(ui.getByRole('button', { name: 'Log in' })).toBeVisible();
  expect(readCatalog(home).remote).toEqual({
    type: 'http',
    url: 'http://127.0.0.1:9/mcp',
    headers: { Authorization: 'Bearer ${secret:KEY}' },
  });
});

test('settings are changed with the words of the command line, and reset by emptying them', async ({
  home,
  ui,
}) => {
  writeCatalog(home, { echo });
  await openServer(ui, 'echo', 'settings');
  await ui.getByLabel('Call timeout').fill('soon');
  await ui.getByRole('button', { name: 'Save settings' }).click();
  await expect(ui.getByText('Give a time such as 30s or 5m.')).toBeVisible();
  await ui.getByLabel('Call timeout').fill('30s');
  await ui.getByLabel('Memory limit').fill('512mb');
  await ui.getByLabel('Isolation').selectOption('client');
  await ui.getByLabel('Hide', { exact: true }).fill('fail');
  await ui.getByRole('button', { name: 'Save settings' }).click();
  await expect(ui.getByText('No changes to save')).toBeVisible();
  await expect
    .poll(() => readCatalog(home).echo)
    .toEqual({
      ...echo,
      isolation: 'client',
      timeout: 30_000,
      memoryLimit: 536_870_912,
      tools: { deny: ['fail'] },
    });

  await ui.reload();
  await expect(ui.getByLabel('Call timeout')).toHaveValue('30s');
  await expect(ui.getByLabel('Memory limit')).toHaveValue('512mb');
  await inspect(ui, 'servers-settings');
  for (const field of ['Call timeout', 'Memory limit', 'Hide']) {
    await ui.getByLabel(field, { exact: true }).fill('');
  }
  await ui.getByLabel('Isolation').selectOption('Default (session)');
  await ui.getByRole('button', { name: 'Save settings' }).click();
  await expect(ui.getByText('No changes to save')).toBeVisible();
  expect(readCatalog(home).echo).toEqual(echo);
});

test('tools that were seen are hidden and renamed for the next session', async ({ home, ui }) => {
  writeCatalog(home, { echo });
  installShimFor(home);
  const first = startSession(home, 'echo');
  await first.initialize();
  await first.request('tools/list');
  await openServer(ui, 'echo', 'settings');
  await ui.getByLabel('Show fail', { exact: true }).uncheck();
  await ui.getByLabel('Show add as').fill('sum');
  await expect(ui.getByLabel('Hide', { exact: true })).toHaveValue('fail');
  await expect(ui.getByText('Clients know tools by the shown name')).toBeVisible();
  await inspect(ui, 'servers-tools');
  await ui.getByRole('button', { name: 'Save settings' }).click();
  await expect(ui.getByText('No changes to save')).toBeVisible();
  await first.end();

  const second = startSession(home, 'echo');
  await second.initialize();
  const { result } = await second.request('tools/list');
  const names = (result!.tools as { name: string }[]).map(({ name }) => name);
  expect(names).toContain('sum');
  expect(names).not.toContain('add');
  expect(names).not.toContain('fail');
  await second.end();
});

test('servers of another file are shown first, then imported; known ones are recognised', async ({
  home,
  ui,
}) => {
  writeCatalog(home, { echo });
  await goTo(ui, '#/servers');
  await expect(ui.getByRole('heading', { name: 'echo', level: 2 })).toBeVisible();
  await ui.getByRole('button', { name: 'Import' }).click();
  const dialog = ui.getByRole('dialog', { name: 'Import servers' });
  await dialog.getByLabel('Or paste it').fill('not a config');
  await dialog.getByRole('button', { name: 'Show what would be added' }).click();
  await expect(dialog.getByRole('alert')).toContainText('CONFIG_MALFORMED');

  const mcpServers = {
    same: echo,
    files: { command: 'npx', args: ['-y', '@modelcontextprotocol/server-filesystem', '/tmp'] },
    keyed: {
      command: 'npx',
      args: ['-y', '@acme/keyed'],
      env: { API_KEY: 'sk-ant-0123456789abcdef0123456789' },
    },
  };
  await dialog.getByLabel('File').setInputFiles({
    name: 'mcp.json',
    mimeType: 'application/json',
    buffer: Buffer.from(JSON.stringify({ mcpServers })),
  });
  const table = dialog.getByRole('table', { name: 'What would be added' });
  await expect(table.getByRole('row', { name: /same/ })).toContainText('Known');
  await expect(table.getByRole('row', { name: /same/ })).toContainText('same as echo');
  await expect(table.getByRole('row', { name: /files/ })).toContainText(
    '@modelcontextprotocol/server-filesystem',
  );
  await expect(table.getByRole('row', { name: /keyed/ })).toContainText('1 secret in clear');
  expect(Object.keys(readCatalog(home))).toEqual(['echo']);
  await inspect(ui, 'servers-import');
  await dialog.getByRole('button', { name: 'Import 2 servers' }).click();
  await expect(ui.getByRole('heading', { name: 'files', level: 2 })).toBeVisible();
  expect(Object.keys(readCatalog(home)).toSorted()).toEqual(['echo', 'files', 'keyed']);
});

test('a session is listed with its process, and ended after asking', async ({ home, ui }) => {
  writeCatalog(home, { echo });
  installShimFor(home);
  const client = startSession(home, 'echo');
  await client.initialize();
  const pid = await client.callTool('pid');
  await openServer(ui, 'echo');
  await expect(
    ui.getByRole('table', { name: 'Processes' }).getByRole('row', { name: new RegExp(pid) }),
  ).toBeVisible();
  const row = ui.getByRole('table', { name: 'Sessions' }).getByRole('row', { name: /Claude Code/ });
  await expect(row).toContainText(home.project);
  await inspect(ui, 'servers-overview');
  await row.getByRole('button', { name: /^End the session of Claude Code/ }).click();
  await ui.getByRole('dialog').getByRole('button', { name: 'End session' }).click();
  await expect(ui.getByText('No client is connected to it.')).toBeVisible();
  await client.end();
});

test('the output is followed, paused and taken up again', async ({ home, ui }) => {
  const ticking: ServerDefinition = {
    command: process.execPath,
    args: [
      '-e',
      'let n = 0; setInterval(() => console.error("tick " + (n += 1)), 100); process.stdin.resume().on("end", () => process.exit());',
    ],
  };
  writeCatalog(home, { ticking });
  installShimFor(home);
  const client = startSession(home, 'ticking', ticking);
  client.send('{"jsonrpc":"2.0","id":1,"method":"ping"}');
  await openServer(ui, 'ticking');
  const log = ui.getByRole('log', { name: 'What the server wrote to stderr' });
  await expect(log).toContainText('tick 1');
  await ui.getByRole('button', { name: 'Pause' }).click();
  const frozen = await log.textContent();
  await expect(ui.getByText(/^\d+ new lines?$/)).toBeVisible();
  expect(await log.textContent()).toBe(frozen);
  await ui.getByRole('button', { name: 'Resume' }).click();
  await expect(log).not.toHaveText(frozen ?? '');
  await client.end();
});

test('sharing is advised with what it would save, tried, and taken back', async ({ home, ui }) => {
  writeCatalog(home, { echo });
  installShimFor(home);
  const clients = [startSession(home, 'echo'), startSession(home, 'echo')];
  for (const client of clients) {
    await client.initialize();
    await client.callTool('add', { a: 1, b: 2 });
  }
  await goTo(ui, '#/servers?view=sharing');
  const card = ui.getByRole('region', { name: 'echo', exact: true });
  await expect(card).toContainText('Can be tried');
  await expect(card).toContainText('Too few calls, or too few sessions');
  await expect(card.getByRole('row', { name: /Processes/ })).toHaveText(/Processes\s*2\s*1/);
  await expect(ui.getByText(/^Sharing would save 1 process and about/)).toBeVisible();
  await inspect(ui, 'servers-sharing');
  await card.getByRole('button', { name: /Try sharing/ }).click();
  await expect(card).toContainText('On trial since');
  await inspect(ui, 'servers-sharing-trial');
  expect(readCatalog(home).echo).toMatchObject({ isolation: 'client' });
  await card.getByRole('button', { name: 'Take back the trial of echo' }).click();
  await expect(card.getByRole('button', { name: /Try sharing/ })).toBeVisible();
  expect(readCatalog(home).echo).toEqual(echo);

  await card.getByRole('button', { name: /Try sharing/ }).click();
  await card.getByRole('button', { name: 'Keep sharing echo' }).click();
  await expect(card).not.toContainText('On trial since');
  expect(readCatalog(home).echo).toMatchObject({ isolation: 'client' });
  for (const client of clients) await client.end();
});

test('the keyboard goes through servers and to their settings', async ({ home, ui }) => {
  writeCatalog(home, { alpha: echo, beta: echo });
  await goTo(ui, '#/servers');
  await expect(ui.getByRole('heading', { name: 'alpha', level: 2 })).toBeVisible();
  await ui.keyboard.press('j');
  await expect(ui.getByRole('heading', { name: 'beta', level: 2 })).toBeVisible();
  await ui.keyboard.press('k');
  await expect(ui.getByRole('heading', { name: 'alpha', level: 2 })).toBeVisible();
  await ui.keyboard.press('n');
  await expect(ui.getByRole('dialog', { name: 'Add a server' })).toBeVisible();
  await ui.keyboard.press('Escape');
  await ui.keyboard.press('Control+k');
  await ui.getByRole('combobox', { name: 'Commands' }).fill('settings of alpha');
  await ui.keyboard.press('Enter');
  await expect(ui.getByRole('region', { name: 'Settings of this server' })).toBeVisible();
});
