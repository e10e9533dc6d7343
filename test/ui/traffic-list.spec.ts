import type { Page } from 'playwright/test';
import { echoTimes, withSession } from './echo-session.ts';
import { expect, goTo, test } from './patchbay-test.ts';

const rows = (ui: Page) => ui.locator('[data-exchange]');
const headers = (ui: Page) => ui.getByRole('columnheader').allInnerTexts();
const active = (ui: Page) => ui.getByRole('grid').getAttribute('aria-activedescendant');

test('a run of equal calls is one line that can be unfolded, by mouse and by keyboard', async ({
  home,
  ui,
}) => {
  await withSession(home, async (client) => {
    await echoTimes(client, 19);
    await client.callTool('fail');
    const run = ui.getByRole('row', { name: /19 equal calls/ });
    await expect(run).toContainText('×19');
    // initialize, initialized, ×19, fail
    await expect(rows(ui)).toHaveCount(4);

    await run.getByRole('button', { name: 'Show all 19 equal calls' }).click();
    await expect(rows(ui)).toHaveCount(22);
    await ui.getByRole('button', { name: 'Fold 19 equal calls into one line' }).click();
    await expect(rows(ui)).toHaveCount(4);

    await ui.getByRole('grid').focus();
    await ui.keyboard.press('End');
    await ui.keyboard.press('ArrowUp');
    await ui.keyboard.press('ArrowRight');
    await expect(rows(ui)).toHaveCount(22);
    // Folding from anywhere inside of the run.
    await ui.keyboard.press('ArrowUp');
    await ui.keyboard.press('ArrowLeft');
    await expect(rows(ui)).toHaveCount(4);

    await ui.keyboard.press('c');
    await expect(rows(ui)).toHaveCount(22);
    await ui.reload();
    await expect(rows(ui)).toHaveCount(22);
    await ui.keyboard.press('c');
    await expect(rows(ui)).toHaveCount(4);
    // A folded run goes on growing.
    await client.callTool('fail');
    await expect(rows(ui)).toHaveCount(5);
  });
});

test('columns are chosen, moved, resized and sorted, by keyboard too, and stay so', async ({ home, ui }) => {
  await withSession(home, async (client) => {
    await client.callTool('slow', { ms: 120 });
    await client.callTool('echo', { message: 'quick' });
    await client.callTool('slow', { ms: 40 });
    await expect(rows(ui)).toHaveCount(5);
    expect(await headers(ui)).toEqual([
      'Time',
      'Client · project',
      'Server',
      'Method / tool',
      'Outcome',
      'Size',
      'Duration',
    ]);

    await ui.getByRole('button', { name: 'Columns and view' }).click();
    await ui.getByRole('menuitemcheckbox', { name: 'Session' }).click();
    await ui.getByRole('menuitemcheckbox', { name: 'Size' }).click();
    await ui.keyboard.press('Escape');
    await expect(ui.getByRole('columnheader', { name: 'Session' })).toBeVisible();
    await expect(ui.getByRole('columnheader', { name: 'Size' })).toHaveCount(0);

    const server = ui.getByRole('columnheader', { name: 'Server' });
    await ui.getByRole('columnheader', { name: 'Method / tool' }).focus();
    await ui.keyboard.press('ArrowLeft');
    await expect(server).toBeFocused();
    await ui.keyboard.press('Alt+ArrowLeft');
    await expect(ui.getByText('Server is now column 3 of 7.')).toBeAttached();
    await expect(server).toBeFocused();
    const before = (await server.boundingBox())!.width;
    await ui.keyboard.press('Shift+ArrowRight');
    await expect.poll(async () => (await server.boundingBox())!.width).toBeCloseTo(before + 16, 0);

    // By mouse: the last column to the first place.
    const duration = ui.getByRole('columnheader', { name: 'Duration' });
    const from = (await duration.boundingBox())!;
    const to = (await ui.getByRole('columnheader', { name: 'Time' }).boundingBox())!;
    await ui.mouse.move(from.x + from.width / 2, from.y + 10);
    await ui.mouse.down();
    await ui.mouse.move(to.x + 4, to.y + 10, { steps: 5 });
    await ui.mouse.up();
    const moved = ['Duration', 'Time', 'Client · project', 'Server', 'Session', 'Method / tool', 'Outcome'];
    await expect.poll(() => headers(ui)).toEqual(moved);

    // Sorted only within what is loaded, and it says so.
    await duration.focus();
    await ui.keyboard.press('Enter');
    await ui.keyboard.press('Enter');
    await expect(duration).toHaveAttribute('aria-sort', 'descending');
    await expect(ui.getByText('Sorted by Duration, descending.')).toBeVisible();
    await expect(ui.getByText('All 5 exchanges are loaded.')).toBeVisible();
    await expect(rows(ui).first()).toContainText(/initialize|slow/);
    const times = await rows(ui).evaluateAll((all) =>
      all.map((row) => row.querySelector('[data-column="duration"]')?.textContent ?? ''),
    );
    const ms = times
      .map((text) => Number.parseFloat(text) * (text.includes('ms') ? 1 : 1_000))
      .filter((value) => !Number.isNaN(value));
    expect(ms).toEqual([...ms].sort((a, b) => b - a));

    await ui.reload();
    await expect(duration).toHaveAttribute('aria-sort', 'descending');
    expect(await headers(ui)).toEqual(moved);
    // What comes in is sorted in while the top is in view.
    await client.callTool('slow', { ms: 3_000 });
    await expect(rows(ui).first()).toContainText('slow');
    await ui.getByRole('button', { name: 'Newest last' }).click();
    await expect(duration).not.toHaveAttribute('aria-sort');
    await expect(rows(ui).last()).toContainText(/3(\.\d+)? s/);
  });
});

test('what a filter left can be sorted', async ({ home, ui }) => {
  await withSession(home, async (client) => {
    for (const ms of [40, 1, 20]) await client.callTool('slow', { ms });
    await echoTimes(client, 30);
    await expect(ui.getByRole('row', { name: /30 equal calls/ })).toBeVisible();
    await goTo(ui, '#/traffic?filter=tool:slow');
    await expect(rows(ui)).toHaveCount(3);
    await ui.getByRole('columnheader', { name: 'Duration' }).click();
    await expect(rows(ui)).toHaveCount(3);
    await expect(ui.getByRole('columnheader', { name: 'Duration' })).toHaveAttribute('aria-sort', /ending$/);
    // Another filter while it is sorted: those of the one before are gone.
    await goTo(ui, '#/traffic?filter=tool:echo');
    await expect(rows(ui)).toHaveCount(30);
  });
});

test('the tail is followed unless somebody scrolls, and says how many came since', async ({ home, ui }) => {
  await withSession(home, async (client) => {
    for (let pair = 0; pair < 20; pair += 1) {
      await client.callTool('echo', { message: 'a' });
      await client.callTool('add', { a: 1, b: 2 });
    }
    await expect(rows(ui).last()).toContainText('add');
    const last = await rows(ui).last().getAttribute('id');
    await expect(ui.locator(`#${last}`)).toBeInViewport();

    await ui.getByRole('grid').hover();
    await ui.mouse.wheel(0, -400);
    const pill = ui.getByRole('button', { name: /Jump to newest/ });
    await expect(pill).toBeVisible();
    const top = await rows(ui).nth(5).boundingBox();
    await client.callTool('pid');
    await client.callTool('cwd');
    await expect(pill).toContainText('2 new');
    // What is being read has not moved.
    expect(await rows(ui).nth(5).boundingBox()).toEqual(top);
    await ui.keyboard.press('f');
    await expect(pill).toHaveCount(0);
    await expect(ui.getByRole('row', { name: /cwd/ })).toBeInViewport();

    // A window that grows moves the list by itself, and so does coming back to it: nobody scrolled.
    await ui.setViewportSize({ width: 900, height: 600 });
    await expect(ui.getByRole('row', { name: /cwd/ })).toBeInViewport();
    await ui.setViewportSize({ width: 1280, height: 800 });
    await client.callTool('env', { name: 'HOME' });
    await expect(ui.getByRole('row', { name: /env/ })).toBeInViewport();
    await goTo(ui, '#/latency');
    await expect(ui.getByRole('heading', { name: 'Latency', level: 1 })).toBeVisible();
    await goTo(ui, '#/traffic');
    await expect(ui.getByRole('row', { name: /env/ })).toBeInViewport();
    await expect(pill).toHaveCount(0);
  });
});

test('everything of the list can be done by keyboard', async ({ home, ui }) => {
  await withSession(home, async (client) => {
    await client.callTool('echo', { message: 'one' });
    await client.callTool('add', { a: 1, b: 2 });
    await client.callTool('echo', { message: 'three' });
    await expect(rows(ui)).toHaveCount(5);

    // Without a click anywhere first.
    await ui.keyboard.press('k');
    await expect(ui.locator(`#${await active(ui)}`)).toContainText('echo');
    await ui.keyboard.press('k');
    const add = await active(ui);
    await expect(ui.locator(`#${add}`)).toContainText('add');
    await ui.keyboard.press('j');
    expect(await active(ui)).not.toBe(add);
    await ui.keyboard.press('Space');
    await expect(ui.getByText('1 call picked')).toBeVisible();
    await ui.keyboard.press('k');
    await ui.keyboard.press('Space');
    await expect(ui.getByText('2 calls picked')).toBeVisible();
    await ui.keyboard.press('Space');
    await expect(ui.getByText('1 call picked')).toBeVisible();
    await ui.getByRole('button', { name: 'Clear', exact: true }).click();

    await ui.getByRole('grid').focus();
    await ui.keyboard.press('Enter');
    await expect(ui).toHaveURL(/exchange=\d+/);
    await ui.keyboard.press('Escape');
    await expect(ui).not.toHaveURL(/exchange=/);

    await ui.keyboard.press('e');
    await expect(ui.getByRole('menuitem', { name: /HAR/ })).toBeVisible();
    await ui.keyboard.press('Escape');
    await expect(ui.getByRole('menu')).toHaveCount(0);
    await ui.keyboard.press('p');
    await expect(ui.getByRole('button', { name: /^Resume/ })).toBeVisible();
    await ui.keyboard.press('p');
    await expect(ui.getByRole('button', { name: /^Pause/ })).toBeVisible();
    await ui.keyboard.press('h');
    await expect(ui.getByRole('region', { name: 'Exchanges over time' })).toHaveCount(0);
    await ui.keyboard.press('h');
    await expect(ui.getByRole('region', { name: 'Exchanges over time' })).toBeVisible();

    // The palette offers filters made from the current row.
    await ui.getByRole('grid').focus();
    await ui.keyboard.press('End');
    await expect.poll(async () => await ui.locator(`#${await active(ui)}`).textContent()).toContain('echo');
    await ui.keyboard.press('Control+k');
    await ui.keyboard.type('leave out tool:echo');
    await expect(ui.getByRole('option').first()).toContainText('tool:echo');
    await ui.keyboard.press('Enter');
    await expect(ui.getByRole('combobox', { name: 'Filter traffic' })).toHaveValue('-tool:echo');
    await expect(rows(ui)).toHaveCount(3);
  });
});

test('what is bookmarked is marked', async ({ home, ui }) => {
  await withSession(home, async (client) => {
    await client.callTool('echo', { message: 'keep this' });
    const row = ui.getByRole('row', { name: /echo.*echo.*OK/ });
    // The detail takes the place of some columns, the server's among them.
    const same = ui.locator(`#${await row.getAttribute('id')}`);
    await same.click();
    await expect(ui.getByRole('complementary', { name: 'Exchange' })).toContainText('keep this');
    await ui.keyboard.press('b');
    await expect(same.getByRole('img', { name: 'Bookmarked' })).toBeVisible();
    await ui.keyboard.press('Escape');
    await goTo(ui, '#/traffic?filter=is:bookmarked');
    await expect(rows(ui)).toHaveCount(1);
    // What is bookmarked from now on comes in, what is not goes.
    await goTo(ui, '#/traffic');
    const other = ui.getByRole('row', { name: /initialize.*OK/ });
    await other.click();
    await expect(ui.getByRole('complementary', { name: 'Exchange' })).toContainText('initialize');
    await ui.keyboard.press('b');
    await expect(other.getByRole('img', { name: 'Bookmarked' })).toBeVisible();
    await ui.keyboard.press('Escape');
    await goTo(ui, '#/traffic?filter=is:bookmarked');
    await expect(rows(ui)).toHaveCount(2);
  });
});
