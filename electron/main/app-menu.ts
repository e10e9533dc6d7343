import { Menu } from 'electron';

/**
 * macOS needs a menu for copy, paste and quit to work at all. Elsewhere the window has none: everything is in the
 * page and in the tray.
 */
export function setAppMenu(os: NodeJS.Platform, isPackaged: boolean): void {
  if (os !== 'darwin') return Menu.setApplicationMenu(null);
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      { role: 'appMenu' },
      { role: 'editMenu' },
      ...(isPackaged ? [] : [{ role: 'viewMenu' as const }]),
      { role: 'windowMenu' },
    ]),
  );
}
