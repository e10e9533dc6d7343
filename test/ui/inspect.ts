import { AxeBuilder } from '@axe-core/playwright';
import path from 'node:path';
import type { Page } from 'playwright/test';
import { expect, SCREENSHOTS } from './patchbay-test.ts';

/** The window as it opens, and the smallest it can be made. */
export const SIZES = [
  { width: 1280, height: 800 },
  { width: 900, height: 600 },
] as const;

/** `--canvas` of renderer/styles/tokens.css. */
const CANVAS = { light: 'rgb(244, 246, 246)', dark: 'rgb(12, 15, 16)' };

/** Goes through both themes; what `look` sees is painted in the named one. */
export async function inBothThemes(
  page: Page,
  look: (theme: keyof typeof CANVAS) => Promise<void>,
): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    // The page is painted in the other theme for one more frame.
    await expect(page.locator('body')).toHaveCSS('background-color', CANVAS[theme]);
    await look(theme);
  }
}

/** axe in both themes, without pictures. */
export async function expectAccessible(page: Page, name: string): Promise<void> {
  await inBothThemes(page, (theme) => expectNothingSerious(page, `${name}, ${theme}`));
}

async function expectNothingSerious(page: Page, what: string): Promise<void> {
  const axe = new AxeBuilder({ page })
    // Hidden stops at both ends of a popup of Base UI: whatever gets the focus there passes it on.
    .exclude('[data-base-ui-focus-guard]');
  const { violations } = await axe.analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(
    serious.map(({ id, nodes }) => ({
      id,
      nodes: nodes.map(({ html, failureSummary }) => [html, failureSummary]),
    })),
    what,
  ).toEqual([]);
}

/** Looks at one state in both themes: axe must find nothing serious, and a picture of it is kept per window size. */
export async function inspect(page: Page, name: string): Promise<void> {
  await inBothThemes(page, async (theme) => {
    for (const size of SIZES) {
      await page.setViewportSize(size);
      const file = `${name}-${theme}-${size.width}x${size.height}.png`;
      await page.screenshot({ path: path.join(SCREENSHOTS, file) });
    }
    await page.setViewportSize(SIZES[0]);
    await expectNothingSerious(page, `${name}, ${theme}`);
  });
}
