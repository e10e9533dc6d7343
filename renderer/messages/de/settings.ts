import { formatCount } from '../../lib/format.ts';
import type { settingsMessages as english } from '../en/settings.ts';
import type { MessagesOf } from '../messages-of.ts';

/** Texts of the settings screen in German. */
export const settingsMessages: MessagesOf<typeof english> = {
  title: 'Einstellungen',
  recording: 'Aufzeichnung',
  recordTraffic: 'Datenverkehr aufzeichnen',
  recordTrafficHint:
    'Aus: Kein Aufruf wird aufbewahrt; Latenz und Zähler dieses Hubs laufen im Arbeitsspeicher weiter.',
  captureBodies: 'Inhalte von Anfragen und Antworten aufbewahren',
  captureBodiesHint:
    'Geheimnisse werden vor dem Speichern geschwärzt. Aus: Nur Größen und Zeiten bleiben erhalten.',
  captureLimit: 'Höchstens aufbewahren, je Inhalt',
  captureLimitHint:
    'In Kilobyte. Längere Inhalte werden gekürzt; ihre volle Größe wird trotzdem aufgezeichnet.',
  historyMaxMb: 'Größe des Verlaufs, höchstens',
  historyMaxMbHint: 'In Megabyte. Die ältesten Vorgänge gehen zuerst.',
  historyMaxDays: 'Alter des Verlaufs, höchstens',
  historyMaxDaysHint: 'In Tagen.',
  save: 'Änderungen speichern',
  unchanged: 'Keine Änderungen',
  range: (min, max) => `Eine ganze Zahl von ${formatCount(min)} bis ${formatCount(max)} angeben.`,
  appearance: 'Darstellung',
  language: 'Sprache',
  languages: { system: 'System', en: 'English', de: 'Deutsch' },
  languageHint: 'Bei einer Änderung wird die Seite neu geladen.',
  about: 'Dieser Hub',
  version: 'Version',
  host: 'Host',
  hosts: { desktop: 'Desktop-App', headless: 'Ohne Oberfläche' },
  address: 'Adresse',
  dataFolder: 'Datenordner',
  dataFolderHint:
    'Hier liegen Katalog, Verlauf und Sicherungen. Eine Deinstallation von Patchbay entfernt sie nicht.',
  started: 'Läuft seit',
  pid: 'Prozess',
  copy: (what) => `${what} kopieren`,
};
