import type { Command } from './commands.ts';

/**
 * The commands that what was typed may mean, best first: every word must begin a word of the label, the group or the
 * keywords, or stand inside one; an empty text leaves the order as it is.
 */
export function rankCommands(commands: readonly Command[], typed: string): Command[] {
  const words = typed.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return commands
    .map((command, index) => ({ command, index, score: scoreOf(command, words) }))
    .filter(({ score }) => score !== null)
    .toSorted((a, b) => b.score! - a.score! || a.index - b.index)
    .map(({ command }) => command);
}

function scoreOf({ label, group, keywords = [] }: Command, words: readonly string[]): number | null {
  let score = 0;
  for (const word of words) {
    const best = Math.max(
      textScore(label, word) * 4,
      textScore(group, word),
      ...keywords.map((keyword) => textScore(keyword, word) * 2),
    );
    if (best === 0) return null;
    score += best;
  }
  return score;
}

/** 4 for the beginning of the text, 3 for that of a word, 1 for anywhere, 0 for nowhere. */
function textScore(text: string, word: string): number {
  const folded = text.toLocaleLowerCase();
  const at = folded.indexOf(word);
  if (at === 0) return 4;
  if (folded.split(/[\s/:·(]+/).some((part) => part.startsWith(word))) return 3;
  return at > 0 ? 1 : 0;
}
