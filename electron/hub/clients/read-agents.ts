import type { Files } from '../files/files.ts';
import { joinerFor } from './platform-paths.ts';
import { namesIn } from './read-settings.ts';

/** What one sub-agent says about servers and their tools. */
export interface FoundAgent {
  path: string;
  /** Set for the sub-agent of one project. */
  project?: string;
  /** Key of its header, such as `tools`, and a word that stands under it. */
  words: { key: string; word: string }[];
}

const MAX_AGENTS = 500;
const MAX_BYTES = 1024 * 1024;

/** The sub-agents of a folder and of those in it. */
export async function readAgents(
  files: Files,
  folder: string,
  where: { os: NodeJS.Platform; project?: string },
): Promise<FoundAgent[]> {
  const paths = await markdownIn(files, folder, where.os);
  const found = await Promise.all(
    paths.slice(0, MAX_AGENTS).map(async (path): Promise<FoundAgent | null> => {
      try {
        const text = new TextDecoder().decode(await files.read(path, MAX_BYTES));
        const words = agentWords(text);
        return words.length === 0
          ? null
          : { path, ...(where.project !== undefined && { project: where.project }), words };
      } catch {
        // Gone, or nothing that its reader could use either.
        return null;
      }
    }),
  );
  return found.filter((agent) => agent !== null);
}

async function markdownIn(files: Files, folder: string, os: NodeJS.Platform, depth = 0): Promise<string[]> {
  const join = joinerFor(os);
  const names = (await namesIn(files, folder)).sort().slice(0, MAX_AGENTS);
  const nested = await Promise.all(
    names.map(async (name) => {
      if (name.endsWith('.md')) return [join(folder, name)];
      // Agents may be sorted into folders; anything with an ending is no folder anybody made for that.
      return depth < 3 && !name.includes('.')
        ? await markdownIn(files, join(folder, name), os, depth + 1)
        : [];
    }),
  );
  return nested.flat();
}

const KEYS: ReadonlySet<string> = new Set(['tools', 'disallowedTools', 'mcpServers']);

/**
 * The words under the keys of a sub-agent's header that name tools and servers: `a, b`, `[a, b]` or one per line. A
 * whole YAML reader is not needed to find a name, and would refuse headers that Claude Code takes.
 */
export function agentWords(text: string): FoundAgent['words'] {
  const header = /^\uFEFF?---[ \t]*\r?\n([\s\S]*?)\r?\n---[ \t]*(\r?\n|$)/.exec(text)?.[1] ?? '';
  const words: FoundAgent['words'] = [];
  let key: string | null = null;
  for (const line of header.split(/\r?\n/)) {
    const member = /^([A-Za-z][\w-]*):(.*)$/.exec(line);
    if (member) key = KEYS.has(member[1]!) ? member[1]! : null;
    if (key === null) continue;
    const rest = member ? member[2]! : line;
    // Of a server that is defined right here only its name counts.
    if (key === 'mcpServers' && !member && !/^\s*-\s+[^\s:]+:?\s*$/.test(rest)) continue;
    for (const [word] of rest.replace(/\s#.*$/, '').matchAll(/[^\s,[\]"'{}]+/g)) {
      if (word !== '-') words.push({ key, word: word.replace(/:$/, '') });
    }
  }
  return words;
}
