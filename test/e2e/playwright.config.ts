import path from 'node:path';
import { defineConfig } from 'playwright/test';
import { target } from './target.ts';

// The project's name stands before every test in every report: what passed on the stand-in has not passed on Electron.
export default defineConfig({
  testDir: import.meta.dirname,
  outputDir: path.resolve(import.meta.dirname, '..', 'output', 'e2e'),
  projects: [{ name: target.name }],
  // Apps in homes of their own do not see each other; each has a browser, a hub and servers below it.
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  forbidOnly: true,
  reporter: [['list']],
});
