import type { ClientId } from '../../../shared/model/client.ts';
import type { Entry } from './entry.ts';
import { insertAfter, insertFirst } from '../files/json-edit.ts';
import { listLiteral, literal, memberText } from '../files/json-literal.ts';
import { memberOf } from '../files/json-node.ts';
import { styleAt } from '../files/json-style.ts';
import type { JsonDocument } from '../files/json-document.ts';
import type { ShimCommand } from './migration-service.ts';
import type { HttpEndpoint } from './move.ts';
import { namesByKey, type MovedSecret } from './moved-secrets.ts';
import { formatSecretsOption } from './secrets-option.ts';
import type { Splice } from '../files/splice.ts';

/** What a rewrite added beside `command`, so that it can be taken out again without a trace. */
export interface Additions {
  /** The entry had no `args`. */
  args: boolean;
  /** The entry had no `env`. */
  env: boolean;
  /** Variables put into `env`. */
  envNames: string[];
  /** Other members that the entry did not have. */
  members?: string[];
  /** Values that went to the secret store. */
  secrets?: MovedSecret[];
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
  route: { client: ClientId; server: string; secrets?: readonly MovedSecret[] },
  shim: ShimCommand,
): Rewrite {
  const { text } = document;
  const command = memberOf(entry.node, 'command')!;
  const args = memberOf(entry.node, 'args');
  const env = memberOf(entry.node, 'env');
  const style = styleAt(text, document.root!, entry.node);
  const place = { text, offset: command.property.offset, depth: 0 };

  // With them the shim finds the values by itself while there is no hub.
  const secrets = namesByKey(route.secrets, 'env');
  const options = secrets.size > 0 ? ['--secrets', formatSecretsOption(secrets)] : [];
  const ours = [...shim.args, '--client', route.client, '--server', route.server, ...options, '--'].map(
    (arg) => JSON.stringify(arg),
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

/**
 * The edit that turns an entry into a URL of the hub. Command, arguments and variables stay where they are: a client
 * that speaks HTTP passes them over, and they are the way back.
 */
export function rewriteToHttp(document: JsonDocument, entry: Entry, endpoint: HttpEndpoint): Rewrite {
  const { text } = document;
  const style = styleAt(text, document.root!, entry.node);
  const type = memberOf(entry.node, 'type');
  const command = memberOf(entry.node, 'command')!;
  const place = { text, offset: command.property.offset, depth: 0 };
  const splices: Splice[] = [];
  const members: [string, string][] = [
    ...(type ? [] : [['type', '"http"'] as [string, string]]),
    ['url', JSON.stringify(endpoint.url)],
    ['headers', literal({ Authorization: endpoint.authorization }, style, place)],
  ];
  if (type) splices.push({ offset: type.value.offset, length: type.value.length, text: '"http"' });
  const added = members.map(([name, value]) => memberText(name, value, style));
  splices.push(insertAfter(text, command.property, added, style));
  return { splices, additions: { ...NO_ADDITIONS, members: members.map(([name]) => name) } };
}

/**
 * The edit that lets the entry of a remote server start our shim. URL and headers stay where they are, unread, and the
 * arguments say what type the entry had.
 */
export function rewriteRemote(
  document: JsonDocument,
  entry: Entry,
  route: { client: ClientId; server: string },
  shim: ShimCommand,
): Rewrite {
  const { text } = document;
  const style = styleAt(text, document.root!, entry.node);
  const type = memberOf(entry.node, 'type');
  const url = memberOf(entry.node, 'url')!;
  const place = { text, offset: url.property.offset, depth: 0 };
  const was = typeof type?.value.value === 'string' ? type.value.value : 'none';
  const args = [...shim.args, '--client', route.client, '--server', route.server, '--remote', was];
  const members: [string, string][] = [
    ...(type ? [] : [['type', '"stdio"'] as [string, string]]),
    ['command', JSON.stringify(shim.command)],
    [
      'args',
      listLiteral(
        args.map((arg) => JSON.stringify(arg)),
        style,
        place,
      ),
    ],
    ...(Object.keys(shim.env).length > 0
      ? [['env', literal(shim.env, style, place)] as [string, string]]
      : []),
  ];
  const splices: Splice[] = type
    ? [{ offset: type.value.offset, length: type.value.length, text: '"stdio"' }]
    : [];
  const added = members.map(([name, value]) => memberText(name, value, style));
  splices.push(insertAfter(text, url.property, added, style));
  return { splices, additions: { ...NO_ADDITIONS, members: members.map(([name]) => name) } };
}

const NO_ADDITIONS: Additions = { args: false, env: false, envNames: [] };
