import { quantitiesIn } from '../../../../shared/language/quantities-in.ts';
import type { trayMessages as english } from '../en/tray.ts';

const { clock, count, plural, share } = quantitiesIn('de');

/** Texts of the tray's menu and tooltip in German. */
export const trayMessages: typeof english = {
  state: {
    starting: 'Startet…',
    restarting: 'Der Hub ist abgestürzt und startet neu…',
    failed: (why) => `Läuft nicht: ${why}`,
    stopped: 'Beendet',
    running: 'Läuft',
  },
  routed(routed, partly, all) {
    if (routed + partly === 0) return 'kein Client umgeleitet';
    const clients = plural(all, { one: '# Client', other: '# Clients' });
    const whole = routed === all ? clients : `${count(routed)} von ${clients}`;
    return `${whole} umgeleitet${partly > 0 ? `, ${count(partly)} teils` : ''}`;
  },
  sessions: (sessions) =>
    sessions === 0 ? 'keine Sitzungen' : plural(sessions, { one: '# Sitzung', other: '# Sitzungen' }),
  startHub: 'Hub starten',
  restartHub: 'Hub neu starten',
  openLog: 'Protokolldatei öffnen',
  catalogError: 'Die Katalogdatei enthält einen Fehler',
  trafficStore: 'Der Datenverkehr wird nicht wie vorgesehen aufbewahrt',
  findings: (findings) =>
    plural(findings, {
      one: '# Änderung an Konfigurationen zu prüfen',
      other: '# Änderungen an Konfigurationen zu prüfen',
    }),
  errors: (errors) =>
    errors === 0
      ? 'Keine Fehler in der letzten Stunde'
      : plural(errors, { one: '# Fehler in der letzten Stunde', other: '# Fehler in der letzten Stunde' }),
  clock,
  outcome: {
    pending: 'offen',
    ok: 'OK',
    error: 'Fehler',
    'tool-error': 'Tool-Fehler',
    cancelled: 'abgebrochen',
    lost: 'getrennt',
  },
  showAllErrors: 'Alle zeigen',
  noClients: 'Clients sind noch nicht bekannt',
  routeAll: 'Alle Clients über Patchbay leiten',
  routing: {
    direct: 'direkt',
    partly: 'teils umgeleitet',
    routed: 'umgeleitet',
    none: 'keine Server zum Umleiten',
  },
  servers(servers, running, failed) {
    const states = [
      running > 0 && plural(running, { one: '# läuft', other: '# laufen' }),
      failed > 0 && `${count(failed)} ausgefallen`,
    ];
    const summary = states.filter(Boolean).join(', ');
    const all = servers === 0 ? 'Keine Server' : plural(servers, { one: '# Server', other: '# Server' });
    return summary === '' ? all : `${all} (${summary})`;
  },
  serverState: {
    disabled: 'deaktiviert',
    idle: 'bereit',
    starting: 'startet',
    running: 'läuft',
    failed: 'ausgefallen',
  },
  server: (name, state, processes) => `${name}: ${state}${processes > 1 ? ` (${count(processes)})` : ''}`,
  open: 'Patchbay öffnen',
  traffic: 'Datenverkehr live',
  rollBackAll: 'Alle Clients zurückrollen…',
  openAtLogin: 'Bei der Anmeldung starten',
  update: {
    check: 'Nach Updates suchen',
    checking: 'Suche nach einem Update…',
    download: (version) => `Version ${version} herunterladen`,
    downloading: (version, percent) => `Version ${version} wird heruntergeladen: ${share(percent / 100)}`,
    install: (version) => `Version ${version} installieren und neu starten`,
    failed: 'Update fehlgeschlagen, erneut versuchen',
  },
  quit: 'Patchbay beenden',
};
