import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright/test';
import type { KeptAlert } from '../../electron/hub/alerts/kept-alerts.ts';
import { type Alert, ALERT_TEMPLATES, type AlertRule } from '../../shared/model/alert.ts';
import type { ServerDefinition } from '../../shared/model/server.ts';
import type { RawClient } from '../support/raw-client.ts';
import { referenceServer } from '../support/reference-servers.ts';
import { fixtureServer, installShimFor, startThroughShim } from '../support/shim.ts';
import { type RunningHub, startHub } from '../support/hub.ts';
import type { TemporaryHome } from '../support/temporary-home.ts';
import { chat } from './chatty-session.ts';
import { inBothThemes, SIZES } from './inspect.ts';
import { collectErrors, expect, goTo, openUi, test } from './patchbay-test.ts';
import { writeRichConfigs } from './rich-configs.ts';
import { isShrunk, shrinkPng } from './steady/shrink-png.ts';
import { steadyNames } from './steady/steady-names.ts';
import { steadyWire, type SteadyWire } from './steady/steady-wire.ts';
import { drawsWith, keepTakenWith, keptTakenWith } from './steady/taken-with.ts';

// Four pictures of each state, over real servers.
test.setTimeout(180_000);

/** Opens the UI with steady names and figures; skips where it is drawn otherwise than in the kept pictures. */
async function openSteady(page: Page, home: TemporaryHome, hub: RunningHub): Promise<SteadyWire> {
  const wire = await steadyWire(page, steadyNames(home, hub));
  await openUi(page, hub);
  const here = await drawsWith(page);
  const kept = keptTakenWith();
  if (['all', 'changed'].includes(test.info().config.updateSnapshots)) keepTakenWith(here);
  else
    test.skip(
      JSON.stringify(kept) !== JSON.stringify(here),
      `The pictures were taken with ${JSON.stringify(kept)}, this machine draws with ${JSON.stringify(here)}. ` +
        'See CONTRIBUTING.md on how to take them anew.',
    );
  return wire;
}

/** Compares what is shown with the kept pictures, in both themes and sizes. */
async function compare(page: Page, name: string): Promise<void> {
  await page.mouse.move(0, 0);
  await inBothThemes(page, async (theme) => {
    for (const size of SIZES) {
      await page.setViewportSize(size);
      await expect.soft(page).toHaveScreenshot(`${name}-${theme}-${size.width}.png`);
    }
  });
  await page.setViewportSize(SIZES[0]);
}

/** What was taken anew is made small enough to be kept with the sources. */
test.afterAll(() => {
  test.setTimeout(180_000);
  const folder = path.join(import.meta.dirname, 'snapshots');
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.png'))) {
    const picture = readFileSync(path.join(folder, name));
    if (!isShrunk(picture)) writeFileSync(path.join(folder, name), shrinkPng(picture));
  }
});

const node = (script: string): ServerDefinition => ({ command: process.execPath, args: [script] });

interface Work {
  clients: RawClient[];
  /** One more session of the same project. */
  start(server: string): Promise<RawClient>;
}

/** One session after the other, so that the log has the same rows in each run. */
async function work(home: TemporaryHome): Promise<Work> {
  const [command, ...args] = referenceServer('filesystem', home.project);
  const servers: Record<string, ServerDefinition> = {
    chatty: node(fixtureServer('chatty')),
    filesystem: { command: command!, args },
    echo: { ...node(fixtureServer('echo-server')), isolation: 'client', warm: 1 },
  };
  writeFileSync(path.join(home.dataDir, 'mcp-servers.json'), JSON.stringify({ mcpServers: servers }), {
    mode: 0o600,
  });
  installShimFor(home);
  const start = async (name: string): Promise<RawClient> => {
    const { command: program, args: rest } = servers[name]!;
    const client = startThroughShim(home, { name, command: program!, args: rest! });
    await client.initialize();
    await client.request('tools/list');
    return client;
  };

  mkdirSync(path.join(home.project, 'src'));
  writeFileSync(path.join(home.project, 'src', 'harbour.ts'), 'export const berths = 12;\n');
  writeFileSync(path.join(home.project, 'README.md'), '# Atlas\n\nCharts of the harbour.\n');
  const filesystem = await start('filesystem');
  await filesystem.callTool('list_directory', { path: home.project });
  await filesystem.callTool('read_text_file', { path: path.join(home.project, 'README.md') });
  await filesystem.callTool('search_files', { path: home.project, pattern: '**/*.ts' });
  await filesystem.callTool('read_text_file', { path: path.join(home.root, 'outside.txt') });
  const harbour = path.join(home.project, 'src', 'harbour.ts');
  for (let call = 0; call < 60; call += 1) await filesystem.callTool('read_text_file', { path: harbour });
  const echo = await start('echo');
  for (const message of ['north', 'east', 'south', 'west']) await echo.callTool('echo', { message });
  await echo.callTool('add', { a: 40, b: 2 });
  await echo.callTool('fail');
  await echo.request('tools/call', { name: 'no-such-tool', arguments: {} });
  const chatty = await start('chatty');
  await chat(chatty);
  await filesystem.callTool('get_file_info', { path: path.join(home.project, 'README.md') });
  await filesystem.callTool('read_text_file', { path: harbour });
  return { clients: [filesystem, echo, chatty], start };
}

test('pictures of what is recorded: traffic, latency, servers, settings, palette, shortcuts, sharing', async ({
  home,
  hub,
  page,
}) => {
  const errors = collectErrors(page);
  await openSteady(page, home, hub);
  await compare(page, 'traffic-empty');
  const { clients, start } = await work(home);
  await expect(page.getByRole('row', { name: /harbour|get_file_info/ })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('row', { name: /get_file_info/ })).toContainText('OK');
  await compare(page, 'traffic');

  await page.getByRole('row', { name: /list_directory/ }).click();
  const panel = page.getByRole('complementary', { name: 'Exchange' });
  await expect(panel.getByRole('region', { name: 'Response' })).toContainText('content');
  await compare(page, 'traffic-bodies');
  await page.getByText('chat', { exact: true }).click();
  await panel.getByRole('tab', { name: 'Timing' }).click();
  await expect(panel.getByRole('table', { name: 'Events of the call' })).toContainText('nearly there');
  await compare(page, 'traffic-waterfall');

  await goTo(page, '#/latency?server=filesystem&tool=read_text_file');
  await expect(page.getByRole('img', { name: /^Distribution of/ })).toBeVisible();
  await expect(page.getByText('No migration has measured this server.')).toBeVisible();
  await compare(page, 'latency');
  await goTo(page, '#/servers?server=filesystem');
  await expect(page.getByRole('table', { name: 'Sessions' })).toContainText('Claude Code');
  await compare(page, 'servers');
  await goTo(page, '#/settings');
  await expect(page.getByText('Data folder')).toBeVisible();
  await compare(page, 'settings');

  await goTo(page, '#/traffic');
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox', { name: 'Commands' })).toBeFocused();
  await compare(page, 'palette');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('combobox', { name: 'Commands' })).toBeHidden();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await compare(page, 'shortcuts');
  await page.keyboard.press('Escape');

  clients.push(await start('filesystem'));
  await goTo(page, '#/servers?view=sharing');
  const card = page.getByRole('region', { name: 'filesystem', exact: true });
  await expect(card.getByRole('row', { name: /Processes/ })).toHaveText(/Processes\s*2\s*1/);
  await expect(card.getByRole('row', { name: /Memory/ })).toContainText('saves about');
  await expect(card.getByRole('button', { name: /^Try sharing/ })).toBeEnabled();
  await compare(page, 'sharing');
  expect(errors).toEqual([]);
  for (const client of clients) await client.end();
});

test('pictures of what is written: the wizard with its report, clients, time machine, rollback', async ({
  home,
  page,
}) => {
  const errors = collectErrors(page);
  // Before the hub looks at them: else what it sees first is left to chance.
  const configs = writeRichConfigs(home);
  const hub = await startHub(home);
  try {
    const wire = await openSteady(page, home, hub);
    await goTo(page, '#/setup');
    await expect(page.getByRole('button', { name: 'Choose how' })).toBeEnabled();
    await compare(page, 'setup-found');
    await page.getByRole('button', { name: 'Choose how' }).click();
    await expect(page.getByRole('group', { name: 'Ways to route' })).toBeVisible();
    await compare(page, 'setup-choose');
    await page.getByRole('button', { name: 'Review the changes' }).click();
    await expect(page.getByRole('button', { name: /^Apply to/ })).toBeEnabled();
    await compare(page, 'setup-review');
    await page.getByRole('button', { name: /^Apply to/ }).click();
    await expect(page.getByRole('heading', { name: 'Same tools as before?' })).toBeVisible({
      timeout: 60_000,
    });
    await expect(page.getByText(/answer through Patchbay/)).toBeVisible();
    await compare(page, 'setup-report');
    const report = await page.evaluate(() => window.location.hash);
    wire.showRunAt({ client: 'claude-code', step: 'write', state: 'started' });
    await goTo(page, report.replace('step=report', 'step=apply'));
    await expect(page.getByRole('heading', { name: 'Applying' })).toBeVisible();
    await expect(page.getByRole('region', { name: 'Claude Desktop' })).toContainText('done');
    await compare(page, 'setup-apply');
    wire.showRunAt(null);
    await goTo(page, report);
    await page.getByRole('button', { name: 'Continue' }).click();
    await expect(page.getByRole('heading', { name: 'Done' })).toBeVisible();
    await expect(page.getByRole('region', { name: 'What to do now' })).toBeVisible();
    await compare(page, 'setup-done');

    // As a client does that rewrites its file from a memory of before.
    const {
      mcpServers: _,
      projects: __,
      ...wiped
    } = JSON.parse(readFileSync(configs.claudeCode, 'utf8')) as Record<string, object>;
    writeFileSync(configs.claudeCode, `${JSON.stringify(wiped, null, 2)}\n`);
    await goTo(page, '#/clients');
    await expect(page.getByRole('region', { name: 'To look at' })).toContainText('everything');
    await expect(page.getByRole('link', { name: /^Clients/ })).toContainText('to look at');
    await expect(page.getByRole('region', { name: 'History' })).toContainText('Applied');
    await compare(page, 'clients');
    await page
      .getByRole('region', { name: 'Claude Desktop' })
      .getByRole('button', { name: 'Roll back' })
      .click();
    await expect(page.getByRole('button', { name: 'Put back 1 file' })).toBeEnabled();
    await compare(page, 'rollback');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page
      .getByRole('link', { name: /^Versions of .*claude\.json$/ })
      .first()
      .click();
    await expect(page.getByRole('group', { name: 'Versions, newest first' }).getByRole('radio')).toHaveCount(
      3,
    );
    await expect(page.getByRole('region', { name: /^Differences in/ })).toContainText('shim.cjs');
    await compare(page, 'time-machine');
    expect(errors).toEqual([]);
  } finally {
    await hub.stop();
  }
});

test('pictures of alerts: what fires, the rules, and one of them', async ({ home, page }) => {
  const errors = collectErrors(page);
  writeAlerts(home);
  const hub = await startHub(home);
  try {
    await openSteady(page, home, hub);
    await goTo(page, '#/latency?tab=alerts');
    await expect(page.getByRole('table', { name: 'Alerts' }).getByRole('row')).toHaveCount(4);
    await expect(page.getByRole('link', { name: 'Latency 1 firing' })).toBeVisible();
    await compare(page, 'alerts');
    await page.getByRole('button', { name: 'Edit Slow calls' }).click();
    await expect(page.getByRole('dialog', { name: 'Edit the alert rule' })).toBeVisible();
    await compare(page, 'alerts-rule');
    expect(errors).toEqual([]);
  } finally {
    await hub.stop();
  }
});

/** Rules, and what the hub before knew of them: minutes of slow calls are too much to wait for. */
function writeAlerts(home: TemporaryHome): void {
  const template = (id: string, changed: Partial<AlertRule> = {}): AlertRule => ({
    ...ALERT_TEMPLATES.find((rule) => rule.id === id)!,
    ...changed,
  });
  // No calls come: what fired is believed for as long as its window is.
  const slow = template('slow-calls', { forMinutes: 15 });
  const failing = template('failing-calls', { server: 'github', tool: 'create_issue' });
  const down = template('server-down', { forMinutes: 10 });
  const rules = [
    slow,
    failing,
    down,
    template('slow-calls', { id: 'very-slow', name: 'Stuck', enabled: false }),
  ];
  const now = Date.now();
  const alert = (rule: AlertRule, more: Pick<Alert, 'server' | 'state' | 'value'>): KeptAlert => ({
    alert: {
      ...more,
      rule: rule.id,
      name: rule.name,
      kind: rule.kind,
      tool: rule.tool ?? null,
      threshold: rule.threshold,
      since: now - 60_000,
      resolvedAt: more.state === 'resolved' ? now : null,
    },
    rule,
    seenAt: now,
  });
  const alerts = [
    alert(slow, { server: 'postgres', state: 'firing', value: 7_430 }),
    alert(down, { server: 'search', state: 'pending', value: 1 }),
    alert(failing, { server: 'github', state: 'resolved', value: 34.6 }),
  ];
  mkdirSync(home.dataDir, { recursive: true, mode: 0o700 });
  for (const [name, content] of [
    ['alerts.json', { rules }],
    ['alert-states.json', { alerts }],
  ] as const)
    writeFileSync(path.join(home.dataDir, name), JSON.stringify(content), { mode: 0o600 });
}
