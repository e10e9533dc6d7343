import { beforeEach, expect, test, vi } from 'vitest';
import { createChoices, type Choices } from '../../../electron/main/choices.ts';
import type { DesktopSettings } from '../../../electron/main/desktop-settings.ts';
import { messagesIn } from '../../../electron/main/messages/messages.ts';

const kept = {
  closeToTray: true,
  notify: { alerts: true, serverFailures: true, guardian: true, toolChanges: true },
  checkForUpdates: true,
  language: null,
};
let settings: DesktopSettings;
/** What the system holds, and whether it takes a change. */
let login: { isEnabled: boolean | null; takes: boolean };
const onChange = vi.fn();
let choices: Choices;

beforeEach(() => {
  onChange.mockReset();
  settings = { window: null, wasTrayHintShown: true, choices: kept };
  login = { isEnabled: false, takes: true };
  choices = createChoices({
    settings: { get: () => settings, update: (part) => (settings = { ...settings, ...part }) },
    loginItem: {
      isEnabled: () => login.isEnabled,
      setEnabled(wanted) {
        if (login.takes) login.isEnabled = wanted;
      },
    },
    onChange,
    text: () => messagesIn('en'),
  });
});

test('a choice is kept, the others stay, and whoever follows is told', () => {
  choices.choose({ closeToTray: false });
  expect(settings.choices).toEqual({ ...kept, closeToTray: false });
  expect(onChange.mock.calls).toEqual([[{ ...kept, closeToTray: false, launchAtLogin: false }]]);
});

test('a member that came over the bridge as undefined changes nothing', () => {
  const change = { closeToTray: undefined, checkForUpdates: false } as unknown as Parameters<
    Choices['choose']
  >[0];
  choices.choose(change);
  expect(settings.choices).toEqual({ ...kept, checkForUpdates: false });
});

test('starting at login is the system’s own: set there, read back from there, kept nowhere else', () => {
  choices.choose({ launchAtLogin: true });
  expect([choices.get().launchAtLogin, settings.choices]).toEqual([true, kept]);
  login.isEnabled = false;
  expect(choices.get().launchAtLogin).toBe(false);
});

test('a system that takes the change in silence and does nothing is not believed', () => {
  login.takes = false;
  expect(() => choices.choose({ launchAtLogin: true, closeToTray: false })).toThrow('did not take');
  // The rest of the change holds, and the page is told what holds now.
  expect(settings.choices.closeToTray).toBe(false);
  expect(onChange).toHaveBeenLastCalledWith({ ...kept, closeToTray: false, launchAtLogin: false });
});

test('where nothing can be started at login that is said, and null is no wish', () => {
  login.isEnabled = null;
  expect(choices.get().launchAtLogin).toBeNull();
  expect(() => choices.choose({ launchAtLogin: true })).toThrow('cannot be started at login');
  expect(() => choices.choose({ launchAtLogin: null })).not.toThrow();
});
