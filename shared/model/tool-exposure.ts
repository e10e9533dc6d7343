import type { ToolRules } from './server.ts';

/** The name under which a tool is shown, null when it is hidden. */
export type Exposure = (tool: string) => string | null;

/**
 * `deny` wins over `allow`, an absent `allow` means all, then `rename` gives the new name. Patterns may hold `*`; the
 * case counts, as it does in tool names.
 */
export function exposureOf(rules: ToolRules | undefined): Exposure {
  if (!rules) return (tool) => tool;
  const allow = rules.allow && anyOf(rules.allow);
  const deny = anyOf(rules.deny ?? []);
  const rename = rules.rename ?? {};
  return (tool) => {
    if (deny(tool) || (allow && !allow(tool))) return null;
    return Object.hasOwn(rename, tool) ? rename[tool]! : tool;
  };
}

function anyOf(patterns: readonly string[]): (tool: string) => boolean {
  const expressions = patterns.map(
    (pattern) => new RegExp(`^${pattern.split('*').map(escapeText).join('.*')}$`, 's'),
  );
  return (tool) => expressions.some((expression) => expression.test(tool));
}

const escapeText = (text: string): string => text.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&');
