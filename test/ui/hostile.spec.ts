import type { Page } from 'playwright/test';
import type { HubSettings } from '../../shared/model/settings.ts';
import type { RunningHub } from '../support/hub.ts';
import { fixtureServer, installShimFor, startThroughShim } from '../support/shim.ts';
import type { RawClient } from '../support/raw-client.ts';
import { HOSTILE_TEXTS } from './hostile-payloads.ts';
import { expect, goTo, test as base } from './patchbay-test.ts';

/** All that may be in the page at once, whatever a body holds. */
const MAX_NODES = 8_000;
const MAX_TEXT = 600_000;
const WAYS = ['result', 'error', 'tool-error', 'stderr', 'message'] as const;

/** With the server that says what it is told to, started through the shim and ended whatever a check found. */
const test = base.extend<{ startMirror: (name: string, tools?: readonly unknown[]) => RawClient }>({
  startMirror: async ({ home }, use) => {
    installShimFor(home);
    const clients: RawClient[] = [];
    await use((name, tools = []) => {
      const args = [fixtureServer('mirror')];
      const env = { MIRROR_TOOLS: JSON.stringify(tools) };
      const client = startThroughShim(home, { name, command: process.execPath, args, env });
      clients.push(client);
      return client;
    });
    for (const client of clients) await client.end();
  },
});

interface Watched {
  /** Everything the page asked anybody for. */
  addresses: Set<string>;
  events: string[];
}

/** Notes what a page does that it must not do. */
function watch(page: Page): Watched {
  const watched: Watched = { addresses: new Set(), events: [] };
  page.on('request', (request) => watched.addresses.add(new URL(request.url()).host));
  page.on('dialog', (dialog) => watched.events.push(`dialog ${dialog.type()}`));
  page.on('popup', () => watched.events.push('popup'));
  page.on('download', () => watched.events.push('download'));
  page.on('framenavigated', (frame) => {
    if (frame !== page.mainFrame()) watched.events.push(`frame ${frame.url()}`);
  });
  return watched;
}

async function expectUnharmed(page: Page, { addresses, events }: Watched, where: string): Promise<void> {
  const state = await page.evaluate(() => ({
    title: document.title,
    // The screens have forms of their own; those go nowhere.
    active: document.querySelectorAll(
      '#root :is(script, iframe, object, embed, img, video, form[action], base, meta, link, style, template, math)',
    ).length,
    links: [...document.querySelectorAll('a')].filter(({ href }) => !href.startsWith(location.origin)).length,
    polluted: 'owned' in {},
    width: document.documentElement.scrollWidth,
    height: document.documentElement.scrollHeight,
    nodes: document.querySelectorAll('*').length,
    text: document.body.textContent?.length ?? 0,
  }));
  expect(state, where).toMatchObject({
    title: 'Patchbay',
    active: 0,
    links: 0,
    polluted: false,
    width: 1280,
    height: 800,
  });
  expect(state.nodes, where).toBeLessThan(MAX_NODES);
  expect(state.text, where).toBeLessThan(MAX_TEXT);
  expect(events, where).toEqual([]);
  expect(
    [...addresses].filter((host) => host !== new URL(page.url()).host),
    where,
  ).toEqual([]);
}

/** Every body in full, so that the page gets all of it. */
async function captureAll(hub: RunningHub): Promise<void> {
  const address = `${new URL(hub.url).origin}/api/settings`;
  const headers = { authorization: `Bearer ${hub.token}`, 'content-type': 'application/json' };
  const settings = (await (await fetch(address, { headers })).json()) as HubSettings;
  const body = JSON.stringify({ ...settings, captureLimitBytes: 16_777_216 });
  expect((await fetch(address, { method: 'PUT', headers, body })).status).toBe(200);
}

const call = (client: RawClient, name: string, args: Record<string, unknown>): Promise<unknown> =>
  client.request('tools/call', { name, arguments: args });

test('E25 E26 E27: hundreds of hostile texts, in every place, are text and nothing else', async ({
  hub,
  ui,
  startMirror,
}) => {
  expect(HOSTILE_TEXTS.length).toBeGreaterThanOrEqual(500);
  const watched = watch(ui);
  const tools = HOSTILE_TEXTS.slice(0, 60).map((text) => ({
    name: text,
    title: text,
    description: text,
    inputSchema: { type: 'object', description: text },
  }));
  const client = startMirror(HOSTILE_TEXTS[1]!.slice(0, 60), tools);
  await client.initialize();
  await client.request('tools/list');
  for (const [index, payload] of HOSTILE_TEXTS.entries())
    await call(client, payload, { way: WAYS[index % WAYS.length], payload });

  const grid = ui.getByRole('grid');
  await expect(grid.getByRole('row').nth(5)).toBeVisible();
  await grid.focus();
  await ui.keyboard.press('Home');
  for (let page = 0; page < 30; page += 1) {
    await ui.keyboard.press('PageDown');
    await expectUnharmed(ui, watched, `page ${page} of the list`);
  }

  const headers = { authorization: `Bearer ${hub.token}` };
  const listed = await fetch(`${new URL(hub.url).origin}/api/traffic?limit=1000`, { headers });
  const { exchanges } = (await listed.json()) as { exchanges: { id: number; rpcId: string | null }[] };
  expect(exchanges.length).toBeGreaterThan(HOSTILE_TEXTS.length);
  // Every seventh in full: all kinds of payload in all ways to say it, as the numbers have no common divisor.
  const panel = ui.getByRole('complementary', { name: 'Exchange' });
  for (const { id, rpcId } of exchanges.filter((_, index) => index % 7 === 0)) {
    await goTo(ui, `#/traffic?exchange=${id}`);
    await expect(panel).toContainText(rpcId ?? 'notifications/');
    await expectUnharmed(ui, watched, `exchange ${id}`);
  }

  for (const screen of ['latency', 'servers', 'clients', 'settings']) {
    await goTo(ui, `#/${screen}`);
    await expect(ui.getByRole('heading', { level: 1 })).toBeVisible();
    await expectUnharmed(ui, watched, screen);
  }
});

test('E25: ten megabytes, ten thousand levels, a hundred thousand keys: shown in part, never all at once', async ({
  hub,
  ui,
  startMirror,
}) => {
  await captureAll(hub);
  const watched = watch(ui);
  const client = startMirror('mirror');
  await client.initialize();
  await call(client, 'long', { way: 'long', payload: 10_000_000 });
  await call(client, 'deep', { way: 'deep', payload: 10_000 });
  await call(client, 'wide', { way: 'wide', payload: 100_000 });
  for (const tool of ['long', 'deep', 'wide']) {
    // Beside a detail the list is too narrow for the server's own column, and says it after the tool.
    await ui.getByRole('row', { name: new RegExp(`mirror ${tool}|${tool} · mirror`) }).click();
    const response = ui.getByRole('region', { name: 'Response' });
    await expect(response).toContainText(
      tool === 'wide' ? '100,000 keys' : tool === 'deep' ? 'a: [' : '<b>long</b>',
    );
    await expectUnharmed(ui, watched, tool);
  }
});
