import type { PlanWarning } from '../../../shared/model/migration.ts';
import type { ClientAdapter } from '../clients/client-adapter.ts';
import { memberOf } from '../files/json-node.ts';
import { catalogDefinition } from './catalog-names.ts';
import type { Entry } from './entry.ts';
import { conflictingVariable } from './entry-rewrite.ts';
import type { ShimCommand } from './migration-service.ts';
import type { Move } from './move.ts';
import { namesByKey, type MovedSecret } from './moved-secrets.ts';

/** Why an entry stays as it is, with the code of its warning. */
export type Stay = Pick<PlanWarning, 'code' | 'message'>;

export const ALREADY_ROUTED: Stay = { code: 'ALREADY_ROUTED', message: 'is routed through Patchbay already' };

const unknown = (message: string): Stay => ({ code: 'UNKNOWN_LEFT_DIRECT', message });

/** What the choice between moving and staying depends on, beside the entry. */
export interface StayContext {
  adapter: ClientAdapter;
  shim: ShimCommand;
  way: Exclude<Move['way'], 'gateway'>;
  remotes: boolean;
  /** What goes to the secret store. */
  moved: readonly MovedSecret[];
}

/** Why an entry must not be moved this way; null when it may be. */
export function reasonToStay(entry: Entry, { adapter, shim, way, remotes, moved }: StayContext): Stay | null {
  if (entry.route) return ALREADY_ROUTED;
  if (entry.transport === 'unknown') return unknown('is no server that Patchbay understands');
  // The name travels on a command line, which carries neither of these.
  if (entry.name === '' || entry.name === '--' || /\0|\p{Surrogate}/u.test(entry.name)) {
    return unknown('has a name that cannot be passed on a command line');
  }
  if (entry.transport !== 'stdio') return remoteReason(entry, remotes);
  if (way === 'shim' || way === 'override') {
    const variable = conflictingVariable(entry, shim);
    return variable === null ? null : unknown(`sets ${variable} itself, which Patchbay needs otherwise`);
  }
  const reason = hubReason(entry, adapter, way);
  if (reason !== null || way !== 'http') return reason;
  const [secret] = secretVariables(entry, moved);
  return secret === undefined
    ? null
    : unknown(`has a secret in ${secret}, which an entry by HTTP cannot pass on to its server`);
}

function remoteReason({ transport, remote, node }: Entry, remotes: boolean): Stay | null {
  const direct = (message: string): Stay => ({ code: 'REMOTE_LEFT_DIRECT', message });
  const login = (message: string): Stay => ({ code: 'LOGIN_LEFT_DIRECT', message });
  if (!remote) return direct(`is a remote server of a kind that is not routed (${transport})`);
  if (remote.ownLogin !== null) {
    return login(`signs in by itself ("${remote.ownLogin}"), which nobody can do in the client’s place`);
  }
  if (remote.headers.size === 0) {
    return login('may have a login that the client keeps by its address; routed, it would be lost');
  }
  const taken = ['command', 'args', 'env'].find((key) => memberOf(node, key));
  if (taken !== undefined) return unknown(`is a remote server with a "${taken}" of its own`);
  return remotes ? null : direct('is a remote server; those are routed only when asked for (--remotes)');
}

/** What keeps an entry from being started by the hub instead of by its client's own words. */
export function hubReason(
  entry: Entry,
  { expandsVariables }: ClientAdapter,
  way: 'http' | 'remote' | 'merged',
): Stay | null {
  const stdio = entry.stdio!;
  const texts = [stdio.command, ...stdio.args, ...stdio.env.values()];
  if (!expandsVariables && texts.some((text) => text.includes('${'))) {
    return unknown('holds a "${" that this client leaves as it is and the hub would fill in');
  }
  const unnamed = [...stdio.env.keys()].find((name) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
  if (unnamed !== undefined)
    return unknown(`sets ${JSON.stringify(unnamed)}, which is no name for a variable`);
  if (way !== 'http') return null;
  const taken = ['url', 'headers'].find((key) => memberOf(entry.node, key));
  return taken === undefined ? null : unknown(`has a "${taken}" beside its command`);
}

/** The variables of an entry whose values stay in the client's file. */
export function secretVariables(
  { stdio }: Pick<Entry, 'stdio'>,
  moved: readonly MovedSecret[] = [],
): string[] {
  if (!stdio) return [];
  const kept = catalogDefinition(stdio).env ?? {};
  const inStore = namesByKey(moved, 'env');
  return [...stdio.env].flatMap(([name, value]) => (kept[name] === value || inStore.has(name) ? [] : [name]));
}
