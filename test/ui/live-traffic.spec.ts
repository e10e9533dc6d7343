import { withSession } from './echo-session.ts';
import { expect, goTo, migrateByWizard, test } from './patchbay-test.ts';
import { startEntry } from './sample-configs.ts';

test('a call of a migrated client appears as it happens, with its detail', async ({ home, configs, ui }) => {
  await migrateByWizard(ui);
  await goTo(ui, '#/traffic?filter=tool:echo');
  await expect(ui.getByText('Nothing matches the filter')).toBeVisible();

  const client = startEntry(home, configs.claudeCode, 'everything');
  await client.initialize();
  await client.callTool('echo', { message: 'hello from the client' });
  const row = ui.getByRole('row', { name: /everything.*echo/ });
  await expect(row).toContainText('Claude Code · project');
  await expect(row).toContainText('OK');

  await row.click();
  const panel = ui.getByRole('complementary', { name: 'Exchange' });
  await expect(panel.getByRole('region', { name: 'Request' })).toContainText('"hello from the client"');
  await expect(panel.getByRole('region', { name: 'Response' })).toContainText('Echo: hello from the client');
  await expect(panel.getByRole('img', { name: /^Hub in .* server .* hub out/ })).toBeVisible();
  await panel.getByText('Raw').click();
  await expect(panel.getByRole('region', { name: 'Request' })).toContainText('{"jsonrpc":"2.0"');
  await client.end();

  await goTo(ui, '#/latency');
  await ui.getByRole('link', { name: 'Show the traffic of echo on everything' }).click();
  await expect(ui.getByRole('combobox', { name: 'Filter traffic' })).toHaveValue(
    'server:everything tool:echo',
  );
  await expect(row).toBeVisible();
});

test('a pending call is shown as pending and settles in its place', async ({ home, ui }) => {
  await withSession(home, async (client) => {
    const answer = client.callTool('slow', { ms: 2_000 });
    const row = ui.getByRole('row', { name: /slow/ });
    await expect(row).toContainText('Pending');
    await answer;
    await expect(row).toContainText('OK');
    await expect(row).toHaveCount(1);
  });
});

test('pausing freezes the view, keeps recording and says how much waits', async ({ home, ui }) => {
  await withSession(home, async (client) => {
    await client.callTool('echo', { message: '1' });
    await expect(ui.getByRole('row', { name: /echo.*echo/ })).toHaveCount(1);
    await ui.getByRole('grid').focus();
    await ui.keyboard.press('p');
    await client.callTool('echo', { message: '2' });
    await client.callTool('echo', { message: '3' });
    await expect(ui.getByRole('button', { name: /^Resume/ })).toContainText('2 waiting');
    await expect(ui.getByRole('row', { name: /echo.*echo/ })).toHaveCount(1);
    await ui.getByRole('button', { name: /^Resume/ }).click();
    await expect(ui.getByRole('row', { name: /echo.*echo/ })).toHaveCount(3);
  });
});

test('failures are marked and can be filtered for; a wrong filter says where it is wrong', async ({
  home,
  ui,
}) => {
  await withSession(home, async (client) => {
    await client.callTool('echo', { message: 'fine' });
    await client.callTool('fail');
    const filter = ui.getByRole('combobox', { name: 'Filter traffic' });
    await ui.keyboard.press('/');
    await expect(filter).toBeFocused();
    await ui.keyboard.type('status:error');
    await expect(ui.getByRole('row', { name: /fail/ })).toContainText('Tool error');
    await expect(ui.getByRole('row', { name: /echo.*echo/ })).toHaveCount(0);

    // Escape first closes what is offered, then clears.
    await ui.keyboard.press('Escape');
    await filter.fill('server:echo statu:error');
    await expect(ui.getByText(/^Character 13:/)).toContainText('statu');
    await expect(filter).toHaveAttribute('aria-invalid', 'true');
    await expect(ui.getByRole('row', { name: /fail/ })).toBeVisible();
    await ui.keyboard.press('Escape');
    await expect(filter).toHaveValue('');
    await expect(ui.getByRole('row', { name: /echo.*echo/ })).toBeVisible();
  });
});

test('the list is worked with the keyboard', async ({ home, ui }) => {
  await withSession(home, async (client) => {
    for (const message of ['a', 'b', 'c']) await client.callTool('echo', { message });
    await expect(ui.getByRole('row', { name: /echo.*echo/ })).toHaveCount(3);
    const grid = ui.getByRole('grid');
    const active = () => grid.getAttribute('aria-activedescendant');
    await grid.focus();
    await ui.keyboard.press('End');
    const last = await active();
    await ui.keyboard.press('ArrowUp');
    expect(await active()).not.toBe(last);
    await ui.keyboard.press('ArrowDown');
    expect(await active()).toBe(last);
    await ui.keyboard.press('Enter');
    const panel = ui.getByRole('complementary', { name: 'Exchange' });
    await expect(panel.getByRole('region', { name: 'Request' })).toContainText('"c"');
    await ui.keyboard.press('ArrowUp');
    await expect(panel.getByRole('region', { name: 'Request' })).toContainText('"b"');
    await ui.keyboard.press('Escape');
    await expect(panel).toHaveCount(0);
    await ui.keyboard.press('Home');
    await expect(ui.locator(`#${await active()}`)).toContainText('initialize');
  });
});

test('hostile text is shown as text and breaks nothing (E25, E26, E27)', async ({ home, ui }) => {
  const hostile = `\u202Egnp.exe<img src=x onerror="document.title='owned'"><script>document.title="owned"</script>`;
  await withSession(
    home,
    async (client) => {
      await client.callTool('echo', { message: `${hostile}\u001B[31m\u200B${'A'.repeat(60_000)}` });
      await client.callTool(`${hostile}${'x'.repeat(3_000)}`).catch(() => {});
      const row = ui.getByRole('row', { name: /^.*U\+202Egnp\.exe<img src=x.*Error/ });
      await expect(row).toBeVisible();
      const box = await row.boundingBox();
      expect(box?.height).toBe(28);

      await ui.getByRole('row', { name: /echo.*OK/ }).click();
      const response = ui.getByRole('region', { name: 'Response' });
      await expect(response).toContainText('<script>');
      await expect(response).toContainText('U+202E');
      await expect(response).toContainText('U+001B');
      await expect(response).toContainText('60.1 kB of text');
    },
    hostile.slice(0, 70),
  );
  await expect(ui).toHaveTitle('Patchbay');
  expect(await ui.locator('img, #root script').count()).toBe(0);
  expect(await ui.evaluate(() => document.documentElement.scrollWidth)).toBe(1280);
});
