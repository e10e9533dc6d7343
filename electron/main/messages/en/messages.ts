import { quantitiesIn } from '../../../../shared/language/quantities-in.ts';
import { appMenuMessages } from './app-menu.ts';
import { newsMessages } from './news.ts';
import { routingMessages } from './routing.ts';
import { trayMessages } from './tray.ts';

const { count, list, plural } = quantitiesIn('en');

/** Every text of the desktop shell in English, by place. */
export const messages = {
  common: {
    ok: 'OK',
    cancel: 'Cancel',
    notNow: 'Not Now',
    more: (lines: number): string => `… and ${count(lines)} more`,
    list,
  },
  appMenu: appMenuMessages,
  tray: trayMessages,
  news: newsMessages,
  routing: routingMessages,
  hub: {
    down: 'Patchbay is not running',
    tryAgain: 'Try Again',
    crashes: {
      message: 'The hub crashed too often and was not started again.',
      hint: 'Clients keep working: they start their servers without Patchbay. The log says why it crashed.',
    },
  },
  quit: {
    question: 'Quit Patchbay?',
    detail: (sessions: number): string =>
      `${plural(sessions, { one: 'One session runs', other: '# sessions run' })} through it. ` +
      'They carry on with their own servers; calls under way fail.',
    confirm: 'Quit',
  },
  closed: {
    title: 'Patchbay keeps running',
    body: 'Your clients stay connected. Its icon has the menu; starting Patchbay again brings this window back.',
  },
  login: {
    failed: 'The login item could not be changed',
    impossible: 'This copy of Patchbay cannot be started at login.',
    impossibleHint: 'Install the app; one that runs from its sources has no place of its own.',
    problem: (problem: string): string => `The login item could not be changed: ${problem}`,
    ignored: 'The system did not take the change.',
    ignoredHint: 'Look among the login items of the system settings: it may wait for your approval there.',
    /** What the autostart entry says of itself. */
    comment: 'Routes the MCP servers of your AI clients',
  },
  loginPage: {
    noHub: 'The hub is not running.',
    unsafe: (server: string): string => `The server ${server} wants its login at an unsafe address.`,
  },
  updates: {
    failed: 'The new version could not be installed',
    notReady: 'No new version is ready to be installed.',
    cannot: {
      sources: 'Patchbay runs from its sources. Update those, and build again.',
      package: 'Patchbay was installed as a package. Update it with the package manager of this system.',
      'no-address': 'This build of Patchbay names no place with new versions. Install them by hand.',
      'not-in-applications':
        'Move Patchbay to the Applications folder; from where it lies now it cannot be replaced.',
      'not-writable': (file: string): string =>
        `The folder of ${file} cannot be written. Move the file to a folder of your own.`,
    },
  },
  page: {
    notAllowed: 'This page may not ask for that.',
    notUnderstood: 'The app did not understand what the page asked for.',
  },
  cannotStart: 'Patchbay cannot start',
};
