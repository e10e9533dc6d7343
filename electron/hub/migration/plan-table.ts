import type { EntryOrigin } from './catalog-names.ts';
import type { CatalogNames } from './catalog-names.ts';
import { headerVariables } from './catalog-names.ts';
import type { Entry } from './entry.ts';
import type { HubEndpoint } from './hub-endpoint.ts';
import type { LoadedConfig } from './load-configs.ts';
import type { ShimCommand } from './migration-service.ts';
import type { GatewayMove, Move } from './move.ts';
import type { MovedSecret } from './moved-secrets.ts';
import type { SecretPlan } from './plan-secrets.ts';
import { GATEWAY_NAME } from './routed-entry.ts';
import { reasonToStay, secretVariables, type Stay, type StayContext } from './stay-reason.ts';
import type { PlanOptions } from '../../../shared/model/migration.ts';

/** An entry and what becomes of it: exactly one of `move` and `stay` is set. */
export interface Decision {
  entry: Entry;
  move: Move | null;
  stay: Stay | null;
}

export interface TableContext {
  options: PlanOptions;
  shim: ShimCommand;
  hub: HubEndpoint | null;
  names: CatalogNames;
  secrets: SecretPlan;
}

/** What becomes of the entries of one file, and the gateways it gets. */
export function decideEntries(
  config: LoadedConfig,
  entries: readonly Entry[],
  context: TableContext,
): { decisions: Decision[]; gateways: GatewayMove[] } {
  const gateways = new Map<string, Gateway>();
  const decisions = entries.map((entry): Decision => {
    const moved = context.secrets.moved(entry, config.adapter);
    const stay = hiddenReason(config) ?? reasonToStay(entry, { ...stayContext(config, context), moved });
    if (stay) return { entry, move: null, stay };
    if (entry.remote) return { entry, move: remoteMove(config, entry, context), stay: null };
    if (context.options.mode !== 'merged')
      return { entry, move: singleMove(config, entry, context), stay: null };
    const gateway = gatewayFor(entry, entries, gateways);
    const conflict = gateway.takeIn(entry, moved);
    if (conflict) return { entry, move: null, stay: conflict };
    return {
      entry,
      move: { ...common(config, entry, context), way: 'merged', original: entry.stdio! },
      stay: null,
    };
  });
  const { hub } = context;
  const endpoint = speaksHttp(config, context) ? (hub?.of('*') ?? null) : null;
  return {
    decisions,
    gateways: [...gateways.values()].flatMap(({ isThere, used, table, env }): GatewayMove[] =>
      isThere || !used ? [] : [{ way: 'gateway', table, name: GATEWAY_NAME, server: '*', env, endpoint }],
    ),
  };
}

const speaksHttp = ({ adapter }: LoadedConfig, { options }: TableContext): boolean =>
  options.transport === 'http' && adapter.speaksHttp === true;

function stayContext(config: LoadedConfig, context: TableContext): Omit<StayContext, 'moved'> {
  const { options, shim } = context;
  const http = speaksHttp(config, context);
  return {
    adapter: config.adapter,
    shim,
    // Over HTTP the gateway passes nothing on either.
    way: http ? 'http' : options.mode === 'merged' ? 'merged' : 'shim',
    remotes: options.remotes === true,
  };
}

function hiddenReason({ hiddenBy }: LoadedConfig): Stay | null {
  return hiddenBy === null
    ? null
    : {
        code: 'HIDDEN_FILE',
        message: `stands in a file that its client does not read; it reads ${hiddenBy}`,
      };
}

/** Where an entry comes from, as the catalog remembers it. */
export const originOf = ({ file }: LoadedConfig, { table }: Pick<Entry, 'table'>): EntryOrigin => ({
  client: file.client,
  path: file.path,
  scope: table.scope,
  ...(table.project !== undefined && { project: table.project }),
});

function common(
  config: LoadedConfig,
  entry: Entry,
  { names, secrets }: TableContext,
): Pick<Move, 'table' | 'name' | 'server' | 'secrets'> {
  const { table, name, stdio } = entry;
  const moved = secrets.moved(entry, config.adapter);
  const server = names.nameFor(name, stdio!, originOf(config, entry), moved);
  return { table, name, server, ...withSecrets(moved) };
}

const withSecrets = (moved: readonly MovedSecret[]): Pick<Move, 'secrets'> =>
  moved.length > 0 ? { secrets: moved } : {};

function singleMove(config: LoadedConfig, entry: Entry, context: TableContext): Move {
  const base = { ...common(config, entry, context), original: entry.stdio! };
  const { hub } = context;
  return speaksHttp(config, context) && hub
    ? { ...base, way: 'http', endpoint: hub.of(base.server) }
    : { ...base, way: 'shim' };
}

function remoteMove(config: LoadedConfig, entry: Entry, { names, secrets }: TableContext): Move {
  const { table, name, remote } = entry;
  const moved = secrets.moved(entry, config.adapter);
  const server = names.nameForRemote(name, remote!, originOf(config, entry), moved);
  const env = headerVariables(remote!, moved);
  return { way: 'remote', table, name, server, original: remote!, env, ...withSecrets(moved) };
}

/** The entry that does the work of those merged in one table. */
class Gateway {
  readonly table: Entry['table'];
  readonly env: Map<string, string>;
  /** One of ours stands there already, with what it needs. */
  readonly isThere: boolean;
  readonly #obstacle: Entry | undefined;
  used = false;

  constructor(entry: Entry, present: Entry | undefined, above: ReadonlyMap<string, string>) {
    this.table = entry.table;
    this.env = new Map(above);
    this.isThere = present?.route?.way === 'gateway';
    this.#obstacle = this.isThere ? undefined : present;
  }

  /** Takes an entry's secrets in, but for those that go to the store; says why that cannot be. */
  takeIn(entry: Entry, moved: readonly MovedSecret[]): Stay | null {
    const stay = (message: string): Stay => ({ code: 'UNKNOWN_LEFT_DIRECT', message });
    if (this.#obstacle) return stay(`cannot be merged: another entry is called ${GATEWAY_NAME}`);
    const secrets = secretVariables(entry, moved).map((name) => [name, entry.stdio!.env.get(name)!] as const);
    const clash = secrets.find(([name, value]) => (this.env.get(name) ?? value) !== value);
    if (clash) return stay(`cannot be merged: another entry sets ${clash[0]} to something else`);
    if (this.isThere && secrets.length > 0) {
      return stay(
        `cannot be merged: ${GATEWAY_NAME} is there already and does not pass on ${secrets[0]![0]}`,
      );
    }
    for (const [name, value] of secrets) this.env.set(name, value);
    this.used = true;
    return null;
  }
}

function gatewayFor(entry: Entry, all: readonly Entry[], gateways: Map<string, Gateway>): Gateway {
  const key = JSON.stringify(entry.table.keys);
  let gateway = gateways.get(key);
  if (!gateway) {
    const present = all.find(
      ({ name, table }) => name === GATEWAY_NAME && JSON.stringify(table.keys) === key,
    );
    // In its project a local gateway hides the user's, so it has to do the work of both.
    const above = entry.table.scope === 'user' ? undefined : [...gateways.values()].find(isUsers);
    gateways.set(key, (gateway = new Gateway(entry, present, above?.env ?? new Map())));
  }
  return gateway;
}

const isUsers = ({ table }: Gateway): boolean => table.scope === 'user';
