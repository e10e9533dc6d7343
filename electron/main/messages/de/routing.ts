import { quantitiesIn } from '../../../../shared/language/quantities-in.ts';
import type { routingMessages as english } from '../en/routing.ts';

const { count, plural } = quantitiesIn('de');

const servers = (number: number): string => plural(number, { one: '# Server', other: '# Server' });
const files = (number: number): string => plural(number, { one: '# Datei', other: '# Dateien' });

/**
 * Texts about switching clients to the hub and back, and about repairing their entries, in German. The names are one
 * client or several: no verb depends on them, and they stand where „allen Clients“ fits too.
 */
export const routingMessages: typeof english = {
  clients: 'Clients',
  allClients: 'allen Clients',
  review: 'Änderungen durchsehen…',
  changedLines: (added, removed) => `+${count(added)} −${count(removed)} Zeilen`,
  fileChange: (lines, number) => `${lines}, ${servers(number)}`,
  leftAlone: (path, why) => `Bleibt unberührt: ${path}. ${why}`,
  route: {
    question: (number, names) => `${servers(number)} von ${names} über Patchbay leiten?`,
    backup:
      'Von jeder Datei wird zuvor eine Kopie aufbewahrt; sie lässt sich Byte für Byte wiederherstellen.',
    confirm: (number) => `${servers(number)} umleiten`,
    failed: (names) => `Die Umleitung von ${names} ist fehlgeschlagen`,
    nothing: (names) => `Von ${names} lässt sich zurzeit nichts umleiten`,
    noServer: 'Es wurde kein Server gefunden, der sich umleiten ließe.',
    done: (names) => `Die Server von ${names} laufen jetzt über Patchbay`,
    checked: (number, tools) =>
      `${servers(number)} geprüft, ${plural(tools, { one: '# Tool', other: '# Tools' })}, wie zuvor.`,
    putBack: (names) => `Die Konfiguration von ${names} wurde wiederhergestellt`,
    nothingChanged: 'Keine Änderung ist geblieben.',
    interrupted:
      'Der Hub endete vor der Migration; beim nächsten Start schließt er sie ab oder macht sie rückgängig.',
  },
  rollBack: {
    question: (names) => `Konfiguration von ${names} wiederherstellen?`,
    how: {
      exact: 'genau wie zuvor',
      merged: 'Einträge von Patchbay gehen, spätere Änderungen bleiben',
    },
    afterwards: 'Die Server laufen dann wie vor Patchbay.',
    confirm: 'Zurückrollen',
    failed: (names) => `Die Konfiguration von ${names} konnte nicht wiederhergestellt werden`,
    conflicts: (number, names) =>
      plural(number, {
        one: `# Datei von ${names} konnte nicht wiederhergestellt werden`,
        other: `# Dateien von ${names} konnten nicht wiederhergestellt werden`,
      }),
    conflict: 'Sie wurde seither geändert.',
    done: (names) => `Die Konfiguration von ${names} ist wie zuvor`,
    doneBody: (number) => `${files(number)} wiederhergestellt.`,
    nothing: (names) => `Bei ${names} gibt es nichts zurückzurollen`,
    nothingBody: 'In keiner Datei steht etwas von Patchbay.',
  },
  repair: {
    question: (names) => `Wurde Patchbay verschoben? Die Server von ${names} lassen sich nicht starten.`,
    explain:
      'Die Einträge starten ein Programm, das es nicht mehr gibt. Sie können stattdessen dieses starten:',
    kept: 'Der jetzige Stand jeder Datei wird als Version aufbewahrt.',
    confirm: 'Reparieren',
    failed: 'Einträge konnten nicht repariert werden',
    notAll: (names) => `Nicht alle Einträge von ${names} konnten repariert werden`,
    done: (names) => `Die Server von ${names} lassen sich wieder starten`,
    doneBody: 'Eine laufende Sitzung übernimmt sie, wenn sie neu gestartet wird.',
  },
};
