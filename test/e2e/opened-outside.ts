import type { ElectronApplication } from 'playwright/test';

/** Has the app note what it would open in the system's browser instead of opening it. */
export async function noteOpened(app: ElectronApplication): Promise<() => Promise<string[]>> {
  await app.evaluate(({ shell }) => {
    const opened: string[] = [];
    Object.assign(globalThis, { openedByTest: opened });
    shell.openExternal = (url) => {
      opened.push(url);
      return Promise.resolve();
    };
  });
  return () => app.evaluate(() => (globalThis as unknown as { openedByTest: string[] }).openedByTest);
}
