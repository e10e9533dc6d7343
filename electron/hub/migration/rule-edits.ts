import type { Node } from 'jsonc-parser';
import { applySplices, type Splice } from '../files/splice.ts';
import { parseJsonDocument, type JsonDocument } from '../files/json-document.ts';
import { memberOf, membersOf, nodeAt } from '../files/json-node.ts';

/** A rule in a settings file that names a server, and what takes its place. */
export interface RuleEdit {
  /** Such as `permissions.allow` or `hooks.PreToolUse`. */
  where: string;
  from: string;
  to: string;
}

/** A rule with its place in a settings file. */
export interface RuleNode {
  where: string;
  rule: string;
  node: Node;
}

/** The permission rules and hook matchers of a settings file, in file order. */
export function ruleNodes({ root }: JsonDocument): RuleNode[] {
  const permissions = ['allow', 'deny', 'ask'].flatMap((list) =>
    strings(nodeAt(root, ['permissions', list]), `permissions.${list}`),
  );
  const hooks = membersOf(nodeAt(root, ['hooks'])).flatMap(({ name, value }) =>
    (value.type === 'array' ? (value.children ?? []) : []).flatMap((item) => {
      const matcher = memberOf(item, 'matcher')?.value;
      return matcher?.type === 'string'
        ? [{ where: `hooks.${name}`, rule: matcher.value as string, node: matcher }]
        : [];
    }),
  );
  return [...permissions, ...hooks];
}

function strings(list: Node | undefined, where: string): RuleNode[] {
  if (list?.type !== 'array') return [];
  return (list.children ?? []).flatMap((node) =>
    node.type === 'string' ? [{ where, rule: node.value as string, node }] : [],
  );
}

/** The edits that replace rules, each wherever it stands in its place. */
export function ruleSplices(document: JsonDocument, edits: readonly RuleEdit[]): Splice[] {
  return ruleNodes(document).flatMap(({ where, rule, node }): Splice[] => {
    const edit = edits.find((candidate) => candidate.where === where && candidate.from === rule);
    return edit ? [{ offset: node.offset, length: node.length, text: JSON.stringify(edit.to) }] : [];
  });
}

/** The bytes with the rules replaced; others are left alone. Pure. */
export function editRules(document: JsonDocument, edits: readonly RuleEdit[]): Uint8Array {
  const bytes = applySplices(document, ruleSplices(document, edits));
  parseJsonDocument(bytes, document.path);
  return bytes;
}

/** The edits that take others back. */
export const reversedRules = (edits: readonly RuleEdit[]): RuleEdit[] =>
  edits.map(({ where, from, to }) => ({ where, from: to, to: from }));
