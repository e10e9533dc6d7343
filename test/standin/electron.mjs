// @ts-check
// What `import … from 'electron'` and `require('electron')` give in the stand-in. A name that is not here fails at
// link time, a member that is not there fails when it is read.
import { app } from './app.mjs';
import { BrowserWindow } from './browser-window.mjs';
import { dialog, nativeTheme, Notification, powerMonitor, screen, shell } from './desktop.mjs';
import { ipcMain } from './ipc-main.mjs';
import { Menu } from './menu.mjs';
import { MessageChannelMain } from './message-ports.mjs';
import { protocol } from './schemes.mjs';
import { session } from './session.mjs';
import { nativeImage, Tray } from './tray.mjs';
import { utilityProcess } from './utility-process.mjs';
import { WebContents as webContents } from './web-contents.mjs';

const electron = {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  MessageChannelMain,
  nativeImage,
  nativeTheme,
  Notification,
  powerMonitor,
  protocol,
  screen,
  session,
  shell,
  Tray,
  utilityProcess,
  webContents,
};
export {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  MessageChannelMain,
  nativeImage,
  nativeTheme,
  Notification,
  powerMonitor,
  protocol,
  screen,
  session,
  shell,
  Tray,
  utilityProcess,
  webContents,
};
// electron-store and Playwright take the module as one object.
export default electron;
export { electron as 'module.exports' };
