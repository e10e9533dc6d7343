import type { DesktopBridge } from '../../shared/contract/desktop-bridge.ts';
import type { Language } from '../../shared/language/language.ts';

/**
 * Tells the desktop shell which language was chosen (null: none), where it does not know. A page does so when it
 * begins, and a choice makes it begin anew: so the shell also learns what was chosen while it could not be told.
 */
export async function tellDesktopLanguage(
  bridge: Pick<DesktopBridge, 'state' | 'choose'>,
  chosen: Language | null,
): Promise<void> {
  try {
    const { choices } = await bridge.state();
    if (choices.language !== chosen) await bridge.choose({ language: chosen });
  } catch {
    // The app logs what it refuses; the next page tells it again.
  }
}
