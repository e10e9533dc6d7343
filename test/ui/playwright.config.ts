import path from 'node:path';
import { defineConfig } from 'playwright/test';
import { ensureChromium } from '../support/ensure-chromium.mjs';

const output = path.resolve(import.meta.dirname, '..', 'output', 'ui');

/** The built UI over the built hub, in the machine's own Chromium. One at a time: each test starts real servers. */
export default defineConfig({
  testDir: import.meta.dirname,
  outputDir: output,
  snapshotPathTemplate: '{testDir}/snapshots/{arg}{ext}',
  workers: 1,
  fullyParallel: false,
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
