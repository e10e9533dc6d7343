import type { ChildProcess } from 'node:child_process';
import { type ElectronApplication, test as base } from 'playwright/test';
import { expectNothingLeft } from '../support/leak-check.ts';
import { temporaryHome, type TemporaryHome } from '../support/temporary-home.ts';
import { closeApp, connected, type DesktopApp, launchElectron } from './desktop-app.ts';

interface Fixtures {
  /** A home of its own; afterwards no process, socket or temporary file of the run may be left. */
  home: TemporaryHome;
  /** Starts the app with these additions to its environment; closed in the end if it still runs. */
  start: (extra?: Readonly<Record<string, string>>) => Promise<ElectronApplication>;
  /** The app, started and connected to its hub. */
  desktop: DesktopApp;
}

export const test = base.extend<Fixtures>({
  // Playwright reads the dependencies from the parameter, which therefore has to be a pattern.
  // oxlint-disable-next-line no-empty-pattern
  home: async ({}, use) => {
    const home = temporaryHome();
    await use(home);
    try {
      await expectNothingLeft(home);
    } finally {
      home.dispose();
    }
  },
  start: async ({ home }, use) => {
    const started: { app: ElectronApplication; child: ChildProcess }[] = [];
    await use(async (extra) => {
      const app = await launchElectron(home, extra);
      started.push({ app, child: app.process() });
      return app;
    });
    for (const { app, child } of started) await closeApp(app, child);
  },
  desktop: async ({ start }, use) => use(await connected(await start())),
});

export { expect } from 'playwright/test';
