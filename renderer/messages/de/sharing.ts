import { formatBytes, plural } from '../../lib/format.ts';
import type { sharingMessages as english } from '../en/sharing.ts';
import type { MessagesOf } from '../messages-of.ts';

const processes = (count: number): string => plural(count, { one: '# Prozess', other: '# Prozesse' });

/** Texts of the sharing adviser in German. */
export const sharingMessages: MessagesOf<typeof english> = {
  title: 'Teilen',
  lead: 'Standardmäßig hat jede Sitzung ihren eigenen Prozess eines Servers, wie auch ohne Patchbay. Wo ein Server nichts je Sitzung behält, können sich Sitzungen einen teilen. Nichts wird ungefragt geteilt.',
  headline: (fewer, bytes) =>
    fewer === 0
      ? 'Zurzeit ist nichts einzusparen.'
      : bytes === null
        ? `Teilen würde ${processes(fewer)} einsparen.`
        : `Teilen würde ${processes(fewer)} und etwa ${formatBytes(bytes)} einsparen.`,
  headlineHint: 'Gezählt über die Server unten, für die Teilen angeboten wird, nach dem, was gerade läuft.',
  none: 'Kein Server, der auf diesem Computer läuft, ist eingeschaltet.',
  remote: 'Ein entfernter Server hat hier keinen Prozess, der sich teilen ließe.',
  verdicts: {
    good: 'Teilbar',
    possible: 'Versuch möglich',
    bad: 'Getrennt lassen',
    already: 'Wird geteilt',
  },
  verdictHints: {
    good: 'Nichts Beobachtetes spricht dagegen.',
    possible: 'Nichts spricht dagegen, aber nicht alles ist bekannt. Ein Versuch lässt sich zurücknehmen.',
    bad: 'Sitzungen kämen einander in die Quere.',
    already: 'Seine Sitzungen nutzen denselben Prozess.',
  },
  signs: { for: 'Dafür:', against: 'Dagegen:', unknown: 'Offen:' },
  reasons: {
    roots: 'Sitzungen nannten ihm verschiedene Arbeitsordner (roots).',
    cwd: 'Seine Sitzungen starteten in verschiedenen Ordnern.',
    env: 'Seine Sitzungen haben verschiedene Variablen, die er lesen könnte.',
    'server-requests':
      'Er fragt seinen Client nach Dingen: Ein Client bekäme Fragen zur Arbeit eines anderen.',
    'session-state':
      'Derselbe Aufruf gab in anderen Sitzungen andere Antworten, oder seine Tools änderten sich: Er merkt sich etwas.',
    subscriptions: 'Sitzungen haben Ressourcen abonniert.',
    'read-only': 'Alle seine Tools geben an, nur zu lesen.',
    known: 'Er ist dafür bekannt, zwischen Aufrufen nichts zu behalten.',
    'few-calls': 'Zu wenige Aufrufe oder Sitzungen wurden beobachtet, um sicher zu sein.',
  },
  now: 'Jetzt',
  shared: 'Geteilt',
  isolation: 'Isolation',
  processes: 'Prozesse',
  memory: 'Speicher',
  sessions: 'Sitzungen',
  saves: (bytes) => `spart etwa ${formatBytes(bytes)}`,
  table: (server) => `Was sich ändert, wenn ${server} geteilt wird`,
  try: {
    shared: 'Teilen erproben',
    user: 'Teilen je Benutzer erproben',
    client: 'Teilen je Client erproben',
    session: 'Erproben',
  },
  tryOf: (what, server) => `${what}: ${server}`,
  trial: (since, before) => `Auf Probe seit ${since}; vorher: ${before}.`,
  trialHint: 'Damals offene Sitzungen behalten ihren eigenen Prozess; neue teilen.',
  takeBack: 'Zurücknehmen',
  keep: 'Beibehalten',
  takeBackOf: (server) => `Versuch mit ${server} zurücknehmen`,
  keepOf: (server) => `${server} weiterhin teilen`,
  toServer: (server) => `${server} zeigen`,
};
