import path from 'node:path';
import { defineConfig } from 'playwright/test';
import { ensureChromium } from '../support/ensure-chromium.mjs';

const output = path.resolve(import.meta.dirname, '..', 'output', 'ui');

/** Specs that measure how long the page is held. */
const FREEZES = /(hostile|exchange-large)\.spec\.ts$/;

/** The built UI over the built hub, in the machine's own Chromium. Two files at a time, and those that measure alone. */
export default defineConfig({
  testDir: import.meta.dirname,
  outputDir: output,
  snapshotPathTemplate: '{testDir}/snapshots/{arg}{ext}',
  workers: 2,
  fullyParallel: false,
  projects: [
    { name: 'screens', testIgnore: FREEZES },
    { name: 'freezes', testMatch: FREEZES, workers: 1 },
  ],
  timeout: 90_000,
  expect: {
    timeout: 15_000,
    // On the machine they were taken on the pictures come out the same; a word that moved is more than this.
    toHaveScreenshot: { animations: 'disabled', caret: 'hide', maxDiffPixelRatio: 0.001 },
  },
  reporter: 'list',
  forbidOnly: Boolean(process.env.CI),
  use: {
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: ensureChromium(),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
