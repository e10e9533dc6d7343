import { z } from 'zod';
import type { ToolRules } from '../../../shared/model/server.ts';
import { exposureOf } from '../../../shared/model/tool-exposure.ts';
import { linesOf } from './server-change-draft.ts';

const ToolsListAnswer = z.object({ result: z.object({ tools: z.array(z.object({ name: z.string() })) }) });

/** Names out of a recorded answer to `tools/list`; null when it is none, or was cut. */
export function toolNamesIn(body: string): string[] | null {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return null;
  }
  const parsed = ToolsListAnswer.safeParse(value);
  return parsed.success ? parsed.data.result.tools.map(({ name }) => name) : null;
}

/**
 * The server's own names of tools that clients saw: what is recorded carries the name shown. Tools that only the rules
 * name are added, because a hidden one is seen by nobody.
 */
export function ownNames(shown: readonly string[], rules: ToolRules): string[] {
  const rename = rules.rename ?? {};
  const ownOf = new Map(Object.entries(rename).map(([own, name]) => [name, own]));
  const named = [...(rules.allow ?? []), ...(rules.deny ?? [])].filter((pattern) => !pattern.includes('*'));
  return [
    ...new Set([...shown.map((name) => ownOf.get(name) ?? name), ...Object.keys(rename), ...named]),
  ].toSorted();
}

/** How the rules treat one tool. */
export interface SeenTool {
  name: string;
  isShown: boolean;
  /** Hidden or shown by this very name, so that one click can turn it round; else a pattern decides. */
  isOwnRule: boolean;
}

/** The tools with what the rules make of them. */
export function judgeTools(names: readonly string[], rules: ToolRules): SeenTool[] {
  const exposure = exposureOf(rules);
  const withoutOwn = (name: string) =>
    exposureOf({ ...rules, deny: (rules.deny ?? []).filter((pattern) => pattern !== name) });
  return names.map((name) => {
    const isShown = exposure(name) !== null;
    return { name, isShown, isOwnRule: isShown || withoutOwn(name)(name) !== null };
  });
}

/** The lines of `deny` with one tool hidden or shown again. */
export function withHidden(deny: string, tool: string, isHidden: boolean): string {
  const rest = linesOf(deny).filter((line) => line !== tool);
  return (isHidden ? [...rest, tool] : rest).join('\n');
}
