import { plural } from '../../lib/format.ts';
import type { commandsMessages as english } from '../en/commands.ts';
import type { MessagesOf } from '../messages-of.ts';

/** The command palette, the sheet of shortcuts, and what can be done on every screen, in German. */
export const commandsMessages: MessagesOf<typeof english> = {
  palette: 'Befehle',
  placeholder: 'Was möchten Sie tun?',
  nothing: 'Kein passender Befehl.',
  found: (count) => plural(count, { one: '# Befehl', other: '# Befehle' }),
  sheet: 'Tastenkürzel',
  sheetHint: 'Was die Tasten in dieser Ansicht bewirken. Zwei Tasten: nacheinander drücken.',
  openPalette: 'Befehl suchen',
  openSheet: 'Tastenkürzel zeigen',
  goTo: (screen) => `Gehe zu: ${screen}`,
  space: 'Leertaste',
  groups: { general: 'Allgemein', go: 'Gehe zu' },
};
