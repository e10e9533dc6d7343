import { quantitiesIn } from '../../../../shared/language/quantities-in.ts';
import type { messages as english } from '../en/messages.ts';
import { appMenuMessages } from './app-menu.ts';
import { newsMessages } from './news.ts';
import { routingMessages } from './routing.ts';
import { trayMessages } from './tray.ts';

const { count, list, plural } = quantitiesIn('de');

/** Every text of the desktop shell in German, by place. */
export const messages: typeof english = {
  common: {
    ok: 'OK',
    cancel: 'Abbrechen',
    notNow: 'Nicht jetzt',
    more: (lines) => `… und ${count(lines)} weitere`,
    list,
  },
  appMenu: appMenuMessages,
  tray: trayMessages,
  news: newsMessages,
  routing: routingMessages,
  hub: {
    down: 'Patchbay läuft nicht',
    tryAgain: 'Erneut versuchen',
    crashes: {
      message: 'Der Hub ist zu oft abgestürzt und wurde nicht wieder gestartet.',
      hint: 'Clients arbeiten weiter: Sie starten ihre Server ohne Patchbay. Die Protokolldatei nennt den Grund.',
    },
  },
  quit: {
    question: 'Patchbay beenden?',
    detail: (sessions) =>
      plural(sessions, {
        one: 'Eine Sitzung läuft darüber. Sie läuft mit eigenen Servern weiter; laufende Aufrufe schlagen fehl.',
        other:
          '# Sitzungen laufen darüber. Sie laufen mit eigenen Servern weiter; laufende Aufrufe schlagen fehl.',
      }),
    confirm: 'Beenden',
  },
  closed: {
    title: 'Patchbay läuft weiter',
    body: 'Ihre Clients bleiben verbunden. Das Symbol im Infobereich hat das Menü; wird Patchbay erneut gestartet, kommt dieses Fenster zurück.',
  },
  login: {
    failed: 'Der Start bei der Anmeldung konnte nicht geändert werden',
    impossible: 'Diese Kopie von Patchbay kann nicht bei der Anmeldung gestartet werden.',
    impossibleHint: 'Installieren Sie die App; aus ihren Quellen gestartet, hat sie keinen festen Ort.',
    problem: (problem) => `Der Start bei der Anmeldung konnte nicht geändert werden: ${problem}`,
    ignored: 'Das System hat die Änderung nicht übernommen.',
    ignoredHint:
      'Sehen Sie in den Systemeinstellungen bei den Anmeldeobjekten nach: Vielleicht muss sie dort erlaubt werden.',
    comment: 'Leitet die MCP-Server Ihrer KI-Clients um',
  },
  loginPage: {
    noHub: 'Der Hub läuft nicht.',
    unsafe: (server) => `Der Server ${server} verlangt seine Anmeldung an einer unsicheren Adresse.`,
  },
  updates: {
    failed: 'Die neue Version konnte nicht installiert werden',
    notReady: 'Es liegt keine neue Version zum Installieren bereit.',
    cannot: {
      sources:
        'Patchbay läuft aus seinen Quellen. Bringen Sie diese auf den neuesten Stand und bauen Sie neu.',
      package:
        'Patchbay wurde als Paket installiert. Aktualisieren Sie es mit der Paketverwaltung dieses Systems.',
      'no-address':
        'Diese Ausgabe von Patchbay nennt keinen Ort für neue Versionen. Installieren Sie sie von Hand.',
      'not-in-applications':
        'Bewegen Sie Patchbay in den Ordner „Programme“; von seinem jetzigen Ort aus lässt es sich nicht ersetzen.',
      'not-writable': (file) =>
        `In den Ordner von ${file} lässt sich nicht schreiben. Bewegen Sie die Datei in einen eigenen Ordner.`,
    },
  },
  page: {
    notAllowed: 'Das darf diese Seite nicht verlangen.',
    notUnderstood: 'Die App hat nicht verstanden, was die Seite verlangt.',
  },
  cannotStart: 'Patchbay kann nicht starten',
};
