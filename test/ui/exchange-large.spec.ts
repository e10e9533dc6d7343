import type { HubSettings } from '../../shared/model/settings.ts';
import type { RunningHub } from '../support/hub.ts';
import { tracePageTasks } from '../support/page-tasks.ts';
import { installShimFor, startFixture } from '../support/shim.ts';
import { expect, goTo, test } from './patchbay-test.ts';

/** Every body in full, up to the most that may be kept. */
const MOST_BYTES = 16_777_216;

async function captureBytes(hub: RunningHub, captureLimitBytes: number): Promise<void> {
  const address = `${new URL(hub.url).origin}/api/settings`;
  const headers = { authorization: `Bearer ${hub.token}`, 'content-type': 'application/json' };
  const settings = (await (await fetch(address, { headers })).json()) as HubSettings;
  const body = JSON.stringify({ ...settings, captureLimitBytes });
  expect((await fetch(address, { method: 'PUT', headers, body })).status).toBe(200);
}

/** 12 MB: of lines longer than 16 MiB the log keeps nothing but what they were. */
const manyKeys = (): string => `{${Array.from({ length: 1_000_000 }, (_, at) => `"k${at}":1`).join()}}`;
const BODIES = [
  ['a string of 10 MB', () => JSON.stringify('needle '.padStart(10_000_000, 'x'))],
  ['a million keys', manyKeys],
  // So large that the log reads the call by its ends; smaller calls as deep as this are passed on unread (C07).
  ['ten thousand levels', () => `${'{"down":'.repeat(10_000)}1${'}'.repeat(10_000)}`],
] as const;

/**
 * The most CPU that one task may take of the page, whatever is done to a body (issue 5). Reading one off the wire is
 * not the view's.
 */
const MOST_MS = 100;

for (const [name, make] of BODIES) {
  test(`${name} in a body never holds the page (E27)`, async ({ home, hub, ui }) => {
    await captureBytes(hub, MOST_BYTES);
    installShimFor(home);
    // Servers made with the SDK end themselves when a line is longer than 10 MiB.
    const client = startFixture(home, 'mirror');
    try {
      await client.initialize();
      const params = `{"name":"make","arguments":{"way":"result","payload":"made","what":${make()}}}`;
      client.send(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${params}}`);
      await client.line((line) => line.includes('"id":1,') || line.includes('"id":1}'));
      await goTo(ui, '#/traffic?filter=tool:make');
      await ui.getByRole('row', { name: /make/ }).last().click();
      const request = ui.getByRole('region', { name: 'Request' });
      await expect(request.getByRole('treeitem').first()).toBeVisible();
      const longestTask = await tracePageTasks(ui.context().browser()!);
      const find = ui.getByRole('searchbox', { name: 'Find in the bodies' });
      await request.getByRole('button', { name: 'Open all of it' }).click();
      await expect(request.getByText('what')).toBeVisible();
      await request.getByRole('tree').focus();
      await ui.keyboard.press('End');
      await expect(request.getByRole('treeitem', { selected: true })).toBeVisible();
      await ui.keyboard.press('Home');
      await request.getByRole('button', { name: 'Close all of it' }).click();
      await find.fill('needle');
      await expect(ui.getByRole('status').filter({ hasText: /^(?:1 of|No match)/ })).toBeVisible();
      await ui.getByText('Raw').click();
      await expect(request.getByRole('listitem').first()).toBeVisible();
      await find.fill('');
      await ui.getByText('Tree', { exact: true }).click();
      await expect(request.getByRole('treeitem').first()).toBeVisible();
      expect(await longestTask()).toBeLessThanOrEqual(MOST_MS);
      expect(await ui.evaluate(() => document.querySelectorAll('*').length)).toBeLessThan(3_000);
    } finally {
      await client.end();
    }
  });
}

test('a body of which nothing was kept is called cut, not broken', async ({ home, hub, ui }) => {
  await captureBytes(hub, MOST_BYTES);
  installShimFor(home);
  const client = startFixture(home, 'mirror');
  try {
    await client.initialize();
    // Too long a line to be held.
    const padding = 'x'.repeat(MOST_BYTES);
    await client.callTool('make', { way: 'result', payload: 'made', padding });
    await ui.getByRole('row', { name: /make/ }).click();
    const request = ui.getByRole('region', { name: 'Request' });
    await expect(request).toContainText('Cut at the capture limit: 0 B of');
    await expect(request).not.toContainText('not JSON');
  } finally {
    await client.end();
  }
});
