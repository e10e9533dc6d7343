import { app, shell } from 'electron';
import path from 'node:path';
import { readLanguage } from '../../shared/language/language.ts';
import { toErrorInfo } from '../../shared/model/error.ts';
import type { DataFolder } from '../hub/data-folder.ts';
import { createRestartPolicy } from '../hub/supervisor/restart-policy.ts';
import { setAppMenu } from './app-menu.ts';
import { serveUi } from './app-protocol.ts';
import { createChoices } from './choices.ts';
import { createConversation } from './conversation.ts';
import { serveDesktopBridge } from './desktop-bridge.ts';
import { openDesktopSettings } from './desktop-settings.ts';
import { connectToHub } from './hub-client.ts';
import { hubFailureInWords } from './hub-failure.ts';
import { createHubFollower } from './hub-follower.ts';
import { hubArguments } from './hub-messages.ts';
import { openOutputFile, outputLogger } from './hub-output.ts';
import { createHubProcess, type HubState } from './hub-process.ts';
import { createLoginItem } from './login-item.ts';
import { openLoginPage } from './login-page.ts';
import { messagesIn, type ShellMessages } from './messages/messages.ts';
import { createNotifications } from './notifications.ts';
import { createNotifier } from './notifier.ts';
import { servePagePorts } from './page-ports.ts';
import { type DesktopRuntime, launchCommand, shimCommand } from './program-commands.ts';
import { createRepair } from './repair.ts';
import { createRouting } from './routing.ts';
import { failure } from './routing-words.ts';
import { confinePages } from './security.ts';
import { systemLanguages } from './system-languages.ts';
import { createTray } from './tray.ts';
import { updateEngine, type AppUpdater } from './update-engine.ts';
import type { NoUpdates } from './update-support.ts';
import { createUpdates } from './updates.ts';
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
  /** Epoch milliseconds. */
  wallClock: () => number;
  /** Where output goes besides the log file: the terminal of someone who develops, else nowhere. */
  echo: (chunk: Uint8Array) => void;
  /** How electron-updater is loaded; or why this copy cannot update itself. */
  updater: (() => Promise<AppUpdater>) | NoUpdates;
  /** Ends the app in order, calls under way first, and does this as the last thing. */
  endThen: (last: () => void) => void;
}

/** The running shell: hub, tray and window. */
export interface Desktop {
  show(route?: string): void;
  startHub(): void;
  /** Starts the hub if it was stopped; a failed one waits for a person. */
  wakeHub(): void;
  /** Asks if sessions would notice; resolves at once with true when none is live. */
  confirmQuit(): Promise<boolean>;
  /**
   * Drains and ends everything in reverse order; resolves when no process of ours is left. `waitForCalls`: what
   * clients have asked for is answered first, within bounds.
   */
  dispose(how: { waitForCalls: boolean }): Promise<void>;
}

/** The hub itself waits 30 s for calls, then ends its servers. */
const WAIT_FOR_CALLS_MS = 40_000;

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
  const preferred = systemLanguages();
  const text = (): ShellMessages => messagesIn(readLanguage(settings.get().choices.language, preferred));
  const launch = launchCommand(runtime, data.root);
  const loginItem = createLoginItem(runtime, launch, host.configHome);

  confinePages(logger);
  serveUi(at('dist', 'ui'));
  const showAppMenu = (): void => setAppMenu(runtime.os, runtime.packaged, text().appMenu);
  showAppMenu();

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
    onQuit: () => app.quit(),
    // A Dock icon only while there is a window to go with it.
    onVisibility: (isVisible) => {
      if (runtime.os === 'darwin') app.setActivationPolicy(isVisible ? 'regular' : 'accessory');
    },
  });
  const notify = createNotifications(logger);
  const conversation = createConversation(() => window.visible(), notify, text);
  const choices = createChoices({
    settings,
    loginItem,
    onChange() {
      // One of them is the language.
      showAppMenu();
      tray.update();
      bridge.announce();
    },
    text,
  });
  const updates = createUpdates({
    engine: 'reason' in host.updater ? host.updater : updateEngine(host.updater, logger),
    isAutomatic: () => choices.get().checkForUpdates,
    endThen: host.endThen,
    wallClock: host.wallClock,
    onChange() {
      tray.update();
      bridge.announce();
    },
    logger,
    text,
  });
  const bridge = serveDesktopBridge({
    choices,
    updates,
    openLoginPage: (server) => openLoginPage(server, { client: follower.client, words: text().loginPage }),
    logger,
    text,
  });
  const notifier = createNotifier({
    isWanted: (kind) => choices.get().notify[kind],
    announce: ({ title, body, route }) => void notify({ title, body, onClick: () => window.show(route) }),
    now: host.now,
    startedAt: host.wallClock(),
    text,
  });
  const repair = createRepair({
    hub: follower,
    conversation,
    review: () => window.show('/clients'),
    logger,
    text,
  });
  const routing = createRouting({
    hub: follower,
    conversation,
    review: (clients) => {
      const query = new URLSearchParams({ step: 'review' });
      for (const id of clients) query.append('client', id);
      window.show(`/setup?${query.toString()}`);
    },
    onChange: () => tray.update(),
    text,
  });
  const tray = createTray({
    os: runtime.os,
    images: at('assets', 'tray'),
    state: () => ({
      hub: hub.state,
      view: follower.view,
      isBusy: routing.isBusy,
      openAtLogin: loginItem.isEnabled(),
      update: updates.state,
    }),
    actions: {
      open: (route) => window.show(route),
      setRouting: (clients, routed) => void (routed ? routing.route(clients) : routing.rollBack(clients)),
      rollBackAll: () => void routing.rollBack(),
      startHub: () => hub.start(),
      openLog: () => void shell.openPath(log.path),
      setOpenAtLogin: (openAtLogin) =>
        attempt(text().login.failed, () => choices.choose({ launchAtLogin: openAtLogin })),
      checkForUpdate: () => void updates.check(),
      downloadUpdate: () => void updates.download(),
      installUpdate: () => attempt(text().updates.failed, () => updates.install()),
      quit: () => app.quit(),
    },
    text,
  });
  const stopFollowing = [
    follower.onChange(() => {
      tray.update();
      notifier.update(follower.view);
      repair.look();
    }),
    hub.onChange(onHub),
  ];

  function onHub(state: HubState): void {
    tray.update();
    if (state.phase !== 'failed') return;
    const { common, hub: words } = text();
    const { message, hint } = hubFailureInWords(state.error, text());
    if (!window.visible()) {
      return conversation.tell({ kind: 'info', title: words.down, body: `${message} ${hint}`.trim() });
    }
    const question = { message: words.down, detail: `${message}\n\n${hint}`.trim() };
    void conversation.ask({ ...question, buttons: [words.tryAgain, common.notNow] }).then((answer) => {
      if (answer === 0) hub.start();
    });
  }

  function attempt(title: string, work: () => void): void {
    try {
      work();
    } catch (error) {
      conversation.tell(failure(title, toErrorInfo(error)));
    }
  }

  function tellOfTray(): void {
    if (settings.get().wasTrayHintShown) return;
    settings.update({ wasTrayHintShown: true });
    conversation.tell({ kind: 'info', ...text().closed });
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
      const { common, quit } = text();
      const answer = await conversation.ask({
        message: quit.question,
        detail: quit.detail(sessions),
        buttons: [quit.confirm, common.cancel],
      });
      return answer === 0;
    },
    async dispose({ waitForCalls }) {
      updates.dispose();
      notifier.dispose();
      for (const stop of stopFollowing) stop();
      window.dispose();
      bridge.dispose();
      stopPorts();
      if (waitForCalls && follower.client) {
        // It may end before it has answered.
        await follower.client.hub.stop().catch(() => {});
        await hub.waitForEnd(WAIT_FOR_CALLS_MS);
      }
      follower.dispose();
      await hub.stop();
      tray.dispose();
      log.close();
    },
  };
}
