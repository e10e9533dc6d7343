import { call, chat, withChatty } from './chatty-session.ts';
import { expectAccessible } from './inspect.ts';
import { expect, goTo, test } from './patchbay-test.ts';

// Screens and the other dialogs are looked at where they are tested; here is what opens over the traffic.
test('axe finds nothing serious in the parts of a call and in what opens over the traffic (G22)', async ({
  home,
  hub,
  ui,
}) => {
  test.setTimeout(300_000);
  await withChatty({ home, hub }, async (client) => {
    await call(client, 'wipe', { text: 'one' });
    await call(client, 'wipe', { text: 'two' });
    await chat(client);
    const panel = ui.getByRole('complementary', { name: 'Exchange' });
    await ui.getByRole('grid').getByText('chat', { exact: true }).click();
    for (const name of ['Timing', 'Messages', 'Stderr', 'Related', 'Notes']) {
      await panel.getByRole('tab', { name }).click();
      await expect(panel.getByRole('tabpanel', { name })).toBeVisible();
      await expectAccessible(ui, `call, ${name}`);
    }

    await goTo(ui, '#/traffic?filter=tool:wipe');
    await ui.getByRole('grid').getByText('wipe', { exact: true }).last().click();
    await expect(panel.getByRole('heading', { name: 'wipe' })).toBeVisible();
    await panel.getByRole('button', { name: 'Copy as…' }).click();
    await expect(ui.getByRole('menuitem', { name: 'curl' })).toBeVisible();
    await expectAccessible(ui, 'copy as');
    await ui.keyboard.press('Escape');
    await ui.getByRole('grid').focus();
    await ui.keyboard.press('r');
    const replay = ui.getByRole('dialog', { name: 'Replay this call' });
    await replay.getByRole('textbox', { name: 'Parameters' }).fill('{ "name": "wipe" }');
    await expectAccessible(ui, 'replay');
    await replay.getByRole('button', { name: 'Send it' }).click();
    await expect(replay.getByRole('region', { name: 'Result' })).toBeVisible();
    await expectAccessible(ui, 'replay, its result');
    await replay.getByRole('button', { name: 'Compare with the recorded one' }).click();
    await expect(ui.getByRole('complementary', { name: 'Comparison' })).toContainText('difference');
    await expectAccessible(ui, 'comparison');

    await goTo(ui, '#/traffic');
    // By keyboard: a menu opened by the pointer has no item that could have the focus yet.
    await ui.getByRole('button', { name: 'Columns and view' }).press('Enter');
    await expect(ui.getByRole('menu')).toBeVisible();
    await expectAccessible(ui, 'columns');
    await ui.keyboard.press('Escape');
    await ui.getByRole('button', { name: /^Time range/ }).click();
    await expect(ui.getByRole('dialog', { name: 'Time range' })).toBeVisible();
    await expectAccessible(ui, 'time range');
    await ui.keyboard.press('Escape');
    await ui.getByRole('combobox', { name: 'Filter traffic' }).pressSequentially('st');
    await expect(ui.getByRole('listbox')).toBeVisible();
    await expectAccessible(ui, 'completions');
    await ui.getByRole('combobox', { name: 'Filter traffic' }).fill('');
    await ui.getByRole('button', { name: 'Export', exact: true }).press('Enter');
    await expect(ui.getByRole('menu')).toBeVisible();
    await expectAccessible(ui, 'export');
    await ui.getByRole('menuitem', { name: /Send spans/ }).click();
    await expect(ui.getByRole('dialog', { name: 'Send spans to a collector' })).toBeVisible();
    await expectAccessible(ui, 'send spans');
  });
});
