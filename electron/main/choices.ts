import type { DesktopChoices } from '../../shared/model/desktop.ts';
import { PatchbayError } from '../../shared/model/error.ts';
import type { DesktopSettingsStore } from './desktop-settings.ts';
import type { LoginItem } from './login-item.ts';
import type { ShellMessages } from './messages/messages.ts';

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
  /** The texts in the language of the moment. */
  text: () => ShellMessages;
}

export function createChoices({ settings, loginItem, onChange, text }: ChoicesOptions): Choices {
  const get = (): DesktopChoices => ({ ...settings.get().choices, launchAtLogin: loginItem.isEnabled() });

  function launchAtLogin(wanted: boolean): void {
    const { login } = text();
    if (loginItem.isEnabled() === null) {
      throw new PatchbayError('NOT_SUPPORTED', login.impossible, { hint: login.impossibleHint });
    }
    try {
      loginItem.setEnabled(wanted);
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      throw new PatchbayError('INTERNAL', login.problem(problem));
    }
    // macOS takes it in silence and then wants the person's approval, or drops it when the app is not signed.
    if (loginItem.isEnabled() !== wanted) {
      throw new PatchbayError('NOT_SUPPORTED', login.ignored, { hint: login.ignoredHint });
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
