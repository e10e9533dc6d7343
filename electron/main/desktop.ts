import { app, shell } from 'electron';
import path from 'node:path';
import type { DataFolder } from '../hub/data-folder.ts';
import { createRestartPolicy } from '../hub/supervisor/restart-policy.ts';
import { setAppMenu } from './app-menu.ts';
import { serveUi } from './app-protocol.ts';
import { createConversation } from './conversation.ts';
import { openDesktopSettings } from './desktop-settings.ts';
import { connectToHub } from './hub-client.ts';
import { createHubFollower } from './hub-follower.ts';
import { hubArguments } from './hub-messages.ts';
import { openOutputFile, outputLogger } from './hub-output.ts';
import { createHubProcess, type HubState } from './hub-process.ts';
import { createLoginItem } from './login-item.ts';
import { servePagePorts } from './page-ports.ts';
import { type DesktopRuntime, launchCommand, shimCommand } from './program-commands.ts';
import { createRouting } from './routing.ts';
import { confinePages } from './security.ts';
import { createTray } from './tray.ts';
import { createWindowControl } from './window.ts';

/** What the composition root knows of the machine. */
export interface DesktopHost {
  runtime: DesktopRuntime;
  data: DataFolder;
  /** Freedesktop configuration folder; used on Linux only. */
  configHome: string;
  /** Folder for our own log. */
  logs: string;
  now: () => number;
  /** Where output goes besides the log file: the terminal of someone who develops, else nowhere. */
  echo: (chunk: Uint8Array) => void;
}

/** The running shell: hub, tray and window. */
export interface Desktop {
  show(route?: string): void;
  startHub(): void;
  /** Starts the hub if it was stopped; a failed one waits for a person. */
  wakeHub(): void;
  /** Asks if sessions would notice; resolves at once with true when none is live. */
  confirmQuit(): Promise<boolean>;
  /** Drains and ends everything in reverse order; resolves when no process of ours is left. */
  dispose(): Promise<void>;
}

/** Puts the shell together. Call once, when the app is ready. */
export function createDesktop(host: DesktopHost): Desktop {
  const { runtime, data } = host;
  const at = (...parts: string[]): string => path.join(runtime.appPath, ...parts);
  const log = openOutputFile(path.join(host.logs, 'patchbay.log'));
  const output = (chunk: Uint8Array): void => {
    log.write(chunk);
    host.echo(chunk);
  };
  const logger = outputLogger(output);
  const settings = openDesktopSettings(logger);
  const launch = launchCommand(runtime, data.root);
  const loginItem = createLoginItem(runtime, launch, host.configHome);

  confinePages(logger);
  serveUi(at('dist', 'ui'));
  setAppMenu(runtime.os, runtime.packaged);

  const hub = createHubProcess({
    modulePath: at('dist', 'hub.mjs'),
    args: hubArguments({ shim: shimCommand(runtime, data.shim), launch }),
    policy: createRestartPolicy(),
    now: host.now,
    output,
    logger,
  });
  const follower = createHubFollower(hub, () => connectToHub(hub), logger);
  const stopPorts = servePagePorts(hub, logger);
  const window = createWindowControl({
    preload: at('dist', 'preload.cjs'),
    icon: runtime.os === 'linux' ? at('assets', 'icon', '256x256.png') : undefined,
    settings,
    onHidden: tellOfTray,
    // A Dock icon only while there is a window to go with it.
    onVisibility: (isVisible) => {
      if (runtime.os === 'darwin') app.setActivationPolicy(isVisible ? 'regular' : 'accessory');
    },
  });
  const conversation = createConversation(() => window.visible());
  const routing = createRouting({
    hub: follower,
    conversation,
    review: (clients) => {
      const query = new URLSearchParams({ step: 'review' });
      for (const id of clients) query.append('client', id);
      window.show(`/setup?${query.toString()}`);
    },
    onChange: () => tray.update(),
  });
  const tray = createTray({
    os: runtime.os,
    images: at('assets', 'tray'),
    state: () => ({
      hub: hub.state,
      view: follower.view,
      isBusy: routing.isBusy,
      openAtLogin: loginItem.isEnabled(),
    }),
    actions: {
      open: (route) => window.show(route),
      setRouting: (clients, routed) => void (routed ? routing.route(clients) : routing.rollBack(clients)),
      rollBackAll: () => void routing.rollBack(),
      startHub: () => hub.start(),
      openLog: () => void shell.openPath(log.path),
      setOpenAtLogin,
      quit: () => app.quit(),
    },
  });
  const stopFollowing = [follower.onChange(() => tray.update()), hub.onChange(onHub)];

  function onHub(state: HubState): void {
    tray.update();
    if (state.phase !== 'failed') return;
    const { message, hint = '' } = state.error;
    if (!window.visible()) {
      return conversation.tell({
        kind: 'info',
        title: 'Patchbay is not running',
        body: `${message} ${hint}`.trim(),
      });
    }
    const question = { message: 'Patchbay is not running', detail: `${message}\n\n${hint}`.trim() };
    void conversation.ask({ ...question, buttons: ['Try Again', 'Not Now'] }).then((answer) => {
      if (answer === 0) hub.start();
    });
  }

  function setOpenAtLogin(isEnabled: boolean): void {
    try {
      loginItem.setEnabled(isEnabled);
    } catch (error) {
      conversation.tell({
        kind: 'problem',
        title: 'The login item could not be changed',
        body: String(error),
      });
    }
  }

  function tellOfTray(): void {
    if (settings.get().wasTrayHintShown) return;
    settings.update({ wasTrayHintShown: true });
    conversation.tell({
      kind: 'info',
      title: 'Patchbay keeps running',
      body: 'Your clients stay connected. Its icon has the menu; starting Patchbay again brings this window back.',
    });
  }

  return {
    show: (route) => window.show(route),
    startHub: () => hub.start(),
    wakeHub() {
      if (hub.state.phase === 'stopped') hub.start();
    },
    async confirmQuit() {
      const sessions = follower.view.status?.sessions ?? 0;
      if (sessions === 0) return true;
      const answer = await conversation.ask({
        message: 'Quit Patchbay?',
        detail:
          `${sessions === 1 ? 'One session runs' : `${sessions} sessions run`} through it. ` +
          'They carry on with their own servers; calls under way fail.',
        buttons: ['Quit', 'Cancel'],
      });
      return answer === 0;
    },
    async dispose() {
      for (const stop of stopFollowing) stop();
      window.dispose();
      stopPorts();
      follower.dispose();
      await hub.stop();
      tray.dispose();
      log.close();
    },
  };
}
