import path from 'node:path';
import { test as base, expect, type Page } from 'playwright/test';
import { startHub, type RunningHub } from '../support/hub.ts';
import { expectNothingLeft } from '../support/leak-check.ts';
import { temporaryHome, type TemporaryHome } from '../support/temporary-home.ts';
import { type SampleConfigs, writeSampleConfigs } from './sample-configs.ts';

/** Where pictures of the screens are kept. */
export const SCREENSHOTS = path.resolve(import.meta.dirname, '..', 'output', 'screenshots');

interface Fixtures {
  home: TemporaryHome;
  configs: SampleConfigs;
  hub: RunningHub;
  /** The UI of `hub`, opened with the link that `serve` prints. Any error in the page's console fails the test. */
  ui: Page;
}

/** A test with a home of its own, a hub in it, and a browser on its UI; nothing of it may be left afterwards. */
export const test = base.extend<Fixtures>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads from the pattern what a fixture needs
  home: async ({}, use) => {
    const home = temporaryHome();
    try {
      await use(home);
      await expectNothingLeft(home);
    } finally {
      home.dispose();
    }
  },
  configs: async ({ home }, use) => {
    await use(writeSampleConfigs(home));
  },
  hub: async ({ home }, use) => {
    const hub = await startHub(home);
    try {
      await use(hub);
    } finally {
      await hub.stop();
    }
  },
  ui: async ({ page, hub }, use) => {
    const errors = collectErrors(page);
    await openUi(page, hub);
    await use(page);
    expect(errors).toEqual([]);
  },
});

export { expect };

/** Everything the page complains about: uncaught exceptions, policy violations, failed loads. */
export function collectErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  return errors;
}

/** Opens the printed link and waits for the connection. */
export async function openUi(page: Page, hub: RunningHub): Promise<void> {
  await page.goto(hub.url);
  await expect(page.getByText('Hub connected')).toBeVisible();
}

/** Goes to a place of the app as a link does. */
export async function goTo(page: Page, route: string): Promise<void> {
  await page.evaluate((hash) => {
    window.location.hash = hash;
  }, route);
}

/** Drives the wizard from its first step to the end of the migration. */
export async function migrateByWizard(page: Page): Promise<void> {
  await goTo(page, '#/setup');
  await page.getByRole('button', { name: 'Choose how' }).click();
  await page.getByRole('button', { name: 'Review the changes' }).click();
  await page.getByRole('button', { name: /^Apply to/ }).click();
  await expect(page.getByRole('heading', { name: 'Same tools as before?' })).toBeVisible({ timeout: 60_000 });
}
