import { formatCount, plural } from '../../lib/format.ts';
import type { serverToolsMessages as english } from '../en/server-tools.ts';
import type { MessagesOf } from '../messages-of.ts';

/** Texts of what a server offers, in German. */
export const serverToolsMessages: MessagesOf<typeof english> = {
  title: 'Was er anbietet',
  asking: 'Der Server wird gefragt…',
  askedAt: (time) => `Gefragt um ${time}`,
  asked: {
    running: 'eine laufende Instanz wurde gefragt',
    started: 'eine wurde für die Frage gestartet und ist beendet',
  },
  protocol: (version) => `Protokoll ${version}`,
  again: 'Erneut fragen',
  stale: 'Das bot er vorher an; er konnte nicht erneut gefragt werden.',
  problem: 'Nicht zu bekommen',
  leftOut: (count) =>
    plural(count, {
      one: '# Definition ist ausgelassen: Die Antwort war zu groß.',
      other: '# Definitionen sind ausgelassen: Die Antwort war zu groß.',
    }),
  filter: 'Nach Name oder Beschreibung filtern',
  noMatch: 'Nichts passt zum Filter.',
  kinds: { tools: 'Tools', prompts: 'Prompts', resources: 'Ressourcen', templates: 'Ressourcenvorlagen' },
  noTools: 'Er bietet keine Tools an.',
  more: (count) => `${formatCount(count)} weitere: Filtern Sie, um sie zu sehen.`,
  hidden: 'durch Ihre Regeln verborgen',
  shownAs: (name) => `gezeigt als ${name}`,
  hints: {
    readOnlyHint: 'nur lesend',
    destructiveHint: 'zerstörend',
    idempotentHint: 'idempotent',
    openWorldHint: 'offene Welt',
  },
  hintsNote: 'Was der Server über sich sagt: ein Hinweis, kein Versprechen.',
  inputSchema: 'Eingabeschema',
  definition: 'Ganze Definition',
  tooLong: 'Die Definition ist zu lang, um gezeigt zu werden.',
  copy: (name) => `Definition von ${name} kopieren`,
};
