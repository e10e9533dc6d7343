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
  kinds: {
    tools: 'Tools',
    prompts: 'Prompt-Vorlagen',
    resources: 'Ressourcen',
    templates: 'Ressourcenvorlagen',
  },
  noTools: 'Er bietet keine Tools an.',
  more: (count) => `${formatCount(count)} weitere: Filtern Sie, um sie zu sehen.`,
  hidden: 'durch Ihre Regeln verborgen',
  shownAs: (name) => `gezeigt als ${name}`,
  hints: {
    readOnlyHint: 'nur lesend',
    destructiveHint: 'zerstörend',
    idempotentHint: 'mehrfach gleich',
    openWorldHint: 'offene Welt',
  },
  hintsNote: 'Was der Server über sich sagt: ein Hinweis, kein Versprechen.',
  inputSchema: 'Eingabeschema',
  definition: 'Ganze Definition',
  tooLong: 'Die Definition ist zu lang, um gezeigt zu werden.',
  changes: {
    title: 'Geänderte Tools',
    lead: (count) =>
      plural(count, {
        one: '# Tool ist nicht mehr so, wie es zuerst gesehen oder zuletzt angenommen wurde.',
        other: '# Tools sind nicht mehr so, wie sie zuerst gesehen oder zuletzt angenommen wurden.',
      }),
    held: 'Was geändert oder neu ist, wird von Clients ferngehalten, bis Sie es annehmen.',
    passed:
      'Clients bekommen, was der Server jetzt sagt. In den Einstellungen: geänderte Tools zurückhalten.',
    explain:
      'Eine Beschreibung liest das Modell als Anweisung. Ein Server, der sie später ändert, kann einen Client zu etwas bringen, dem niemand zugestimmt hat.',
    kinds: { changed: 'geändert', added: 'neu', removed: 'weg' },
    parts: (names) => `bei ${names}`,
    since: (time) => `zuerst gesehen ${time}`,
    isBack: 'inzwischen wieder wie angenommen',
    noDiff: 'Die Definition war zu lang, um sie zu behalten: Bekannt ist nur, dass sie abweicht.',
    diffOf: (tool) => `Was sich an ${tool} geändert hat`,
    accept: (count) => plural(count, { one: 'Änderung annehmen', other: 'Alle # Änderungen annehmen' }),
    more: (count) => plural(count, { one: '# weitere Änderung', other: '# weitere Änderungen' }),
    badge: (count) => plural(count, { one: '# geändertes Tool', other: '# geänderte Tools' }),
  },
  copy: (name) => `Definition von ${name} kopieren`,
};
