/**
 * What the shim and the hub say to each other on the local socket. Every connection starts with one line of JSON from
 * the caller, its hello. Types and constants only: the shim has no dependencies, the hub parses with
 * `shim-hello.ts`.
 */
export const PROTOCOL_VERSION = 1;

/** Set for a shim that our own witness starts; the server does not inherit it. */
export const WITNESS_VARIABLE = 'PATCHBAY_WITNESS';

/** A hello carries a whole environment; no honest one comes near this. */
export const MAX_HELLO_BYTES = 4 * 1024 * 1024;

/**
 * Opens (or, with `resumed` > 0, carries over) a session. After the welcome the connection is the server's stdin and
 * stdout, byte for byte.
 */
export interface ShimHello {
  patchbay: number;
  kind: 'shim';
  client: string;
  /** Name of the server in the catalog, `*` for all of them, or `profiles/NAME`. */
  server: string;
  /** Chosen by the shim, kept over reconnects. */
  session: string;
  resumed: number;
  pid: number;
  ppid: number;
  cwd: string;
  env: Record<string, string>;
  /** Patchbay's own comparison before and after a migration: served like any session, but no client's traffic. */
  witness: boolean;
  /** The original command of the entry, as the client would have run it; '' where no single server stands behind it. */
  command: string;
  args: string[];
}

/** A second connection of the same shim: what cannot travel between the bytes comes here, as JSON lines. */
export interface NotesHello {
  patchbay: number;
  kind: 'notes';
  session: string;
}

/** The CLI or another local program: JSON lines of the API's peer protocol follow in both directions. */
export interface ApiHello {
  patchbay: number;
  kind: 'api';
}

/** The hub's one line back. */
export type Welcome =
  /**
   * `pid` and `mark` name the server’s process, for the shim to see it out should the hub be killed; 0 and null where
   * the session has none of its own.
   */
  | { ok: true; instance: string; pid: number; mark: string | null }
  | {
      ok: false;
      code: string;
      message: string;
      hint?: string;
      /** Ask again after this many milliseconds; null: asking again is useless until someone acts. */
      retryMs: number | null;
    };

/** Lines on the notes connection. */
export type Note = { type: 'stderr'; text: string };
