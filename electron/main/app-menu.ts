import { Menu, type MenuItemConstructorOptions } from 'electron';
import type { ShellMessages } from './messages/messages.ts';

type Labels = ShellMessages['appMenu'];
/** Labels that stand over a list of items and do nothing themselves. */
type Heading = 'substitutions' | 'speech';

/**
 * macOS needs a menu for copy, paste and quit to work at all. Elsewhere the window has none: everything is in the
 * page and in the tray.
 */
export function setAppMenu(os: NodeJS.Platform, isPackaged: boolean, labels: Labels): void {
  Menu.setApplicationMenu(os === 'darwin' ? Menu.buildFromTemplate(appMenu(isPackaged, labels)) : null);
}

/** The items that Electron's roles `appMenu`, `editMenu` and `windowMenu` stand for on macOS, with our labels. */
export function appMenu(isPackaged: boolean, labels: Labels): MenuItemConstructorOptions[] {
  const separator: MenuItemConstructorOptions = { type: 'separator' };
  const items = (...roles: Exclude<keyof Labels, Heading>[]): MenuItemConstructorOptions[] =>
    roles.map((role) => ({ role, label: labels[role] }));
  const edit = [
    ...items('undo', 'redo'),
    separator,
    ...items('cut', 'copy', 'paste', 'pasteAndMatchStyle', 'delete', 'selectAll'),
    separator,
    {
      label: labels.substitutions,
      submenu: [
        ...items('showSubstitutions'),
        separator,
        ...items('toggleSmartQuotes', 'toggleSmartDashes', 'toggleTextReplacement'),
      ],
    },
    { label: labels.speech, submenu: items('startSpeaking', 'stopSpeaking') },
  ];
  return [
    {
      role: 'appMenu',
      submenu: [
        ...items('about'),
        separator,
        ...items('services'),
        separator,
        ...items('hide', 'hideOthers', 'unhide'),
        separator,
        ...items('quit'),
      ],
    },
    { role: 'editMenu', label: labels.editMenu, submenu: edit },
    // For whoever develops the app; it stays as Electron words it.
    ...(isPackaged ? [] : [{ role: 'viewMenu' as const }]),
    {
      role: 'windowMenu',
      label: labels.windowMenu,
      submenu: [...items('minimize', 'zoom'), separator, ...items('front')],
    },
  ];
}
