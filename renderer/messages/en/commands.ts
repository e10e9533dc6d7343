import { plural } from '../../lib/format.ts';

/** The command palette, the sheet of shortcuts, and what can be done on every screen. */
export const commandsMessages = {
  palette: 'Commands',
  placeholder: 'What do you want to do?',
  nothing: 'No command matches.',
  found: (count: number): string => plural(count, { one: '# command', other: '# commands' }),
  sheet: 'Keyboard shortcuts',
  sheetHint: 'What the keys do on this screen. Two keys: one after the other.',
  openPalette: 'Find a command',
  openSheet: 'Show the keyboard shortcuts',
  goTo: (screen: string): string => `Go to ${screen}`,
  space: 'Space',
  groups: { general: 'General', go: 'Go to' },
} as const;
