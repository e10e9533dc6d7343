import type { Page } from 'playwright/test';
import type { DesktopBridge } from '../../shared/contract/desktop-bridge.ts';
import type { DesktopState, UpdateState } from '../../shared/model/desktop.ts';
import { inspect } from './inspect.ts';
import { expect, goTo, test } from './patchbay-test.ts';

test('settings are kept', async ({ ui }) => {
  await goTo(ui, '#/settings');
  await ui.getByLabel('History age limit').fill('0');
  await ui.getByRole('button', { name: 'Save changes' }).click();
  await expect(ui.getByText('Give a whole number from 1 to 3,650.')).toBeVisible();
  await ui.getByLabel('History age limit').fill('30');
  await ui.getByLabel('Keep request and response bodies').uncheck();
  await ui.getByRole('button', { name: 'Save changes' }).click();
  await expect(ui.getByText('No changes to save')).toBeVisible();
  await ui.reload();
  await expect(ui.getByLabel('History age limit')).toHaveValue('30');
  await expect(ui.getByLabel('Keep request and response bodies')).not.toBeChecked();
});

test('the language is chosen, kept, and left to the system again', async ({ ui }) => {
  await goTo(ui, '#/settings');
  await ui.getByText('Deutsch', { exact: true }).click();
  await expect(ui.locator('html')).toHaveAttribute('lang', 'de');
  await ui.reload();
  await expect(ui.getByRole('radio', { name: 'Deutsch' })).toBeChecked();
  await ui.getByText('English', { exact: true }).click();
  await expect(ui.locator('html')).toHaveAttribute('lang', 'en');
  const language = ui.getByRole('group', { name: 'Language' });
  await language.getByText('System', { exact: true }).click();
  await expect(language.getByRole('radio', { name: 'System' })).toBeChecked();
  await expect(ui.locator('html')).toHaveAttribute('lang', 'en');
});

/** What the page of this test keeps beside the bridge. */
interface StandIn {
  patchbay: DesktopBridge;
  asked: string[];
  show(update: UpdateState): void;
}

const START: DesktopState = {
  choices: {
    launchAtLogin: null,
    closeToTray: true,
    notify: { alerts: true, serverFailures: true, guardian: false, toolChanges: true },
    checkForUpdates: true,
    language: null,
  },
  update: { phase: 'idle', checkedAt: null },
};

/** Stands in for the preload script; the page keeps its own connection to the hub. The real one is tested with the app. */
async function standInForTheApp(ui: Page): Promise<void> {
  await ui.evaluate((start) => {
    const page = window as unknown as StandIn;
    let state = start;
    const listeners = new Set<(state: DesktopState) => void>();
    const update = (next: UpdateState): DesktopState => {
      state = { ...state, update: next };
      for (const listener of listeners) listener(state);
      return state;
    };
    page.asked = [];
    page.show = update;
    page.patchbay = {
      host: 'desktop',
      requestHubPort: () => {},
      state: () => Promise.resolve(state),
      choose(change) {
        if (change.closeToTray === false)
          return Promise.reject(new Error('The settings file is not writable.'));
        state = { ...state, choices: { ...state.choices, ...change } };
        return Promise.resolve(state);
      },
      checkForUpdate: () => Promise.resolve(update({ phase: 'available', version: '9.9.9' })),
      downloadUpdate: () => Promise.resolve(update({ phase: 'downloading', version: '9.9.9', percent: 42 })),
      installUpdate() {
        page.asked.push('install');
        return Promise.resolve();
      },
      openLoginPage: () => Promise.resolve(),
      onState(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    };
  }, START);
}

test('the desktop app has a section of its own, with the states of an update', async ({ ui }) => {
  await goTo(ui, '#/settings');
  await expect(ui.getByText('Data folder')).toBeVisible();
  await expect(ui.getByRole('region', { name: 'Desktop app' })).toHaveCount(0);
  await goTo(ui, '#/clients');
  await standInForTheApp(ui);
  await goTo(ui, '#/settings');

  const section = ui.getByRole('region', { name: 'Desktop app' });
  await expect(section.getByLabel('Start at login')).toBeDisabled();
  await section.getByLabel('Changes to routed entries').check();
  await expect(section.getByLabel('Changes to routed entries')).toBeChecked();
  await expect(section.getByLabel('Alerts that fire')).toBeChecked();
  await section.getByLabel('Keep running in the tray').click();
  await expect(section.getByRole('alert')).toContainText('The settings file is not writable.');
  await expect(section.getByLabel('Keep running in the tray')).toBeChecked();

  await expect(section.getByText('Not looked for updates yet.')).toBeVisible();
  await section.getByRole('button', { name: 'Look now' }).click();
  await expect(section.getByText('Version 9.9.9 is available.')).toBeVisible();
  await section.scrollIntoViewIfNeeded();
  await inspect(ui, 'settings-desktop');
  await section.getByRole('button', { name: 'Download' }).click();
  await expect(section.getByRole('progressbar')).toHaveAttribute('value', '42');
  await ui.evaluate(() => (window as unknown as StandIn).show({ phase: 'failed', message: 'No network.' }));
  await expect(section.getByText('The update did not work: No network.')).toBeVisible();
  await ui.evaluate(() =>
    (window as unknown as StandIn).show({ phase: 'unsupported', reason: 'Use apt upgrade.' }),
  );
  await expect(section.getByText('Use apt upgrade.')).toBeVisible();
  await expect(section.getByLabel('Look for updates')).toBeDisabled();
  await ui.evaluate(() => (window as unknown as StandIn).show({ phase: 'ready', version: '9.9.9' }));
  await section.getByRole('button', { name: 'Quit and install' }).click();
  expect(await ui.evaluate(() => (window as unknown as StandIn).asked)).toEqual(['install']);
});
