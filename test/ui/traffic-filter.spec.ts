import type { Page } from 'playwright/test';
import { echoTimes, withSession } from './echo-session.ts';
import { expectAccessible } from './inspect.ts';
import { expect, goTo, test } from './patchbay-test.ts';

const rows = (ui: Page) => ui.locator('[data-exchange]');
const filterBox = (ui: Page) => ui.getByRole('combobox', { name: 'Filter traffic' });

test('the terms of the filter are turned round and taken out one by one', async ({ home, ui }) => {
  await withSession(home, async (client) => {
    await client.callTool('echo', { message: 'a' });
    await client.callTool('add', { a: 1, b: 2 });
    await expect(rows(ui)).toHaveCount(4);
    await filterBox(ui).fill('server:echo tool:echo since:1h');
    await expect(rows(ui)).toHaveCount(1);
    const terms = ui.getByRole('list', { name: 'Terms of the filter' });
    await terms.getByRole('button', { name: 'Turn round tool:echo' }).click();
    await expect(filterBox(ui)).toHaveValue('server:echo -tool:echo since:1h');
    await expect(rows(ui)).toHaveCount(3);
    await terms.getByRole('button', { name: 'Remove -tool:echo' }).click();
    await expect(filterBox(ui)).toHaveValue('server:echo since:1h');
    await expect(rows(ui)).toHaveCount(4);
    await expectAccessible(ui, 'terms of a filter');
    await terms.getByRole('button', { name: 'Clear all' }).click();
    await expect(filterBox(ui)).toHaveValue('');
    await expect(terms).toHaveCount(0);
  });
});

test('a cell under the pointer offers its value as a term', async ({ home, ui }) => {
  await withSession(home, async (client) => {
    await client.callTool('echo', { message: 'a' });
    await client.callTool('fail');
    await ui.getByRole('row', { name: /fail/ }).locator('[data-column="outcome"]').hover();
    await ui.getByRole('button', { name: 'Show only status:tool-error' }).click();
    await expect(filterBox(ui)).toHaveValue('status:tool-error');
    await expect(rows(ui)).toHaveCount(1);
    await ui.getByRole('row', { name: /fail/ }).locator('[data-column="method"]').hover();
    await ui.getByRole('button', { name: 'Leave out tool:fail' }).click();
    await expect(filterBox(ui)).toHaveValue('status:tool-error -tool:fail');
    await expect(ui.getByText('Nothing matches the filter')).toBeVisible();
  });
});

test('filters are saved under a name, chosen again and forgotten', async ({ ui }) => {
  await filterBox(ui).fill('status:failed since:1h');
  await expect(ui).toHaveURL(/filter=status/);
  await ui.getByRole('button', { name: 'Saved filters' }).click();
  const saved = ui.getByRole('dialog', { name: 'Saved filters' });
  await saved.getByRole('textbox', { name: 'Name of the filter' }).fill('What broke');
  await saved.getByRole('button', { name: 'Save' }).click();
  await expect(saved.getByRole('button', { name: /^What broke/ })).toBeVisible();
  await expectAccessible(ui, 'saved filters');
  await ui.keyboard.press('Escape');
  await expect(ui.getByRole('button', { name: 'Saved filters' })).toBeFocused();

  await filterBox(ui).fill('');
  await ui.reload();
  await expect(ui.getByText('Hub connected')).toBeVisible();
  await ui.keyboard.press('s');
  await saved.getByRole('button', { name: /^What broke/ }).click();
  await expect(filterBox(ui)).toHaveValue('status:failed since:1h');
  await ui.getByRole('button', { name: 'Saved filters' }).click();
  await saved.getByRole('button', { name: 'Forget What broke' }).click();
  await expect(saved.getByText('None yet.')).toBeVisible();
});

test('the histogram shows the last day, and a brush over it asks for a time range', async ({ home, ui }) => {
  await withSession(home, async (client) => {
    await echoTimes(client, 6);
    await client.callTool('fail');
    const histogram = ui.getByRole('region', { name: 'Exchanges over time' });
    await expect(histogram).toContainText('9 exchanges');
    await expect(histogram).toContainText('1 failed');
    await filterBox(ui).fill('tool:fail');
    await expect(histogram).toContainText('1 exchange1 failed');
    await filterBox(ui).fill('');
    await expect(histogram).toContainText('9 exchanges');

    await histogram.getByText('1 h').click();
    const start = histogram.getByRole('slider', { name: 'Start of the time range' });
    const end = histogram.getByRole('slider', { name: 'End of the time range' });
    await expect(start).toHaveAttribute('aria-valuemax', '120');
    await start.focus();
    for (let step = 0; step < 2; step += 1) await ui.keyboard.press('PageUp');
    await expect(start).toHaveAttribute('aria-valuenow', '20');
    await expect(filterBox(ui)).toHaveValue(/^since:\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:(00|30)Z$/);
    // Up to now: what happened is in it.
    await expect(rows(ui)).not.toHaveCount(0);
    await end.focus();
    await ui.keyboard.press('PageDown');
    await expect(filterBox(ui)).toHaveValue(/^since:\S+ until:\S+$/);
    await expect(ui.getByText('Nothing matches the filter')).toBeVisible();
    await expectAccessible(ui, 'a time range');
    await ui.keyboard.press('Escape');
    await expect(filterBox(ui)).toHaveValue('');
    await expect(rows(ui)).not.toHaveCount(0);

    // By mouse, from right to left over the last quarter.
    const box = (await histogram.locator('svg').boundingBox())!;
    await ui.mouse.move(box.x + box.width - 2, box.y + box.height / 2);
    await ui.mouse.down();
    await ui.mouse.move(box.x + box.width * 0.75, box.y + box.height / 2, { steps: 4 });
    await ui.mouse.up();
    await expect(filterBox(ui)).toHaveValue(/^since:\S+$/);
    await expect(rows(ui)).not.toHaveCount(0);
    await ui.reload();
    await expect(start).toHaveAttribute('aria-valuemax', '120');
  });
});

test('a time range is chosen by presets or from one moment to another', async ({ home, ui }) => {
  await withSession(home, async (client) => {
    await client.callTool('echo', { message: 'a' });
    await expect(rows(ui)).toHaveCount(3);
    await ui.keyboard.press('t');
    const range = ui.getByRole('dialog', { name: 'Time range' });
    await range.getByRole('button', { name: 'Last 15m' }).click();
    await expect(filterBox(ui)).toHaveValue('since:15m');
    await expect(ui.getByRole('button', { name: 'Time range: Last 15m' })).toBeVisible();
    await ui.getByRole('button', { name: /^Time range/ }).click();
    await range.getByLabel('From').fill('2020-01-01T10:00');
    await range.getByLabel('To').fill('2020-01-01T09:00');
    await expect(range.getByText('The end must be after the start.')).toBeVisible();
    await range.getByLabel('To').fill('2020-01-01T11:00');
    await range.getByRole('button', { name: 'Apply' }).click();
    await expect(filterBox(ui)).toHaveValue('since:2020-01-01T10:00:00Z until:2020-01-01T11:00:00Z');
    await expect(ui.getByText('Nothing matches the filter')).toBeVisible();
    await ui.getByRole('button', { name: /^Time range/ }).click();
    await range.getByRole('button', { name: 'Any time' }).click();
    await expect(rows(ui)).toHaveCount(3);
  });
});

test('a wrong place in the filter is underlined where it stands', async ({ ui }) => {
  await goTo(ui, '#/traffic');
  await filterBox(ui).fill('tool:a dur:>fast');
  await expect(ui.getByText(/^Character 12:/)).toBeVisible();
  const wrong = ui.locator('search [aria-hidden="true"] .border-danger');
  await expect(wrong).toHaveText('>fast');
});
