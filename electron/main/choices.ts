import type { DesktopChoices } from '../../shared/model/desktop.ts';
import { PatchbayError } from '../../shared/model/error.ts';
import type { DesktopSettingsStore } from './desktop-settings.ts';
import type { LoginItem } from './login-item.ts';

/** What a person chose about the app, wherever each choice is kept. */
export interface Choices {
  get(): DesktopChoices;
  /** Throws when the system does not take a choice; the others of the same change are kept all the same. */
  choose(change: Partial<DesktopChoices>): void;
}

export interface ChoicesOptions {
  settings: DesktopSettingsStore;
  loginItem: LoginItem;
  onChange: (choices: DesktopChoices) => void;
}

export function createChoices({ settings, loginItem, onChange }: ChoicesOptions): Choices {
  const get = (): DesktopChoices => ({ ...settings.get().choices, launchAtLogin: loginItem.isEnabled() });

  function launchAtLogin(wanted: boolean): void {
    if (loginItem.isEnabled() === null) {
      throw new PatchbayError('NOT_SUPPORTED', 'This copy of Patchbay cannot be started at login.', {
        hint: 'Install the app; one that runs from its sources has no place of its own.',
      });
    }
    try {
      loginItem.setEnabled(wanted);
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      throw new PatchbayError('INTERNAL', `The login item could not be changed: ${problem}`);
    }
    // macOS takes it in silence and then wants the person's approval, or drops it when the app is not signed.
    if (loginItem.isEnabled() !== wanted) {
      throw new PatchbayError('NOT_SUPPORTED', 'The system did not take the change.', {
        hint: 'Look among the login items of the system settings: it may wait for your approval there.',
      });
    }
  }

  return {
    get,
    choose({ launchAtLogin: login, ...kept }) {
      const { choices } = settings.get();
      // The bridge carries a member that is undefined over as one that is there.
      const chosen = Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined));
      settings.update({ choices: { ...choices, ...chosen } });
      try {
        if (login !== undefined && login !== null) launchAtLogin(login);
      } finally {
        onChange(get());
      }
    },
  };
}
