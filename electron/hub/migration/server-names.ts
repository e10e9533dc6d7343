import { fitsWildcard } from '../clients/wildcard.ts';
import { exposedName, serverPrefixes } from '../routes/mux/exposed-names.ts';
import { GATEWAY_NAME } from './routed-entry.ts';

/** What stands before a tool's own name in a client that writes `mcp__<server>__<tool>`. */
export const toolPrefix = (entry: string): string => `mcp__${entry.replace(/[^A-Za-z0-9_-]/g, '_')}`;

/** How one entry's tools are called before and after it is moved. */
export interface ToolNames {
  /** `mcp__<entry>` */
  before: string;
  /** What a rule for this tool becomes; `*` in it stands for any text. */
  after(tool: string): string;
}

/** Entries that keep their names keep their tools' names. */
export const unchangedNames = (entry: string): ToolNames => ({
  before: toolPrefix(entry),
  after: (tool) => `${toolPrefix(entry)}__${tool}`,
});

/** Behind the gateway a tool is called `<server>__<tool>`; `servers` are all it serves. */
export function mergedNames(entry: string, server: string, servers: readonly string[]): ToolNames {
  const prefix = serverPrefixes([...new Set([...servers, server])]).get(server)!;
  return {
    before: toolPrefix(entry),
    after(tool) {
      // Which of a pattern's tools get a name of their own cannot be told before the server is asked.
      const shown = tool.includes('*') ? `${prefix.prefix}__${tool}` : exposedName(server, tool, prefix);
      return `${toolPrefix(GATEWAY_NAME)}__${shown}`;
    },
  };
}

/** What became of a rule: whether it matches as before, and what would in its place. */
export interface RuleFate {
  keeps: boolean;
  rewritten?: string;
}

/**
 * What a move does to a permission rule or a tool's name in a list; null for one that does not name this server.
 * `mcp__server`, `mcp__server__*`, `mcp__server__tool` and patterns that reach further are known.
 */
export function ruleFate(rule: string, names: ToolNames): RuleFate | null {
  const [, base, rest] = /^([^(]*)(.*)$/s.exec(rule.trim()) as unknown as [string, string, string];
  const asIs = names.after('*') === `${names.before}__*`;
  if (base === names.before || base.startsWith(`${names.before}__`)) {
    if (asIs) return { keeps: true };
    const tool = base === names.before ? '*' : base.slice(names.before.length + 2);
    return { keeps: false, rewritten: names.after(tool) + rest };
  }
  if (!base.startsWith('mcp__') || !base.includes('*')) return null;
  const matches = (name: string): boolean => fitsWildcard(name, base);
  if (!matches(`${names.before}__${SAMPLE}`)) return null;
  return { keeps: asIs || matches(names.after(SAMPLE)) };
}

/** Some tool: a pattern that takes it takes them all, or nearly so. */
const SAMPLE = 'some_tool';

/** The same for a hook's matcher, a regular expression or names between bars, of which only the prefix is looked at. */
export function matcherFate(matcher: string, names: ToolNames): RuleFate | null {
  const spots = new RegExp(`${escaped(names.before)}(?=__|\\W|$)(?:__)?`, 'g');
  if (spots.test(matcher)) {
    if (names.after('*') === `${names.before}__*`) return { keeps: true };
    const prefix = names.after('*').slice(0, -1);
    return { keeps: false, rewritten: matcher.replace(spots, prefix) };
  }
  if (!/mcp/.test(matcher)) return null;
  const [before, after] = [`${names.before}__${SAMPLE}`, names.after(SAMPLE)];
  return matcherTakes(matcher, before) ? { keeps: matcherTakes(matcher, after) } : null;
}

/** Longer ones are not tried: a hostile expression could take for ever, and none that a person wrote is. */
const MAX_MATCHER = 200;

function matcherTakes(matcher: string, tool: string): boolean {
  // Repeated groups are what makes an expression slow beyond all measure.
  if (matcher.length > MAX_MATCHER || /\)[*+{]/.test(matcher)) return false;
  try {
    return new RegExp(`^(?:${matcher})$`).test(tool);
  } catch {
    return false;
  }
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
