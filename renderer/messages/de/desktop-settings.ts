import type { desktopSettingsMessages as english } from '../en/desktop-settings.ts';
import type { MessagesOf } from '../messages-of.ts';

/** Texts of the desktop app's own settings in German. */
export const desktopSettingsMessages: MessagesOf<typeof english> = {
  title: 'Desktop-App',
  launchAtLogin: 'Bei der Anmeldung starten',
  launchAtLoginHint: 'Im Infobereich, ohne Fenster. Clients starten einen Hub so oder so selbst.',
  launchAtLoginUnknown: 'Dieses System bietet dafür keine Einstellung, die die App ändern kann.',
  closeToTray: 'Im Infobereich weiterlaufen, wenn das Fenster geschlossen wird',
  closeToTrayOn:
    'Das Schließen des Fensters ändert für Sitzungen nichts. Beenden über das Menü im Infobereich.',
  closeToTrayOff:
    'Das Schließen des Fensters beendet die App. Sitzungen laufen mit direkt gestarteten Servern weiter.',
  notifications: 'Benachrichtigen über',
  notify: {
    alerts: 'Ausgelöste Alarme',
    serverFailures: 'Server, die ausgefallen sind und es bleiben',
    toolChanges: 'Server, deren Tools nicht mehr dieselben sind',
    guardian: 'Fremde Änderungen an umgeleiteten Einträgen',
  },
  checkForUpdates: 'Nach Updates suchen',
  checkForUpdatesHint: 'Einmal am Tag. Nichts wird ungefragt heruntergeladen oder installiert.',
  update: {
    never: 'Noch nicht nach Updates gesucht.',
    upToDate: (when) => `Aktuell, Stand ${when}.`,
    checking: 'Suche nach einem Update…',
    available: (version) => `Version ${version} ist verfügbar.`,
    downloading: (version, share) => `Version ${version} wird heruntergeladen: ${share}`,
    ready: (version) =>
      `Version ${version} wird beim nächsten Beenden installiert. Laufende Aufrufe werden zuvor abgewartet.`,
    failed: (why) => `Das Update ist fehlgeschlagen: ${why}`,
    check: 'Jetzt suchen',
    download: 'Herunterladen',
    install: 'Beenden und installieren',
  },
};
