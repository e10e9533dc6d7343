import type { Envelope } from '../../../../shared/json-rpc/envelope.ts';
import type { ConnectionEnd } from '../../servers/server-connection.ts';
import type { ClientCall } from './client-call.ts';
import type { CallFailure } from './rpc-frames.ts';
import type { Upstream } from './upstream.ts';

/** Whose list has changed: `tools`, `prompts` or `resources` (with their templates). */
export type ChangedList = 'tools' | 'prompts' | 'resources';

/** A message of a server as it came; `frame` is a view that is good during the call only. */
export interface ServerMessage {
  frame: Buffer;
  envelope: Envelope;
  receivedAt: number;
  /** The client's call that it belongs to; null where that is not known. */
  call: ClientCall | null;
  /** Whether `call` is known, not just the likeliest of several of one client. */
  isCertain: boolean;
}

/** One conversation's end of an upstream: what the server says beside its answers. */
export interface Attached {
  /** Changes of one list come in bursts; they are told once. */
  listChanged(list: ChangedList): void;
  resourceUpdated(uri: string, message: ServerMessage): void;
  /** A log line; only where it can be nobody else's. */
  logged(message: ServerMessage): void;
  /** Any other notification. */
  notified(message: ServerMessage): void;
  /** The server asks something of the client. Null when it has been passed on, else why not. */
  asked(upstream: Upstream, message: ServerMessage): CallFailure | null;
  /** The server no longer wants an answer to its question with this id. */
  withdrawn(upstream: Upstream, id: string): void;
  /** Nothing comes any more. Calls that were under way have been told. */
  ended(upstream: Upstream, end: ConnectionEnd): void;
}
