import type { EntryTable } from '../clients/client-adapter.ts';
import type { RemoteServer, StdioCommand } from './entry.ts';
import type { MovedSecret } from './moved-secrets.ts';

interface MoveBase {
  table: EntryTable;
  /** Of the entry, in the client's file. */
  name: string;
  /** In the catalog; `*` for all of it. */
  server: string;
  /** Values of the entry that go to the secret store. */
  secrets?: readonly MovedSecret[];
}

/** The entry starts our shim, with its own command behind it. */
export interface ShimMove extends MoveBase {
  way: 'shim';
  original: StdioCommand;
}

/** The entry becomes a URL of the hub. Its own command stays in it, unread. */
export interface HttpMove extends MoveBase {
  way: 'http';
  original: StdioCommand;
  endpoint: HttpEndpoint;
}

/** The entry of a remote server starts our shim. Its own URL and headers stay in it, unread. */
export interface RemoteMove extends MoveBase {
  way: 'remote';
  original: RemoteServer;
  /** Its secret headers, on their way to the hub. */
  env: ReadonlyMap<string, string>;
}

/** The entry is taken out: the gateway entry of its table does its work. */
export interface MergedMove extends MoveBase {
  way: 'merged';
  original: StdioCommand;
}

/** A new entry for everything in the catalog. */
export interface GatewayMove extends MoveBase {
  way: 'gateway';
  server: '*';
  /** What the merged servers need of the client's file: their secrets. */
  env: ReadonlyMap<string, string>;
  /** Null: the shim. */
  endpoint: HttpEndpoint | null;
}

/** A new entry in the person's own file that hides one of the same name in a project's shared file. */
export interface OverrideMove extends MoveBase {
  way: 'override';
  original: StdioCommand;
  /** The whole entry of the shared file. */
  shared: object;
}

/** One entry to be changed, and what it must still be when that happens. */
export type Move = ShimMove | HttpMove | RemoteMove | MergedMove | GatewayMove | OverrideMove;

/** A URL of the hub and what it wants to see in `Authorization`. */
export interface HttpEndpoint {
  url: string;
  authorization: string;
}
