import { Menu, nativeImage, nativeTheme, Tray } from 'electron';
import path from 'node:path';
import type { ShellMessages } from './messages/messages.ts';
import { type TrayActions, trayMenu } from './tray-menu.ts';
import { statusInWords, type TrayIcon, trayIcon, type TrayState } from './tray-state.ts';

export interface TrayOptions {
  os: NodeJS.Platform;
  /** Folder of the tray's images. */
  images: string;
  actions: TrayActions;
  state: () => TrayState;
  /** The texts in the language of the moment. */
  text: () => ShellMessages;
}

/** The icon in the menu bar or notification area. */
export interface TrayControl {
  /** Shows the current state; cheap when nothing changed. `force` also resets check marks the system set on a click. */
  update(options?: { force: boolean }): void;
  dispose(): void;
}

export function createTray({ os, images, actions, state, text }: TrayOptions): TrayControl {
  let shownImage = imageFor(state());
  let shownMenu = '';
  const tray = new Tray(nativeImage.createFromPath(shownImage));
  // On macOS a click shows the menu; elsewhere the left button opens the window, where the desktop reports it at all.
  if (os !== 'darwin') tray.on('click', () => actions.open());

  function imageFor(current: TrayState): string {
    const isDark = nativeTheme.shouldUseDarkColorsForSystemIntegratedUI;
    return path.join(images, trayImageFile(os, trayIcon(current), isDark));
  }

  function update({ force } = { force: false }): void {
    const current = state();
    const image = imageFor(current);
    if (image !== shownImage) tray.setImage(nativeImage.createFromPath(image));
    shownImage = image;
    tray.setToolTip(`Patchbay: ${statusInWords(current, text())}`);
    const template = trayMenu(current, withReset(actions), text());
    const fingerprint = JSON.stringify(template);
    // A menu that is replaced while open closes under the pointer.
    if (force || fingerprint !== shownMenu) tray.setContextMenu(Menu.buildFromTemplate(template));
    shownMenu = fingerprint;
  }

  /** The system ticks a checkbox when it is clicked; ours follow the state, so show that again. */
  function withReset(inner: TrayActions): TrayActions {
    return {
      ...inner,
      setRouting(clients, routed) {
        inner.setRouting(clients, routed);
        update({ force: true });
      },
      setOpenAtLogin(openAtLogin) {
        inner.setOpenAtLogin(openAtLogin);
        update({ force: true });
      },
    };
  }

  const onTheme = (): void => update();
  nativeTheme.on('updated', onTheme);
  update();
  return {
    update,
    dispose() {
      nativeTheme.off('updated', onTheme);
      tray.destroy();
    },
  };
}

/**
 * macOS recolours a template image itself, by its name's ending. Windows needs an icon for the taskbar's own theme.
 * Linux panels do not tell theirs, so that image has a plate of its own.
 */
export function trayImageFile(os: NodeJS.Platform, icon: TrayIcon, isDark: boolean): string {
  const variant = icon === 'routed' ? '' : `-${icon}`;
  if (os === 'darwin') return `tray${variant}Template.png`;
  if (os === 'win32') return `tray${variant}-${isDark ? 'dark' : 'light'}.ico`;
  return `tray${variant}-linux.png`;
}
