import type { Command } from './commands.ts';

/** What of a key press tells which key it is. */
export type KeyPress = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/** How long the first of two keys waits for the second. */
export const SEQUENCE_MS = 1_200;

/**
 * Writes a key press as `Command.keys` does: `p`, `?`, `shift+enter`, `mod+k`. Shift counts only where it does not
 * already make another character. null for a modifier alone, a combination with Alt or with the other of ⌘ and Ctrl.
 */
export function keyName(
  { key, ctrlKey, metaKey, altKey, shiftKey }: KeyPress,
  isMac: boolean,
): string | null {
  if (['Shift', 'Control', 'Meta', 'Alt', 'AltGraph', 'Dead', 'Process'].includes(key)) return null;
  const mod = isMac ? metaKey : ctrlKey;
  if (altKey || (isMac ? ctrlKey : metaKey)) return null;
  const isLetter = /^[a-z]$/i.test(key);
  const isCharacter = key.length === 1 && key !== ' ' && !isLetter;
  const name = key === ' ' ? 'space' : key.toLowerCase();
  return `${mod ? 'mod+' : ''}${shiftKey && !isCharacter ? 'shift+' : ''}${name}`;
}

/** What pressing a key leads to. */
export type KeyMatch =
  | { kind: 'run'; command: Command }
  /** The first key of a sequence: wait for the next. */
  | { kind: 'wait'; prefix: string }
  | { kind: 'none' };

/** Finds the command of a key after an optional first one; newer registrations come first and win. */
export function matchKey(commands: readonly Command[], prefix: string | null, name: string): KeyMatch {
  const typed = prefix === null ? name : `${prefix} ${name}`;
  const command = commands.find(({ keys }) => keys === typed);
  if (command) return { kind: 'run', command };
  if (commands.some(({ keys }) => keys?.startsWith(`${typed} `))) return { kind: 'wait', prefix: typed };
  // A second key that completes nothing counts as a first one.
  return prefix === null ? { kind: 'none' } : matchKey(commands, null, name);
}

const SIGNS: Readonly<Record<string, string>> = {
  arrowup: '↑',
  arrowdown: '↓',
  arrowleft: '←',
  arrowright: '→',
  enter: '↵',
  escape: 'Esc',
  backspace: '⌫',
  delete: 'Del',
  pageup: 'PgUp',
  pagedown: 'PgDn',
  home: 'Home',
  end: 'End',
  tab: 'Tab',
};

/** Keys as people read them, one text per key to press: `['⌘', 'K']`, `['Ctrl', 'K']`, `['G', 'T']`. */
export function keySigns(keys: string, isMac: boolean, names: { space: string }): string[] {
  return keys.split(' ').flatMap((press) =>
    press.split(/\+(?=.)/).map((part) => {
      if (part === 'mod') return isMac ? '⌘' : 'Ctrl';
      if (part === 'shift') return isMac ? '⇧' : 'Shift';
      if (part === 'space') return names.space;
      return SIGNS[part] ?? part.toUpperCase();
    }),
  );
}

/** ⌘ or Ctrl. */
export const isMacKeyboard = (): boolean => /mac/i.test(navigator.platform);
