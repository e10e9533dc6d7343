import type { ClientId } from '../../../shared/model/client.ts';
import type { Entry } from './entry.ts';
import { insertAfter, insertFirst } from '../files/json-edit.ts';
import { listLiteral, literal, memberText } from '../files/json-literal.ts';
import { memberOf } from '../files/json-node.ts';
import { styleAt } from '../files/json-style.ts';
import type { JsonDocument } from '../files/json-document.ts';
import type { ShimCommand } from './migration-service.ts';
import type { Splice } from '../files/splice.ts';

/** What a rewrite added beside `command`, so that it can be taken out again without a trace. */
export interface Additions {
  /** The entry had no `args`. */
  args: boolean;
  /** The entry had no `env`. */
  env: boolean;
  /** Variables put into `env`. */
  envNames: string[];
}

/** The edit that routes one entry. */
export interface Rewrite {
  splices: Splice[];
  additions: Additions;
}

/** A variable that the entry sets itself to something else than the shim needs; null when there is none. */
export function conflictingVariable(entry: Entry, shim: ShimCommand): string | null {
  const own = entry.stdio?.env;
  return Object.entries(shim.env).find(([name, value]) => (own?.get(name) ?? value) !== value)?.[0] ?? null;
}

/**
 * Only `command`, `args` and, where the shim needs variables, `env` change. The original arguments keep their bytes:
 * ours are put before them, and the original command goes there as it was written.
 */
export function rewriteEntry(
  document: JsonDocument,
  entry: Entry,
  route: { client: ClientId; server: string },
  shim: ShimCommand,
): Rewrite {
  const { text } = document;
  const command = memberOf(entry.node, 'command')!;
  const args = memberOf(entry.node, 'args');
  const env = memberOf(entry.node, 'env');
  const style = styleAt(text, document.root!, entry.node);
  const place = { text, offset: command.property.offset, depth: 0 };

  const ours = [...shim.args, '--client', route.client, '--server', route.server, '--'].map((arg) =>
    JSON.stringify(arg),
  );
  const original = text.slice(command.value.offset, command.value.offset + command.value.length);
  const missing = Object.entries(shim.env).filter(([name]) => !entry.stdio?.env.has(name));

  const splices: Splice[] = [
    { offset: command.value.offset, length: command.value.length, text: JSON.stringify(shim.command) },
  ];
  const members: string[] = [];
  if (args) splices.push(insertFirst(text, args.value, [...ours, original], style));
  else members.push(memberText('args', listLiteral([...ours, original], style, place), style));
  if (missing.length > 0) {
    if (env) splices.push(insertFirst(text, env.value, missing.map(variable), style));
    else members.push(memberText('env', literal(Object.fromEntries(missing), style, place), style));
  }
  if (members.length > 0) splices.push(insertAfter(text, command.property, members, style));

  return {
    splices,
    additions: { args: !args, env: !env && missing.length > 0, envNames: missing.map(([name]) => name) },
  };

  function variable([name, value]: [string, string]): string {
    return memberText(name, JSON.stringify(value), style);
  }
}
