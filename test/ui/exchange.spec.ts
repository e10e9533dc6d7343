import { AxeBuilder } from '@axe-core/playwright';
import { execFileSync } from 'node:child_process';
import type { Locator, Page } from 'playwright/test';
import { call, chat, withChatty } from './chatty-session.ts';
import { expect, goTo, test } from './patchbay-test.ts';

const panelOf = (page: Page): Locator => page.getByRole('complementary', { name: 'Exchange' });

/** Opens the newest call of a tool. */
async function openCall(page: Page, tool: string, count = 1): Promise<Locator> {
  await goTo(page, `#/traffic?filter=tool:${tool}`);
  const rows = page.getByRole('row').filter({ has: page.getByText(tool, { exact: true }) });
  await expect(rows).toHaveCount(count);
  await expect(rows.last()).toContainText('OK');
  await rows.last().click();
  await expect(panelOf(page).getByRole('heading', { name: tool })).toBeVisible();
  return panelOf(page);
}

/** axe on the detail and the dialog over it, and no sideways scrolling of the page, in both sizes. */
async function expectSound(page: Page, place = 'aside'): Promise<void> {
  for (const size of [
    { width: 900, height: 600 },
    { width: 1280, height: 800 },
  ]) {
    await page.setViewportSize(size);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(size.width);
    const { violations } = await new AxeBuilder({ page })
      .include(place)
      .withTags(['wcag2a', 'wcag2aa', 'wcag21aa'])
      .analyze();
    expect(violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html}`)).toEqual([]);
  }
}

test('bodies stand beside each other where there is room, open and close by keyboard, and can be searched', async ({
  home,
  hub,
  ui,
}) => {
  await withChatty({ home, hub }, async (client) => {
    const inner = { list: [1, { deep: 'needle in here' }] };
    await call(client, 'make', { text: 'first line\nsecond \u202Eline', inner });
    const panel = await openCall(ui, 'make');
    const request = panel.getByRole('region', { name: 'Request' });
    const response = panel.getByRole('region', { name: 'Response' });
    await expect(response).toContainText('U+202E');
    const boxes = async () => ({ a: (await request.boundingBox())!, b: (await response.boundingBox())! });
    const wide = await boxes();
    expect(wide.b.x).toBeGreaterThanOrEqual(wide.a.x + wide.a.width - 1);
    await ui.setViewportSize({ width: 900, height: 600 });
    const narrow = await boxes();
    expect(narrow.b.y).toBeGreaterThanOrEqual(narrow.a.y + narrow.a.height - 1);
    await ui.setViewportSize({ width: 1280, height: 800 });

    await request.getByRole('button', { name: 'Close all of it' }).click();
    await expect(request.getByRole('treeitem')).toHaveCount(5);
    await request.getByRole('tree').focus();
    await ui.keyboard.press('End');
    await expect(request.getByRole('treeitem', { name: 'params' })).toHaveAttribute('aria-selected', 'true');
    await ui.keyboard.press('ArrowRight');
    await expect(request.getByRole('treeitem')).toHaveCount(7);
    await ui.keyboard.press('ArrowRight');
    await expect(request).toContainText('$.params.name');
    await ui.keyboard.press('ArrowLeft');
    await ui.keyboard.press('ArrowLeft');
    await expect(request.getByRole('treeitem')).toHaveCount(5);

    await ui.keyboard.press('ControlOrMeta+f');
    const find = panel.getByRole('searchbox', { name: 'Find in the bodies' });
    await expect(find).toBeFocused();
    await ui.keyboard.type('NEEDLE');
    await expect(panel.getByText('1 of 1')).toBeVisible();
    await expect(request.locator('mark')).toHaveText('needle');
    await find.fill('line');
    await expect(panel.getByText(/^1 of /)).toBeVisible();
    await ui.keyboard.press('Shift+Enter');
    await expect(panel.getByText(/^(\d+) of \1$/)).toBeVisible();
    await panel.getByText('Raw').click();
    await expect(request).toContainText('{"jsonrpc":"2.0"');
    await panel.getByText('Tree', { exact: true }).click();
    await expectSound(ui);
  });
});

test('the waterfall and its table show what happened during the call', async ({ home, hub, ui }) => {
  await withChatty({ home, hub }, async (client) => {
    await chat(client);
    const panel = await openCall(ui, 'chat');
    await panel.getByRole('tab', { name: 'Timing' }).click();
    await expect(
      panel.getByRole('img', { name: /events; all of them are in the table below/ }),
    ).toBeVisible();
    const table = panel.getByRole('table', { name: 'Events of the call' });
    const rows = table.locator('tbody tr');
    await expect(rows.filter({ hasText: 'Progress' })).toHaveText([
      /1 \/ 3 · step 1/,
      /2 \/ 3 · step 2/,
      /3 \/ 3 · step 3/,
    ]);
    await expect(rows.filter({ hasText: 'Log message' })).toContainText('warning: nearly there');
    await expect(rows.filter({ hasText: 'Stderr' }).first()).toContainText('step 1 of the work');
    await rows.first().focus();
    await ui.keyboard.press('End');
    await expect(rows.last()).toBeFocused();
    await expectSound(ui);

    const question = rows.filter({ hasText: 'roots/list' });
    await question.focus();
    await ui.keyboard.press('Enter');
    await expect(panelOf(ui).getByRole('heading', { name: 'roots/list' })).toBeVisible();
    await ui.goBack();

    await panel.getByRole('tab', { name: 'Messages' }).click();
    await panel.getByRole('button', { name: /nearly there/ }).click();
    await expect(panel.getByRole('region', { name: 'notifications/message' })).toContainText('"chatty"');
    await panel.getByRole('tab', { name: 'Stderr' }).click();
    await expect(panel.getByRole('list', { name: 'Lines on stderr around the call' })).toContainText(
      'step 2 of the work',
    );
    await expectSound(ui);
  });
});

test('a copied curl command does what the client did, without the token unless it is asked for', async ({
  home,
  hub,
  ui,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await withChatty({ home, hub }, async (client) => {
    await call(client, 'make', { text: `it's "quoted" $HOME` });
    const panel = await openCall(ui, 'make');
    const copied = async (item: string, withToken = false): Promise<string> => {
      await panel.getByRole('button', { name: 'Copy as…' }).click();
      if (withToken) await ui.getByRole('menuitemcheckbox', { name: /Include the access token/ }).click();
      await ui.getByRole('menuitem', { name: item }).click();
      await expect(panel.getByRole('status').filter({ hasText: 'Copied' })).toBeVisible();
      return ui.evaluate(() => navigator.clipboard.readText());
    };
    const command = await copied('curl');
    expect(command).toContain('$PATCHBAY_TOKEN');
    expect(command).not.toContain(hub.token);
    const env = { ...home.env, PATCHBAY_TOKEN: hub.token };
    const answer = JSON.parse(execFileSync('sh', ['-c', command], { env, encoding: 'utf8' })) as {
      result: { content: { text: string }[] };
    };
    expect(answer.result.content[0]?.text).toBe(`it's "quoted" $HOME`);

    expect(await copied('curl', true)).toContain(hub.token);
    expect(await copied('MCP Inspector')).not.toContain(hub.token);
    expect(await copied('patchbay replay')).toMatch(/^patchbay replay \d+$/);
    expect(JSON.parse(await copied('Both as JSON'))).toHaveProperty('response.result');
  });
});

test('bookmarks and notes stay, and what was typed is not lost', async ({ home, hub, ui }) => {
  await withChatty({ home, hub }, async (client) => {
    await call(client, 'make', { text: 'a' });
    await call(client, 'make', { text: 'b' });
    const panel = await openCall(ui, 'make', 2);
    await ui.getByRole('grid').focus();
    await ui.keyboard.press('b');
    await expect(panel.getByRole('button', { name: 'Remove the bookmark (B)' })).toHaveAttribute(
      'aria-pressed',
      'true',
    );
    await ui.keyboard.press('6');
    const note = panel.getByRole('textbox', { name: 'Note' });
    await note.fill('why is this slow?');
    await ui.getByRole('grid').focus();
    await ui.keyboard.press('[');
    await expect(note).toHaveValue('');
    await ui.keyboard.press(']');
    await expect(note).toHaveValue('why is this slow?');
    await expect(panel.getByText('Not saved yet')).toBeVisible();
    await panel.getByRole('button', { name: 'Save the note' }).click();
    await expect(panel.getByText(/^Saved /)).toBeVisible();
    await ui.reload();
    await expect(panel.getByRole('button', { name: 'Remove the bookmark (B)' })).toBeVisible();
    await panel.getByRole('tab', { name: 'Notes' }).click();
    await expect(note).toHaveValue('why is this slow?');
    await expectSound(ui);
  });
});

test('two calls of a tool are compared: figures, parameters, results', async ({ home, hub, ui }) => {
  await withChatty({ home, hub }, async (client) => {
    await call(client, 'make', { text: 'same\nold\n', gone: 1 });
    await call(client, 'make', { text: 'same\nnew\n', fresh: [1] });
    await openCall(ui, 'make', 2);
    await panelOf(ui).getByRole('tab', { name: 'Related' }).click();
    await panelOf(ui)
      .getByRole('button', { name: /^Compare with make/ })
      .click();
    const comparison = ui.getByRole('complementary', { name: 'Comparison' });
    const params = comparison.getByRole('region', { name: 'Parameters' });
    await expect(params).toContainText('3 differences');
    await expect(params.locator('del')).toHaveText('old\n');
    await expect(params.locator('ins')).toHaveText('new\n');
    await expect(params.getByRole('listitem').filter({ hasText: 'only in the first gone' })).toBeVisible();
    await expect(comparison.getByRole('row', { name: /^Duration/ })).toContainText('ms');
    await expectSound(ui);
    await ui.keyboard.press('x');
    await expect(params.locator('del')).toHaveText('new\n');
    await ui.keyboard.press('d');
    await expect(panelOf(ui)).toBeVisible();
    expect(new URL(ui.url()).hash).not.toContain('compare');
  });
});

test('a call is edited and sent again once a person knows what that means', async ({ home, hub, ui }) => {
  await withChatty({ home, hub }, async (client) => {
    await call(client, 'wipe', { text: 'recorded' });
    const panel = await openCall(ui, 'wipe');
    await ui.getByRole('grid').focus();
    await ui.keyboard.press('r');
    const dialog = ui.getByRole('dialog', { name: 'Replay this call' });
    await expect(dialog.getByText('may destroy or overwrite something')).toBeVisible();
    await expect(dialog).toContainText('The server really runs it');
    const params = dialog.getByRole('textbox', { name: 'Parameters' });
    await params.fill('{\n  "name": "wipe",\n  "arguments": { "text": "edited", }\n}');
    await expect(dialog.getByText(/^Line 3, column 36:/)).toBeVisible();
    await expect(dialog.getByRole('button', { name: 'Send it' })).toBeDisabled();
    await expectSound(ui, '[role=dialog]');
    await dialog.getByRole('button', { name: 'Restore the recorded ones' }).click();
    await expect(params).toHaveValue(/"recorded"/);
    await params.fill('{ "name": "wipe", "arguments": { "text": "edited" } }');
    await dialog.getByRole('button', { name: 'Send it' }).click();
    const result = dialog.getByRole('region', { name: 'Result' });
    await expect(result).toContainText('"edited"');
    await dialog.getByRole('button', { name: 'Compare with the recorded one' }).click();
    const comparison = ui.getByRole('complementary', { name: 'Comparison' });
    await expect(comparison.getByRole('region', { name: 'Parameters' }).locator('ins')).toHaveText('edit');
    await ui.keyboard.press('d');
    await expect(panel.getByRole('heading', { name: 'wipe' })).toBeVisible();
  });
});
