import { formatCount, plural } from '../../lib/format.ts';
import type { messages as english } from '../en/messages.ts';
import type { MessagesOf } from '../messages-of.ts';
import { alertsMessages } from './alerts.ts';
import { clientsMessages } from './clients.ts';
import { commandsMessages } from './commands.ts';
import { desktopSettingsMessages } from './desktop-settings.ts';
import { exchangeMessages } from './exchange.ts';
import { latencyMessages } from './latency.ts';
import { serverLoginMessages } from './server-login.ts';
import { serverSettingsMessages } from './server-settings.ts';
import { serverToolsMessages } from './server-tools.ts';
import { serversMessages } from './servers.ts';
import { settingsMessages } from './settings.ts';
import { setupMessages } from './setup.ts';
import { trafficMessages } from './traffic.ts';

/** Every text of the interface in German, by place. */
export const messages: MessagesOf<typeof english> = {
  common: {
    product: 'Patchbay',
    close: 'Schließen',
    cancel: 'Abbrechen',
    back: 'Zurück',
    retry: 'Erneut versuchen',
    reload: 'Neu laden',
    copied: 'Kopiert',
    loading: 'Wird geladen…',
    hubAway: 'Der Hub ist zurzeit nicht erreichbar.',
    none: '–',
    noDiff: 'Keine Zeile ändert sich.',
    showMoreText: (size) => `Mehr zeigen (noch ${size})`,
    sha256: 'SHA-256',
  },
  failure: {
    title: { screen: 'Diese Ansicht ist ausgefallen', window: 'Dieses Fenster ist ausgefallen' },
    body: {
      screen:
        'Der Fehler liegt in der Anzeige. Der Hub und Ihre Clients arbeiten weiter wie bisher. Versuchen Sie es erneut, oder öffnen Sie eine andere Ansicht.',
      window:
        'Der Fehler liegt in der Anzeige. Der Hub und Ihre Clients arbeiten weiter wie bisher. Laden Sie das Fenster neu.',
    },
    copy: 'Einzelheiten kopieren',
  },
  diff: {
    add: 'hinzugefügt',
    remove: 'entfernt',
    same: 'unverändert',
    hunk: 'Position',
    meta: 'Anmerkung',
  },
  json: {
    object: { one: '# Schlüssel', other: '# Schlüssel' },
    array: { one: '# Element', other: '# Elemente' },
    cut: '… hier gekürzt',
    text: (size) => `${size} Text`,
    depth: (depth) => `Ebene ${formatCount(depth)}`,
    showBefore: (size) => `Zeigen, was davor kommt (${size})`,
    showAfter: (size) => `Mehr zeigen (noch ${size})`,
    limited: (count) =>
      `${formatCount(count)} Zeilen werden gezeigt; es gibt mehr. Der Rohtext enthält alles.`,
  },
  client: {
    'claude-desktop': 'Claude Desktop',
    'claude-code': 'Claude Code',
    'patchbay-tools': 'Patchbay: Liste der Tools',
  },
  scope: { user: 'Benutzer', local: 'lokal', project: 'Projekt' },
  navigation: {
    label: 'Ansichten',
    traffic: 'Datenverkehr',
    latency: 'Latenz',
    servers: 'Server',
    clients: 'Clients',
    settings: 'Einstellungen',
    setup: 'Einrichten',
    toLookAt: 'zu prüfen',
  },
  commands: commandsMessages,
  theme: {
    label: 'Design',
    system: 'System',
    light: 'Hell',
    dark: 'Dunkel',
    switchTo: { light: 'Zum hellen Design wechseln', dark: 'Zum dunklen Design wechseln' },
  },
  status: {
    label: 'Status des Hubs',
    connected: 'Hub verbunden',
    connecting: 'Verbindung zum Hub wird hergestellt…',
    lost: 'Hub nicht erreichbar, neuer Versuch läuft…',
    sessions: (count) => plural(count, { one: '# Sitzung', other: '# Sitzungen' }),
    errors: (count) =>
      count === 0
        ? 'Keine Fehler in der letzten Stunde'
        : plural(count, {
            one: '# Fehler in der letzten Stunde',
            other: '# Fehler in der letzten Stunde',
          }),
    bypasses: (count) =>
      plural(count, { one: '# Sitzung lief ohne den Hub', other: '# Sitzungen liefen ohne den Hub' }),
    dropped: (count) =>
      plural(count, { one: '# Vorgang nicht aufgezeichnet', other: '# Vorgänge nicht aufgezeichnet' }),
    version: (version) => `Patchbay ${version}`,
    trafficStore: 'Der Datenverkehr wird nicht wie vorgesehen aufbewahrt. Er läuft trotzdem weiter.',
    catalogError: 'Die Katalogdatei enthält einen Fehler. Die letzte gute Fassung gilt weiter.',
    stale: 'Der Hub ist nicht erreichbar. Die Anzeige ist vielleicht veraltet. Neuer Versuch läuft…',
    retryNow: 'Jetzt versuchen',
    bypassTitle: 'Sitzungen ohne den Hub',
    bypassExplain:
      'Der Hub war beim Start dieser Sitzungen nicht erreichbar; ihre Server wurden deshalb direkt gestartet. Nichts ging verloren, aber ihr Datenverkehr ist nicht aufgezeichnet.',
  },
  gate: {
    connecting: 'Verbindung zum Hub wird hergestellt…',
    noTokenTitle: 'Patchbay über seinen eigenen Link öffnen',
    noToken:
      'Diese Seite braucht das Zugangstoken Ihres Hubs. Es ist Teil des Links, den der Hub beim Start ausgibt.',
    rejectedTitle: 'Der Hub akzeptiert dieses Token nicht',
    rejected:
      'Das Token dieses Tabs ist nicht das, das Ihr Hub jetzt verwendet. Öffnen Sie den Link, den er ausgibt.',
    howServe: 'startet einen Hub und gibt den Link aus',
    howStatus: 'gibt den Link eines laufenden Hubs erneut aus',
    unreachableTitle: 'Der Hub ist nicht erreichbar',
    unreachable: 'Unter dieser Adresse antwortet noch nichts. Patchbay versucht es weiter.',
  },
  traffic: trafficMessages,
  exchange: exchangeMessages,
  latency: latencyMessages,
  alerts: alertsMessages,
  servers: serversMessages,
  serverLogin: serverLoginMessages,
  serverSettings: serverSettingsMessages,
  serverTools: serverToolsMessages,
  clients: clientsMessages,
  setup: setupMessages,
  settings: settingsMessages,
  desktopSettings: desktopSettingsMessages,
};
