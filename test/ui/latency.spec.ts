import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { AlertRule } from '../../shared/model/alert.ts';
import type { RawClient } from '../support/raw-client.ts';
import { fixtureServer, installShimFor, startThroughShim } from '../support/shim.ts';
import type { TemporaryHome } from '../support/temporary-home.ts';
import { inspect } from './inspect.ts';
import { expect, goTo, migrateByWizard, test } from './patchbay-test.ts';
import { startEntry } from './sample-configs.ts';

const SLOW_MS = [5, 8, 13, 20, 30, 50, 80, 120, 200, 400];

/** A session with the echo server, which is in the catalog. */
async function startEcho(home: TemporaryHome): Promise<RawClient> {
  const echo = { command: process.execPath, args: [fixtureServer('echo-server')] };
  writeFileSync(path.join(home.dataDir, 'mcp-servers.json'), JSON.stringify({ mcpServers: { echo } }), {
    mode: 0o600,
  });
  installShimFor(home);
  const client = startThroughShim(home, { name: 'echo', ...echo });
  await client.initialize();
  return client;
}

test('a tool is chosen and its latency shown: spread, over time, and our own share', async ({ home, ui }) => {
  test.setTimeout(180_000);
  const client = await startEcho(home);
  for (const ms of SLOW_MS) await client.callTool('slow', { ms });
  for (let call = 0; call < 30; call += 1) await client.callTool('echo', { message: 'x' });
  await client.callTool('fail');

  await goTo(ui, '#/latency');
  const table = ui.getByRole('table', { name: 'Latency per tool' });
  await expect(table.getByRole('row', { name: /latency of fail on echo/ })).toContainText('1 (100%)');
  await expect(table.getByRole('row', { name: /latency of slow on echo/ })).toContainText('new');
  await table.getByRole('button', { name: 'p99', exact: true }).click();
  await expect(table.getByRole('columnheader', { name: 'p99', exact: true })).toHaveAttribute(
    'aria-sort',
    'descending',
  );

  await table.getByRole('button', { name: 'Show the latency of slow on echo' }).click();
  const detail = ui.getByRole('complementary', { name: 'Latency of slow on echo' });
  await expect(detail.getByRole('img', { name: /^Distribution of 10 calls/ })).toBeVisible();
  await expect(detail.getByRole('img', { name: /^Durations over time/ })).toBeVisible();
  await expect(detail.getByRole('img', { name: /^p99: .* of which .* Patchbay$/ })).toBeVisible();
  await expect(detail.getByText('No migration has measured this server.')).toBeVisible();
  await inspect(ui, 'latency-detail');

  // The numbers of each chart, without the chart.
  await detail.getByText('As a table').first().click();
  const counts = await detail
    .getByRole('table', { name: 'Distribution' })
    .getByRole('row')
    .locator('td:nth-child(2)')
    .allTextContents();
  expect(counts.map(Number).reduce((sum, count) => sum + count, 0)).toBe(SLOW_MS.length);
  await inspect(ui, 'latency-detail-table');
  expect(await ui.evaluate(() => window.location.hash)).toContain('server=echo&tool=slow');
  await ui.reload();
  await expect(detail).toBeVisible();

  await detail.getByText('As a table').first().click();
  await detail.getByRole('table', { name: 'Distribution' }).getByRole('button').last().click();
  await expect(ui.getByRole('heading', { name: 'Traffic', level: 1 })).toBeVisible();
  await expect(ui.getByRole('row', { name: /slow/ })).toHaveCount(1);
  await ui.goBack();
  await detail.getByText('As a table').nth(1).click();
  await detail.getByRole('table', { name: 'Over time' }).getByRole('button').first().click();
  await expect(ui.getByRole('combobox', { name: /^Filter/ })).toHaveValue(
    /^server:echo tool:slow since:.* until:/,
  );
  await expect(ui.getByRole('row', { name: /slow/ }).first()).toBeVisible();
  await client.end();
});

test('filter, period and the chosen tool are in the address; keys go through the tools', async ({
  home,
  ui,
}) => {
  const client = await startEcho(home);
  await client.callTool('echo', { message: 'x' });
  await client.callTool('add', { a: 1, b: 2 });
  await goTo(ui, '#/latency?filter=tool%3Aecho&period=24h');
  const table = ui.getByRole('table', { name: 'Latency per tool' });
  await expect(table.getByRole('row')).toHaveCount(2);
  await expect(ui.getByRole('radio', { name: '24 hours' })).toBeChecked();
  await ui.getByRole('combobox', { name: 'Filter' }).fill('method:tools/call');
  await expect(table.getByRole('row')).toHaveCount(3);
  await ui.getByText('15 min').click();
  await expect
    .poll(() => ui.evaluate(() => window.location.hash))
    .toBe('#/latency?filter=method%3Atools%2Fcall&period=15m');

  await table.getByRole('button', { name: 'Tool' }).click();
  await ui.keyboard.press('j');
  await expect(table.getByRole('button', { expanded: true })).toHaveText('echo');
  await ui.keyboard.press('j');
  await expect(table.getByRole('button', { expanded: true })).toHaveText('add');
  await ui.keyboard.press('k');
  await expect(table.getByRole('button', { expanded: true })).toHaveText('echo');
  await ui.keyboard.press('Escape');
  await expect(ui.getByRole('complementary')).toHaveCount(0);
  await client.end();
});

test('what a migration measured stands beside the latency of its servers', async ({ home, configs, ui }) => {
  test.setTimeout(180_000);
  await migrateByWizard(ui);
  const client = startEntry(home, configs.claudeCode, 'everything');
  await client.initialize();
  await client.callTool('echo', { message: 'x' });
  await goTo(ui, '#/latency?server=everything&tool=echo');
  const migration = ui.getByRole('table', { name: 'Before and after the migration' });
  await expect(migration.getByRole('row', { name: /Claude Code \(user\)/ })).toContainText(/[+−].* ms/);
  await inspect(ui, 'latency-migration');
  await client.end();
});

test('a rule is made from a template, fires, is counted, and is exported for Prometheus', async ({
  home,
  ui,
}) => {
  // Rules are looked at once a minute, and must hold for one.
  test.setTimeout(300_000);
  await goTo(ui, '#/latency?tab=alerts');
  await expect(ui.getByText('No rules yet.')).toBeVisible();
  await inspect(ui, 'alerts-empty');
  await ui.getByRole('button', { name: 'Failing calls' }).click();
  const dialog = ui.getByRole('dialog', { name: 'Add an alert rule' });
  await dialog.getByLabel('More than, in percent').fill('a lot');
  await dialog.getByRole('button', { name: 'Save rule' }).click();
  await expect(dialog.getByText('Give a number from 0 to less than 100.')).toBeVisible();
  await dialog.getByLabel('More than, in percent').fill('50');
  await dialog.getByLabel('For, in minutes').fill('1');
  await dialog.getByLabel('At least this many calls').fill('3');
  await inspect(ui, 'alerts-rule');
  await dialog.getByRole('button', { name: 'Save rule' }).click();
  const rules = ui.getByRole('table', { name: 'Rules' });
  await expect(rules.getByRole('row', { name: /Failing calls/ })).toContainText(
    'More than 50% of the calls of each server fail for 1 min (at least 3 calls)',
  );
  await expect(ui.getByRole('button', { name: 'Failing calls', exact: true })).toHaveCount(0);

  await ui.getByRole('button', { name: 'Prometheus rules' }).click();
  const file = ui.getByRole('dialog', { name: 'Rules for Prometheus' });
  await expect(file.getByRole('region')).toContainText('alert:');
  const download = ui.waitForEvent('download');
  await file.getByRole('button', { name: 'Download' }).click();
  expect((await download).suggestedFilename()).toBe('patchbay-alerts.yml');
  expect(readFileSync(await (await download).path(), 'utf8')).toContain('groups:');
  await inspect(ui, 'alerts-prometheus');
  await ui.keyboard.press('Escape');

  const client = await startEcho(home);
  const alert = ui.getByRole('table', { name: 'Alerts' }).getByRole('row', { name: /Failing calls/ });
  // The rule is looked at once a minute, and what it counts must go on meanwhile.
  let isOver = false;
  const failing = (async () => {
    while (!isOver) {
      await client.callTool('fail');
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  })();
  try {
    await expect(alert).toContainText('Pending', { timeout: 90_000 });
    await expect(alert).toContainText('Firing', { timeout: 130_000 });
    await expect(ui.getByRole('link', { name: 'Latency 1 firing' })).toHaveAttribute(
      'href',
      '#/latency?tab=alerts',
    );
    await inspect(ui, 'alerts-firing');
    await alert.getByRole('link').click();
    await expect(ui.getByRole('combobox', { name: 'Filter' })).toHaveValue('server:echo');
    await ui.getByRole('link', { name: 'Alerts 1 firing' }).click();

    await rules.getByRole('checkbox', { name: 'Watch Failing calls' }).click();
    await expect(rules.getByRole('checkbox', { name: 'Watch Failing calls' })).not.toBeChecked();
    await expect(ui.getByRole('button', { name: 'Prometheus rules' })).toBeDisabled();
    await expect(alert).toContainText('Resolved');
  } finally {
    isOver = true;
    await failing;
    await client.end();
  }
  await rules.getByRole('button', { name: 'Edit Failing calls' }).click();
  await ui.getByRole('dialog', { name: 'Edit the alert rule' }).getByLabel('Name').fill('Broken tools');
  await ui.getByRole('button', { name: 'Save rule' }).click();
  await rules.getByRole('button', { name: 'Remove Broken tools' }).click();
  await ui.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(ui.getByText('No rules yet.')).toBeVisible();
  const saved = JSON.parse(readFileSync(path.join(home.dataDir, 'alerts.json'), 'utf8')) as {
    rules: AlertRule[];
  };
  expect(saved.rules).toEqual([]);
});
