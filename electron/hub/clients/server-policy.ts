import { z } from 'zod';
import type { PolicyRule } from '../../../shared/model/client.ts';
import type { FoundSettings } from './read-settings.ts';
import { valueOf } from '../files/json-node.ts';
import { urlMatches } from './url-pattern.ts';

/** A rule with what it compares. */
export interface ReadRule extends PolicyRule {
  /** Set for rules in the settings of one project. */
  project?: string;
  name?: string;
  url?: string;
  command?: readonly string[];
}

/** The allow and deny lists that bear on a client's servers. */
export interface ServerPolicy {
  /** Null: no list, so all may be loaded. */
  allow: ReadRule[] | null;
  deny: ReadRule[];
  managedAllowListOnly: boolean;
}

/** A server as a client would load it. */
export interface PolicedServer {
  name: string;
  /** Absent for remote ones. */
  command?: readonly string[];
  url?: string;
}

const Item = z.looseObject({
  serverName: z.string().optional(),
  serverUrl: z.string().optional(),
  serverCommand: z.array(z.string()).optional(),
});
const Lists = z.looseObject({
  allowedMcpServers: z.array(z.unknown()).optional().catch(undefined),
  deniedMcpServers: z.array(z.unknown()).optional().catch(undefined),
  allowManagedMcpServersOnly: z.boolean().optional().catch(undefined),
});

/**
 * The policy that settings files make together for a project, or for none. Deny lists add up over all files; so do
 * allow lists, unless an administrator says that only theirs counts.
 */
export function readPolicy(settings: readonly FoundSettings[], project?: string): ServerPolicy {
  const read = settings
    .filter((file) => file.project === undefined || file.project === project)
    .map((file) => ({ file, lists: Lists.catch({}).parse(valueOf(file.document?.root ?? null)) }));
  const managedAllowListOnly = read.some(
    ({ file, lists }) => file.managed && lists.allowManagedMcpServersOnly === true,
  );
  const allowing = read.filter(
    ({ file, lists }) => lists.allowedMcpServers !== undefined && (file.managed || !managedAllowListOnly),
  );
  return {
    allow:
      allowing.length === 0
        ? null
        : allowing.flatMap(({ file, lists }) => rulesOf(file, 'allow', lists.allowedMcpServers!)),
    deny: read.flatMap(({ file, lists }) => rulesOf(file, 'deny', lists.deniedMcpServers ?? [])),
    managedAllowListOnly,
  };
}

function rulesOf(file: FoundSettings, effect: PolicyRule['effect'], items: readonly unknown[]): ReadRule[] {
  const base = {
    path: file.path,
    managed: file.managed,
    effect,
    ...(file.project !== undefined && { project: file.project }),
  };
  if (items.length === 0 && effect === 'allow') return [{ ...base, by: 'nothing', text: '[]' }];
  return items.flatMap((item): ReadRule[] => {
    const { serverName, serverUrl, serverCommand } = Item.catch({}).parse(item);
    const text = JSON.stringify(item);
    if (serverName !== undefined) return [{ ...base, by: 'serverName', text, name: serverName }];
    if (serverCommand !== undefined) return [{ ...base, by: 'serverCommand', text, command: serverCommand }];
    return serverUrl === undefined ? [] : [{ ...base, by: 'serverUrl', text, url: serverUrl }];
  });
}

/** A rule as it is shown. */
export const ruleView = ({ path, managed, effect, by, text }: ReadRule): PolicyRule => ({
  path,
  managed,
  effect,
  by,
  text,
});

/**
 * What keeps a client from loading a server: the deny rule that matches, or a rule of the allow list that does not;
 * null when nothing does. `expand` is what the client does to `${VAR}`: denied is what matches either way, allowed
 * only what matches both ways.
 */
export function blockingRule(
  { allow, deny }: ServerPolicy,
  server: PolicedServer,
  expand: (text: string) => string,
): ReadRule | null {
  const commands = server.command ? variants(server.command, expand) : [];
  const urls = server.url === undefined ? [] : [...new Set([server.url, expand(server.url)])];
  const matchesCommand = (rule: ReadRule, command: readonly string[]): boolean =>
    rule.command !== undefined && isSame(rule.command.map(expand), command);
  const matchesUrl = (rule: ReadRule, url: string): boolean =>
    rule.url !== undefined && urlMatches(url, expand(rule.url));
  const denied = deny.find(
    (rule) =>
      rule.name === server.name ||
      commands.some((command) => matchesCommand(rule, command)) ||
      urls.some((url) => matchesUrl(rule, url)),
  );
  if (denied) return denied;
  if (allow === null) return null;

  // As soon as a list has one command, programs are allowed by their command alone; the same for URLs.
  const byCommand = allow.filter(({ by }) => by === 'serverCommand');
  const byUrl = allow.filter(({ by }) => by === 'serverUrl');
  const decisive =
    server.command && byCommand.length > 0 ? byCommand : server.url && byUrl.length > 0 ? byUrl : null;
  if (!decisive) return allow.some(({ name }) => name === server.name) ? null : (allow[0] ?? null);
  const isAllowed =
    decisive === byCommand
      ? commands.every((command) => byCommand.some((rule) => matchesCommand(rule, command)))
      : urls.every((url) => byUrl.some((rule) => matchesUrl(rule, url)));
  return isAllowed ? null : decisive[0]!;
}

function variants(command: readonly string[], expand: (text: string) => string): (readonly string[])[] {
  const expanded = command.map(expand);
  return isSame(expanded, command) ? [command] : [command, expanded];
}

const isSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((item, index) => item === b[index]);
