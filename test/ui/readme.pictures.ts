import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Page } from 'playwright/test';
import { cliScript, projectRoot } from '../support/cli.ts';
import { inBothThemes } from './inspect.ts';
import { collectErrors, expect, goTo, test } from './patchbay-test.ts';
import { shrinkPng } from './steady/shrink-png.ts';
import { namesOfPlaces } from './steady/steady-names.ts';
import { namedWire } from './steady/steady-wire.ts';

const FOLDER = path.join(projectRoot, 'docs', 'images');

async function take(page: Page, name: string): Promise<void> {
  await page.mouse.move(0, 0);
  mkdirSync(FOLDER, { recursive: true });
  await inBothThemes(page, async (theme) => {
    const picture = await page.screenshot({ animations: 'disabled', caret: 'hide' });
    writeFileSync(path.join(FOLDER, `${name}-${theme}.png`), shrinkPng(picture));
  });
}

/** The way of the README's tour, so that what the tour says is what a reader sees. */
test('the README’s tour, in pictures of the demo', async ({ home, page }) => {
  test.setTimeout(180_000);
  const errors = collectErrors(page);
  const demo = spawn(process.execPath, [cliScript, 'demo', '--json'], {
    cwd: home.project,
    env: home.env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [line] = (await once(createInterface({ input: demo.stdout }), 'line')) as [string];
    // A reader's own demo is in their folder for temporary files, and Patchbay where they have cloned it to.
    const root = readdirSync(home.temp).find((name) => name.startsWith('patchbay-demo-'))!;
    await namedWire(
      page,
      namesOfPlaces([
        [path.join(home.temp, root), '/tmp/patchbay-demo'],
        [projectRoot, '/home/you/patchbay'],
      ]),
    );
    await page.goto((JSON.parse(line) as { url: string }).url);
    await goTo(page, '#/clients');
    // The demo's own story is over.
    const history = page.getByRole('region', { name: 'History' });
    await expect(history).toContainText('Rolled back', { timeout: 90_000 });

    await goTo(page, '#/traffic');
    const long = page.getByRole('grid').getByText('trigger-long-running-operation', { exact: true });
    await long.click();
    const panel = page.getByRole('complementary', { name: 'Exchange' });
    await expect(panel.getByRole('region', { name: 'Response' })).toContainText('content');
    await take(page, 'traffic');
    await panel.getByRole('tab', { name: 'Timing' }).click();
    await expect(panel.getByRole('table', { name: 'Events of the call' })).toContainText('Progress');
    await take(page, 'waterfall');

    await goTo(page, '#/setup');
    await page.getByRole('button', { name: 'Choose how' }).click();
    await page.getByRole('button', { name: 'Review the changes' }).click();
    await expect(page.getByRole('button', { name: /^Apply to/ })).toBeEnabled();
    await take(page, 'review');
    await page.getByRole('button', { name: /^Apply to/ }).click();
    await expect(page.getByText(/servers answer through Patchbay/)).toBeVisible({ timeout: 90_000 });
    await take(page, 'parity-report');

    await goTo(page, '#/latency?server=everything&tool=trigger-long-running-operation');
    await expect(page.getByRole('img', { name: /^Distribution of/ })).toBeVisible();
    await expect(page.getByRole('table', { name: 'Before and after the migration' })).toBeVisible();
    await take(page, 'latency');

    await goTo(page, '#/clients');
    const desktop = page.getByRole('region', { name: 'Claude Desktop' });
    await desktop.getByRole('button', { name: 'Roll back' }).click();
    await expect(
      page
        .getByRole('dialog')
        .getByText(/byte for byte/)
        .first(),
    ).toBeVisible();
    await take(page, 'rollback');
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Put back/ })
      .click();
    await expect(page.getByText('Exactly as before, byte for byte', { exact: true }).first()).toBeVisible();
    expect(errors).toEqual([]);
  } finally {
    const ended = once(demo, 'exit');
    demo.kill('SIGINT');
    await ended;
  }
});
