import type { Page } from 'playwright/test';
import { echoTimes, withSession } from './echo-session.ts';
import { inspect } from './inspect.ts';
import { expect, goTo, openUi, test } from './patchbay-test.ts';

/** What the list of calls cannot be drawn without; nothing of ours breaks by itself when a test wants it. */
async function breakLists(ui: Page): Promise<void> {
  await ui.evaluate(() => {
    const page = window as unknown as { ResizeObserver: unknown; kept: unknown };
    page.kept = page.ResizeObserver;
    page.ResizeObserver = function broken() {
      throw new Error('<b>broken</b> on purpose');
    };
  });
}

test('a screen that fails says so, leaves the others usable, and can be tried again', async ({
  home,
  page,
  hub,
}) => {
  await withSession(home, (client) => echoTimes(client, 3));
  await openUi(page, hub);
  await goTo(page, '#/settings');
  await expect(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible();
  await breakLists(page);
  await goTo(page, '#/traffic');
  const failure = page.getByRole('alert');
  await expect(failure).toContainText('This screen has failed');
  await expect(failure).toContainText('<b>broken</b> on purpose');
  await inspect(page, 'failed-screen');
  await failure.getByRole('button', { name: 'Try again' }).click();
  await expect(failure).toContainText('This screen has failed');

  await page.getByRole('link', { name: 'Servers' }).click();
  await expect(page.getByRole('heading', { name: 'Servers', level: 1 })).toBeVisible();
  await goTo(page, '#/traffic');
  await expect(failure).toBeVisible();
  await page.evaluate(() => {
    const changed = window as unknown as { ResizeObserver: unknown; kept: unknown };
    changed.ResizeObserver = changed.kept;
  });
  await failure.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('row', { name: /echo/ }).first()).toBeVisible();
  await expect(failure).toHaveCount(0);
});

test('where the frame of the window fails, it says so and can be reloaded', async ({ home, page, hub }) => {
  await openUi(page, hub);
  await page.evaluate(() => {
    Intl.PluralRules.prototype.select = () => {
      throw new Error('broken on purpose');
    };
  });
  // Its number of sessions stands in the status bar.
  await withSession(home, async () => {
    await expect(page.getByRole('alert')).toContainText('This window has failed');
    await page.getByRole('button', { name: 'Reload' }).click();
    await expect(page.getByText('Hub connected')).toBeVisible();
    await expect(page.getByText('1 session', { exact: true })).toBeVisible();
  });
});
