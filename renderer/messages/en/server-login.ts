import { plural } from '../../lib/format.ts';

/** Texts of the login at a remote server; the verbs are those of the command line. */
export const serverLoginMessages = {
  title: 'Login',
  state: {
    'not-asked':
      'Not known: it has not asked for a login since Patchbay started, or since it was restarted or logged out of.',
    needed: 'It needs a login.',
    'logged-in': 'You are logged in.',
    'own-header': 'The catalog gives it an Authorization header, so there is no login.',
  },
  logIn: 'Log in',
  logInAgain: 'Log in again',
  logOut: 'Log out',
  beginning: 'Asking the server where to log in…',
  waiting: (until: string): string =>
    `Log in on the page that has opened in your browser. Patchbay waits until ${until}.`,
  waitingHint: 'No page? It may have been blocked: open it here.',
  openPage: 'Open the login page',
  cancel: 'Cancel',
  outcome: {
    'logged-in': (name: string): string => `You are logged in at ${name}.`,
    'logged-out': (name: string): string => `The login at ${name} is forgotten.`,
    cancelled: (): string => 'The login was broken off; nothing has changed.',
  },
  failedHint: 'Log in again. If it fails the same way, ask whoever runs the server.',
  unsafe: (url: string): string =>
    `The server wants its login at an unsafe address, which was not opened: ${url}`,
  logOutTitle: (name: string): string => `Log out of “${name}”?`,
  logOutBody: (count: number): string =>
    plural(count, {
      one: '# connection uses the login. Its calls fail until you log in again.',
      other: '# connections use the login. Their calls fail until you log in again.',
    }),
  elsewhere:
    'A login comes back to the browser of the computer that Patchbay runs on, and this page is open on another one. In a terminal there:',
  loginCommand: 'logs in through the browser',
  logoutCommand: 'forgets the login',
  copyLogin: 'Copy the login command',
  copyLogout: 'Copy the logout command',
  commands: {
    logIn: (name: string): string => `Log in at ${name}`,
    logOut: (name: string): string => `Log out of ${name}`,
    openPage: (name: string): string => `Open the login page of ${name}`,
    cancel: (name: string): string => `Cancel the login at ${name}`,
  },
} as const;
