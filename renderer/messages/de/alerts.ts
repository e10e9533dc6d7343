import { formatCount, formatDuration, formatShare, plural } from '../../lib/format.ts';
import type { alertsMessages as english } from '../en/alerts.ts';
import type { MessagesOf } from '../messages-of.ts';

/** Texts of the alerts in German. */
export const alertsMessages: MessagesOf<typeof english> = {
  group: 'Alarme',
  now: 'Alarme',
  rules: 'Regeln',
  firing: 'ausgelöst',
  states: { firing: 'Ausgelöst', pending: 'Schwebend', resolved: 'Behoben' },
  summary: (firing, pending) =>
    firing + pending === 0
      ? 'Zurzeit trifft keine Regel zu.'
      : [
          firing > 0 && `${formatCount(firing)} ausgelöst`,
          pending > 0 && `${formatCount(pending)} schwebend (noch nicht lange genug)`,
        ]
          .filter((part) => part !== false)
          .join(', '),
  noneTitle: 'Keine Alarme',
  none: 'Ein Alarm erscheint hier, sobald eine Regel zutrifft, und bleibt in der Liste, wenn er behoben ist.',
  noRules: 'Noch keine Regeln. Mit einer Vorlage beginnen oder eine eigene anlegen.',
  columns: {
    state: 'Status',
    rule: 'Regel',
    where: 'Wo',
    value: 'Messwert',
    since: 'Seit',
    enabled: 'Aktiv',
    condition: 'Bedingung',
    actions: 'Aktionen',
  },
  allCalls: 'alle Aufrufe',
  eachServer: 'jeder Server',
  resolvedAfter: (since, duration) => `${since}, ${duration} lang`,
  down: 'ausgefallen',
  showLatency: (what) => `Latenz zeigen: ${what}`,
  showServer: (server) => `Server ${server} zeigen`,
  kinds: {
    p99: 'Langsame Aufrufe (p99)',
    'error-rate': 'Fehlgeschlagene Aufrufe (Fehlerrate)',
    'server-down': 'Server ausgefallen',
  },
  conditions: {
    p99: (where, threshold, minutes) =>
      `${where}: 1 von 100 Aufrufen dauert seit ${minutes} min länger als ${formatDuration(threshold)}`,
    'error-rate': (where, threshold, minutes) =>
      `${where}: seit ${minutes} min schlagen mehr als ${formatShare(threshold / 100)} der Aufrufe fehl`,
    'server-down': (where, _, minutes) => `${where}: seit ${minutes} min ausgefallen`,
  },
  atLeast: (count) => plural(count, { one: 'mindestens # Aufruf', other: 'mindestens # Aufrufe' }),
  toolOn: (tool, server) => `${tool} auf ${server}`,
  templates: 'Aus Vorlage',
  templateNames: {
    'slow-calls': 'Langsame Aufrufe',
    'failing-calls': 'Fehlschlagende Aufrufe',
    'server-down': 'Server ausgefallen',
  },
  add: 'Neue Regel',
  edit: (name) => `${name} bearbeiten`,
  remove: (name) => `${name} entfernen`,
  enable: (name) => `${name} überwachen`,
  removeTitle: (name) => `Regel „${name}“ entfernen?`,
  removeBody: 'Ihre Alarme werden mit entfernt. Sonst ändert sich nichts.',
  confirmRemove: 'Entfernen',
  notified:
    'Die Desktop-App meldet einen Alarm, sobald er ausgelöst wird; hier steht die Anzahl neben „Latenz“.',
  dialog: {
    addTitle: 'Alarmregel anlegen',
    editTitle: 'Alarmregel bearbeiten',
    description: 'Ein Zustand, der einige Minuten anhält, ist eine Meldung wert.',
    name: 'Name',
    nameWrong: 'Ein Name mit höchstens 80 Zeichen ist nötig.',
    kind: 'Überwacht wird',
    server: 'Server',
    serverHint: 'Jeder: ein Alarm je Server.',
    each: 'Jeder Server',
    tool: 'Tool',
    toolHint: 'Leer: alle Aufrufe des Servers zusammen.',
    p99: 'Langsamer als',
    p99Hint: 'Etwa 800ms, 2s oder 1m.',
    p99Wrong: 'Eine Zeit wie 800ms, 2s oder 1m angeben.',
    'error-rate': 'Mehr als, in Prozent',
    'error-rateHint': 'Anteil der fehlgeschlagenen an allen Aufrufen.',
    'error-rateWrong': 'Eine Zahl von 0 bis unter 100 angeben.',
    forMinutes: 'Dauer, in Minuten',
    forMinutesHint: 'Zugleich die Länge des betrachteten Zeitfensters.',
    forMinutesWrong: 'Eine ganze Zahl von 1 bis 1440 angeben.',
    minCalls: 'Mindestzahl an Aufrufen',
    minCallsHint: 'Weniger Aufrufe im Zeitfenster sagen nichts aus.',
    minCallsWrong: 'Eine ganze Zahl von 1 bis 100000 angeben.',
    save: 'Regel speichern',
  },
  prometheus: {
    open: 'Prometheus-Regeln',
    title: 'Regeln für Prometheus',
    description: 'Die aktiven Regeln, über den Metriken, die dieser Hub unter /metrics bereitstellt.',
    copy: 'Regeln kopieren',
    download: 'Herunterladen',
    file: 'patchbay-alerts.yml',
  },
};
