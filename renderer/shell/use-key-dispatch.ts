import { useLayoutEffect } from 'react';
import { commandRegistry } from '../lib/commands.ts';
import { isMacKeyboard, keyName, matchKey, SEQUENCE_MS } from '../lib/key-sequences.ts';

/** Runs commands by their keys, for the whole page; the one listener there is. */
export function useKeyDispatch(): void {
  useLayoutEffect(() => {
    const isMac = isMacKeyboard();
    let prefix: string | null = null;
    let forget: ReturnType<typeof setTimeout> | undefined;
    const onKey = (event: KeyboardEvent): void => {
      // Whoever has the focus comes first: a list, a menu or a field that took the key has prevented its default.
      if (event.defaultPrevented || event.isComposing) return;
      const name = keyName(event, isMac);
      if (name === null) return;
      const isMod = name.startsWith('mod+');
      if (!isMod && (isTyping(event.target) || isInDialog())) return;
      if (isActivation(name) && isControl(event.target)) return;
      const match = matchKey(commandRegistry.all(), prefix, name);
      clearTimeout(forget);
      prefix = null;
      if (match.kind === 'none') return;
      event.preventDefault();
      if (match.kind === 'run') return match.command.run();
      prefix = match.prefix;
      forget = setTimeout(() => (prefix = null), SEQUENCE_MS);
    };
    window.addEventListener('keydown', onKey);
    return () => {
      clearTimeout(forget);
      window.removeEventListener('keydown', onKey);
    };
  }, []);
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true;
  if (target instanceof HTMLSelectElement) return true;
  return (
    target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'range'].includes(target.type)
  );
}

const isInDialog = (): boolean =>
  document.querySelector('[role="dialog"], [role="alertdialog"], [role="menu"]') !== null;

/** Enter and Space belong to the button or link that has the focus. */
const isActivation = (name: string): boolean => name === 'enter' || name === 'space';
const isControl = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('button, a, summary, input, [role="button"]') !== null;
