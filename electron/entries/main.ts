import { app, dialog } from 'electron';
import { mkdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readLanguage } from '../../shared/language/language.ts';
import { toErrorInfo } from '../../shared/model/error.ts';
import { dataFolder, defaultDataRoot, prepareDataFolder } from '../hub/data-folder.ts';
import { registerUiScheme } from '../main/app-protocol.ts';
import { createDesktop, type DesktopHost } from '../main/desktop.ts';
import { followAppEvents } from '../main/lifecycle.ts';
import { messagesIn } from '../main/messages/messages.ts';
import { type DesktopRuntime, HIDDEN_SWITCH } from '../main/program-commands.ts';
import { whyNoUpdates } from '../main/update-support.ts';

const home = os.homedir();
const data = dataFolder(defaultDataRoot({ os: process.platform, home, env: process.env }));
// Chromium's files too live below the data folder, so that one folder is all there is, and one app runs per folder.
const desktopFolder = path.join(data.root, 'desktop');

function start(): void {
  const runtime: DesktopRuntime = {
    os: process.platform,
    execPath: process.execPath,
    // Not in Electron's types; Electron's own fork uses it.
    helperExecPath: (process as { helperExecPath?: string }).helperExecPath,
    appImage: process.env.APPIMAGE,
    appPath: app.getAppPath(),
    packaged: app.isPackaged,
  };
  const desktop = createDesktop({
    runtime,
    data,
    configHome: process.env.XDG_CONFIG_HOME ?? path.join(home, '.config'),
    logs: path.join(desktopFolder, 'logs'),
    now: () => performance.now(),
    wallClock: () => Date.now(),
    echo: (chunk) => void (app.isPackaged || process.stderr.write(chunk)),
    updater: findUpdater(runtime),
    endThen: (last) => life.endThen(last),
  });
  const life = followAppEvents(desktop, process);
  desktop.startHub();
  const isHidden = process.argv.includes(HIDDEN_SWITCH) || app.getLoginItemSettings().wasOpenedAtLogin;
  if (!isHidden) desktop.show();
}

function findUpdater(runtime: DesktopRuntime): DesktopHost['updater'] {
  const cannot = whyNoUpdates({
    runtime,
    resources: process.resourcesPath,
    isInApplications: () => app.isInApplicationsFolder(),
  });
  // Its module looks for Electron's own when it is read, and is large: only a copy that can update itself reads it.
  return cannot ?? (async () => (await import('electron-updater')).autoUpdater);
}

registerUiScheme();
app.enableSandbox();
if (process.platform === 'win32') app.setAppUserModelId('dev.patchbay.desktop');
try {
  prepareDataFolder(data);
  mkdirSync(desktopFolder, { recursive: true, mode: 0o700 });
  app.setPath('userData', desktopFolder);
  if (app.requestSingleInstanceLock()) void app.whenReady().then(start);
  else app.quit();
} catch (error) {
  const { message, hint = '' } = toErrorInfo(error);
  // The person's choice lies in the very folder that may be the problem, and the app's locale is known later.
  const text = messagesIn(readLanguage(null, app.getPreferredSystemLanguages()));
  dialog.showErrorBox(text.cannotStart, `${message}\n\n${hint}`);
  app.exit(1);
}
