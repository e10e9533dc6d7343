import type { Node } from 'jsonc-parser';
import type { Entry } from './entry.ts';
import type { Additions } from './entry-rewrite.ts';
import { removeItems } from '../files/json-edit.ts';
import { endOf, memberOf, membersOf, type Member } from '../files/json-node.ts';
import type { JsonDocument } from '../files/json-document.ts';
import { readRoutedEntry } from './routed-entry.ts';
import type { Splice } from '../files/splice.ts';

/**
 * The edit that takes our part out of a routed entry and leaves the original command, read from the entry itself,
 * and whatever else stands in it by now. Null when the entry is not routed. `shimEnv` are the variables to take out
 * where nothing is known about what the rewrite added.
 */
export function restoreEntry(
  { text }: JsonDocument,
  entry: Entry,
  shimEnv: Readonly<Record<string, string>>,
  additions?: Additions,
): Splice[] | null {
  if (entry.route?.way === 'http')
    return restoreKept(text, entry, HTTP_MEMBERS, { type: 'stdio', additions });
  if (entry.route?.way === 'remote') {
    return restoreKept(text, entry, SHIM_MEMBERS, { type: entry.route.type, additions });
  }
  const routed = entry.stdio && readRoutedEntry(entry.stdio);
  const command = memberOf(entry.node, 'command');
  const args = memberOf(entry.node, 'args');
  if (!routed || !command || !args) return null;

  const elements = args.value.children ?? [];
  const original = elements[routed.commandIndex]!;
  const splices: Splice[] = [
    {
      offset: command.value.offset,
      length: command.value.length,
      text: text.slice(original.offset, endOf(original)),
    },
  ];
  const doomed = new Set<Node>();
  const next = elements[routed.commandIndex + 1];
  if (next) {
    const start = elements[0]!.offset;
    splices.push({ offset: start, length: next.offset - start, text: '' });
  } else if (additions?.args) doomed.add(args.property);
  else splices.push(...removeItems(text, args.value, new Set(elements)));

  const env = memberOf(entry.node, 'env');
  const variables = membersOf(env?.value);
  const ours = variables.filter(
    ({ name, value }) =>
      value.value === shimEnv[name] &&
      (additions ? additions.envNames.includes(name) : Object.hasOwn(shimEnv, name)),
  );
  if (env && ours.length > 0) {
    if (additions?.env && ours.length === variables.length) doomed.add(env.property);
    else splices.push(...removeItems(text, env.value, new Set(ours.map(({ property }) => property))));
  }
  splices.push(...removeItems(text, entry.node, doomed));
  return splices;
}

const HTTP_MEMBERS = ['url', 'headers'];
const SHIM_MEMBERS = ['command', 'args', 'env'];

/** For entries that kept all their own members: ours are taken out, and the type is what it was. */
function restoreKept(
  text: string,
  { node }: Entry,
  ours: readonly string[],
  { type, additions }: { type: string | null; additions: Additions | undefined },
): Splice[] {
  const members = membersOf(node);
  const dropsType = additions ? (additions.members ?? []).includes('type') : isTypeOurs(members);
  const doomed = members.filter(({ name }) => ours.includes(name) || (name === 'type' && dropsType));
  const splices = removeItems(text, node, new Set(doomed.map(({ property }) => property)));
  const own = memberOf(node, 'type');
  if (own && !dropsType) {
    splices.push({ offset: own.value.offset, length: own.value.length, text: JSON.stringify(type) });
  }
  return splices;
}

/** The rewrite puts its members right behind the command, the type first of them: a type elsewhere was there before. */
function isTypeOurs(members: readonly Member[]): boolean {
  const names = members.map(({ name }) => name);
  const at = names.indexOf('type');
  return names[at - 1] === 'command' && names[at + 1] === 'url';
}
