import { quantitiesIn } from '../../../../shared/language/quantities-in.ts';
import type { newsMessages as english } from '../en/news.ts';

const { duration, plural, share } = quantitiesIn('de');

/** Texts of the notifications in German. */
export const newsMessages: typeof english = {
  serverFailed: (server) => `${server} ist ausgefallen`,
  serverFailedBody:
    'Seine Tools antworten zurzeit nicht. Was er zuletzt ausgegeben hat, sagt vielleicht, warum.',
  unknownServer: (client) => `${client} würde etwas Unbekanntes starten`,
  configChanged: (client) => `Die Konfiguration von ${client} wurde geändert`,
  slow: (subject, ms, limitMs) =>
    `${subject}: 1 von 100 Aufrufen dauert länger als ${duration(ms)} (Grenze ${duration(limitMs)}).`,
  failing: (subject, percent, limit) =>
    `${subject}: ${share(percent / 100)} der Aufrufe schlagen fehl (Grenze ${share(limit / 100)}).`,
  down: (server) => `${server} ist ausgefallen.`,
  toolsChanged: (server) => `Tools von ${server} haben sich geändert`,
  toolsHeld: (tools) =>
    `${plural(tools, { one: '# Tool', other: '# Tools' })} nicht wie angenommen. ` +
    'Clients bekommen das Geänderte erst, wenn Sie es annehmen.',
  toolsPassed: (tools) =>
    `${plural(tools, { one: '# Tool', other: '# Tools' })} nicht wie angenommen. ` +
    'Clients bekommen, was der Server jetzt sagt.',
  several: (things) => plural(things, { one: '# Meldung zu prüfen', other: '# Meldungen zu prüfen' }),
};
