import type { Era, Envelope } from '../../../../shared/json-rpc/envelope.ts';
import type { CallerIdentity } from '../../servers/server-connection.ts';
import type { Tap } from '../../traffic/tap.ts';
import type { AskedLists } from './ask-lists.ts';

/**
 * Many callers, many servers: ids, progress tokens, names and colliding URIs are rewritten in the bytes, everything
 * else passes as it is. Both eras on both sides. Transports (sessions/) own sockets and HTTP; the mux owns meaning.
 */
export interface Mux {
  /**
   * A conversation on one endpoint. Over a socket or WebSocket both eras may speak on it; a legacy HTTP session is
   * one; modern HTTP requests of one principal share one that is opened with `channel: null`.
   */
  open(options: ConversationOptions): Conversation;
  /** `Mcp-Param-*` headers that a tool of this endpoint asks for: header name → path in the arguments. */
  parameterHeaders(endpoint: Endpoint, tool: string): ReadonlyMap<string, readonly string[]> | null;
  /** The catalog changed: caches of these servers go, and clients are told. */
  serversChanged(names: readonly string[]): void;
  /** Tools of this server that were held back are shown from now on; clients are told. */
  toolsReleased(server: string): void;
  /** Instances of this server end now; conversations stay and start new ones on their next call. */
  restart(server: string): Promise<void>;
  /**
   * What a server offers right now, asked by the hub itself: of a live instance, else of one started for it and ended
   * afterwards. Rejects with PatchbayError.
   */
  ask(server: string, user: string): Promise<AskedLists>;
  /** Live upstreams, for status and metrics. */
  upstreams(): UpstreamView[];
  close(): Promise<void>;
}

/** What a client talks to: `/mcp`, `/servers/<name>/mcp`, `/profiles/<name>/mcp`. Follows the catalog. */
export interface Endpoint {
  /** `*`, `servers/github`, `profiles/work`. */
  readonly label: string;
  /** One server, whose names, URIs, identity and capabilities are shown as they are. */
  readonly single: string | null;
  /** Servers in the order of the catalog; enabled ones only. */
  members(): readonly string[];
  /** `legacy` answers a modern probe so that the client falls back to the handshake. */
  readonly downstreamEra: 'auto' | 'legacy';
  /** What is shown of a server: the profile's and the catalog's `tools` together. Null hides the tool. */
  exposed(server: string, tool: string): { name: string } | null;
}

export interface ConversationOptions {
  endpoint: Endpoint;
  caller: CallerIdentity;
  /** Where frames go that belong to no request; null: none such exist (modern HTTP, plain POST). */
  channel: Channel | null;
  /** A conversation that is carried over from an earlier hub; the handshake is not said again by the client. */
  restored: ConversationRecord | null;
  /** Observes this conversation in place of the mux's own tap. */
  tap?: Tap | undefined;
}

/** What it takes to carry a conversation over to another hub. Plain data. */
export interface ConversationRecord {
  /** The client's own `initialize` frame. */
  initialize: string;
  initialized: boolean;
  logLevel: string | null;
  /** Subscribed URIs as the client knows them. */
  subscriptions: string[];
}

/** One client's conversation. Never throws: what is wrong with a frame is answered on its reply or counted. */
export interface Conversation {
  /** null until the client has said something that tells. */
  readonly era: Era | null;
  /** One frame of the client. `reply` is where its answer goes; null for notifications and responses. */
  receive(frame: Buffer, envelope: Envelope, reply: Reply | null, receivedAt: number): void;
  /**
   * The client went away from a reply before its answer. Modern: the call is cancelled upstream. Legacy over HTTP:
   * nothing is cancelled.
   */
  abandoned(reply: Reply): void;
  /** null before the handshake and for modern conversations. */
  record(): ConversationRecord | null;
  /** The record has changed. At most one listener. */
  onRecordChanged(listener: () => void): void;
  /** Ends it: open calls are cancelled upstream, subscriptions released, private instances stopped. */
  close(): Promise<void>;
}

/** Frames to the client outside any answer: a GET stream, a socket. */
export interface Channel {
  /** Takes one frame, which it may keep: it is no view. */
  send(frame: Buffer): void;
}

/** Where the answer of one request goes, and on HTTP what belongs to it. */
export interface Reply {
  /** Something that belongs to the request and comes before its answer: progress, a log line, a question. */
  send(frame: Buffer): void;
  /** The answer; nothing follows. `status` matters on HTTP while nothing was sent before: 200 unless told otherwise. */
  answer(frame: Buffer, status?: number): void;
}

export interface UpstreamView {
  server: string;
  instanceId: string;
  era: Era | null;
  callers: number;
  inFlight: number;
  queued: number;
}
