import { plural } from '../../lib/format.ts';
import type { serverLoginMessages as english } from '../en/server-login.ts';
import type { MessagesOf } from '../messages-of.ts';

/** Texts of the login at a remote server, in German. */
export const serverLoginMessages: MessagesOf<typeof english> = {
  title: 'Anmeldung',
  state: {
    'not-asked':
      'Nicht bekannt: Er hat keine Anmeldung verlangt, seit Patchbay oder er neu gestartet wurde oder Sie sich abgemeldet haben.',
    needed: 'Er verlangt eine Anmeldung.',
    'logged-in': 'Sie sind angemeldet.',
    'own-header': 'Der Katalog gibt ihm einen Authorization-Header, deshalb gibt es keine Anmeldung.',
  },
  logIn: 'Anmelden',
  logInAgain: 'Erneut anmelden',
  logOut: 'Abmelden',
  beginning: 'Der Server wird gefragt, wo Sie sich anmelden…',
  waiting: (until) =>
    `Melden Sie sich auf der Seite an, die sich in Ihrem Browser geöffnet hat. Patchbay wartet bis ${until}.`,
  waitingHint: 'Keine Seite? Vielleicht wurde sie blockiert: Öffnen Sie sie hier.',
  openPage: 'Anmeldeseite öffnen',
  cancel: 'Abbrechen',
  outcome: {
    'logged-in': (name) => `Sie sind bei ${name} angemeldet.`,
    'logged-out': (name) => `Die Anmeldung bei ${name} ist vergessen.`,
    cancelled: () => 'Die Anmeldung wurde abgebrochen; es hat sich nichts geändert.',
  },
  failedHint:
    'Melden Sie sich erneut an. Schlägt es wieder so fehl, fragen Sie den, der den Server betreibt.',
  unsafe: (url) =>
    `Der Server verlangt die Anmeldung an einer unsicheren Adresse, die nicht geöffnet wurde: ${url}`,
  logOutTitle: (name) => `Bei „${name}“ abmelden?`,
  logOutBody: (count) =>
    plural(count, {
      one: '# Verbindung nutzt die Anmeldung. Ihre Aufrufe schlagen fehl, bis Sie sich wieder anmelden.',
      other: '# Verbindungen nutzen die Anmeldung. Ihre Aufrufe schlagen fehl, bis Sie sich wieder anmelden.',
    }),
  elsewhere:
    'Eine Anmeldung kommt zum Browser des Computers zurück, auf dem Patchbay läuft, und diese Seite ist auf einem anderen geöffnet. Dort in einem Terminal:',
  loginCommand: 'meldet über den Browser an',
  logoutCommand: 'vergisst die Anmeldung',
  copyLogin: 'Befehl zum Anmelden kopieren',
  copyLogout: 'Befehl zum Abmelden kopieren',
  commands: {
    logIn: (name) => `Bei ${name} anmelden`,
    logOut: (name) => `Bei ${name} abmelden`,
    openPage: (name) => `Anmeldeseite von ${name} öffnen`,
    cancel: (name) => `Anmeldung bei ${name} abbrechen`,
  },
};
