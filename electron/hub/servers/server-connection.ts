/**
 * Frames to and from one live server, whichever way it is reached: pipes of a child, Streamable HTTP, HTTP+SSE. A
 * frame is one JSON-RPC message as UTF-8 JSON text on one line, without its line end.
 *
 * The connection moves frames and knows no ids: whoever sends gives each request a number of its own, unique for the
 * life of the connection.
 */
export interface ServerConnection {
  /** True where a message of the server tells by its stream which request it belongs to (HTTP); pipes do not. */
  readonly correlates: boolean;
  /** Bytes accepted and not yet taken by the other side; beyond a bound the sender refuses new calls (B17). */
  readonly unsentBytes: number;
  /**
   * Takes one frame, which may be a view: what must outlive the call is copied. Never throws. What cannot be
   * delivered is told by `failed` (this request only) or `closed`.
   */
  send(frame: Buffer, about: OutboundFrame): void;
  /** Gives up a request: where closing its stream is how the era cancels (modern HTTP), closes it. Else does nothing. */
  abandon(request: number): void;
  /** Ends it: pipes walk the stop ladder, HTTP closes its streams and its session. Safe to call twice. */
  close(): Promise<void>;
}

/** What a transport must know of a frame to carry it. */
export interface OutboundFrame {
  /** The number in the frame's `id` when it is a request, else null. */
  request: number | null;
  method: string | null;
  /** `params.name` or `params.uri` as sent; becomes `Mcp-Name` on modern HTTP. */
  target: string | null;
  /** Version for `MCP-Protocol-Version`; null before it is known. */
  protocolVersion: string | null;
  /** `Mcp-Param-*` values by header name, for tools that ask for them; null mostly. */
  parameterHeaders: Readonly<Record<string, string>> | null;
}

/** How a connection tells its owner; called synchronously, never after `closed`. */
export interface ConnectionEvents {
  /**
   * One line of the server, valid or not. `bytes` may be a view that is good during the call only. `request` is the
   * number of the request on whose stream it came, null where the transport does not tell.
   */
  frame(bytes: Buffer, request: number | null, receivedAt: number): void;
  /** A line longer than the limit has been passed over; only its size is known (B09). */
  oversized(bytes: number, request: number | null): void;
  /** The transport could not deliver this request or lost its answer; the connection itself goes on. */
  failed(request: number, failure: ConnectionFailure): void;
  /** It is over: the child exited, the session is gone. `asked` when `close` was called. */
  closed(end: ConnectionEnd): void;
}

export interface ConnectionFailure {
  /** JSON-RPC code for the caller. */
  code: number;
  message: string;
}

export interface ConnectionEnd {
  asked: boolean;
  /** For people: `exited with code 1`, `the remote session ended`. */
  reason: string;
}

/** A server that runs, seen from a route. */
export interface OpenedServer {
  readonly connection: ServerConnection;
  readonly instanceId: string;
  readonly pid: number | null;
  /** The last line it wrote to stderr, to tell why it is not ready; empty when it wrote none. */
  lastLine?(): string;
}

/** Opens servers of the catalog, local or remote. The mux knows no more of processes and URLs than this. */
export interface ServerOpener {
  /**
   * Starts or connects one instance. Throws SERVER_UNKNOWN, SERVER_DISABLED, SERVER_CANNOT_START, VARIABLE_MISSING,
   * LOGIN_NEEDED, SERVER_SUSPENDED. `events` may be called before it resolves.
   */
  open(server: string, caller: CallerIdentity, events: ConnectionEvents): Promise<OpenedServer>;
  /** What makes two launches interchangeable: equal keys may share one instance. Throws as `open` does. */
  launchKey(server: string, caller: CallerIdentity): string;
  /** How instances of this server are shared and bounded, from the catalog. */
  sharing(server: string): Sharing;
}

/** Who calls, as far as launching is concerned. */
export interface CallerIdentity {
  sessionId: string;
  /** Client id or product name: `claude-code`. */
  client: string;
  /** Who owns the token; one person's hub has one. */
  user: string;
  transport: 'shim' | 'http' | 'sse' | 'websocket' | 'json-rpc';
  /** Working folder and environment of the client's process; null where the transport does not tell (HTTP). */
  cwd: string | null;
  env: Readonly<Record<string, string>> | null;
}

export interface Sharing {
  isolation: 'session' | 'client' | 'user' | 'shared';
  /** Instances per launch key that may run side by side; calls go to the least busy. */
  copies: number;
  /** Calls one instance gets at the same time; more wait in a fair queue. */
  concurrency: number;
  /** Milliseconds without a caller after which a shared instance ends. */
  idleMs: number;
  /** Milliseconds for start and handshake, and for one call without progress. */
  startTimeoutMs: number;
  callTimeoutMs: number;
}
