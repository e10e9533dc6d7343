import { PatchbayError } from '../../../shared/model/error.ts';
import type {
  CallerIdentity,
  ConnectionEvents,
  OutboundFrame,
  ServerConnection,
  ServerOpener,
  Sharing,
} from '../../../electron/hub/servers/server-connection.ts';

/** A JSON-RPC message, parsed. */
export interface Message {
  jsonrpc: string;
  id?: number | string | null;
  method?: string;
  params?: Record<string, unknown>;
  result?: Record<string, unknown>;
  error?: { code: number; message: string; data?: unknown };
}

/** One running instance of a scripted server, as the test sees it. */
export class ScriptedInstance implements ServerConnection {
  correlates: boolean;
  unsentBytes = 0;
  readonly id: string;
  readonly server: string;
  readonly caller: CallerIdentity;
  /** Everything it was sent, in order. */
  readonly received: Message[] = [];
  readonly outbound: OutboundFrame[] = [];
  readonly abandoned: number[] = [];
  isClosed = false;
  readonly #events: ConnectionEvents;
  readonly #script: ServerScript;
  #waiting: { matches(message: Message): boolean; resolve(message: Message): void }[] = [];

  constructor(
    id: string,
    server: string,
    caller: CallerIdentity,
    terms: { events: ConnectionEvents; script: ServerScript },
  ) {
    this.id = id;
    this.server = server;
    this.caller = caller;
    this.#events = terms.events;
    this.#script = terms.script;
    this.correlates = terms.script.correlates ?? false;
  }

  send(frame: Buffer, about: OutboundFrame): void {
    const message = JSON.parse(frame.toString('utf8')) as Message;
    this.received.push(message);
    this.outbound.push(about);
    for (const waiting of this.#waiting.filter(({ matches }) => matches(message))) {
      this.#waiting = this.#waiting.filter((other) => other !== waiting);
      waiting.resolve(message);
    }
    // A real server never answers within the call that sends.
    queueMicrotask(() => {
      if (!this.isClosed) this.#answer(message);
    });
  }

  #answer(message: Message): void {
    if (message.method === undefined) return;
    const step = this.#script.on?.[message.method] ?? DEFAULTS[message.method];
    const made = typeof step === 'function' ? step(message, this) : step;
    if (message.id === undefined || made === SILENT) return;
    const { id } = message;
    if (made === undefined)
      this.say({ jsonrpc: '2.0', id, error: { code: -32601, message: 'Method not found' } });
    else if (made.error) this.say({ jsonrpc: '2.0', id, error: made.error as Message['error'] });
    else this.say({ jsonrpc: '2.0', id, result: made as Record<string, unknown> });
  }

  abandon(request: number): void {
    this.abandoned.push(request);
  }

  async close(): Promise<void> {
    this.#end({ asked: true, reason: 'was stopped' });
  }

  /** The server writes a line: a message, or text that may be none. */
  say(message: Message | string, request: number | null = null): void {
    const text = typeof message === 'string' ? message : JSON.stringify(message);
    // A view into a larger buffer that is overwritten afterwards, as the contract allows.
    const chunk = Buffer.concat([Buffer.from('##'), Buffer.from(text), Buffer.from('##')]);
    const view = chunk.subarray(2, chunk.length - 2);
    if (!this.isClosed) this.#events.frame(view, request, performance.now());
    chunk.fill(0x23);
  }

  oversized(bytes: number, request: number | null = null): void {
    this.#events.oversized(bytes, request);
  }

  fail(request: number, code: number, message: string): void {
    this.#events.failed(request, { code, message });
  }

  crash(reason = 'exited with code 1'): void {
    this.#end({ asked: false, reason });
  }

  #end(end: { asked: boolean; reason: string }): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.#events.closed(end);
  }

  /** The next message (or one that came already and was not taken) that fits. */
  async next(method: string): Promise<Message> {
    const matches = (message: Message): boolean => message.method === method;
    const earlier = this.received.find((message) => matches(message) && !this.#taken.has(message));
    const message =
      earlier ?? (await new Promise<Message>((resolve) => this.#waiting.push({ matches, resolve })));
    this.#taken.add(message);
    return message;
  }

  /** The answer to a request of the server's. */
  async nextAnswer(id: number | string): Promise<Message> {
    const matches = (message: Message): boolean => message.method === undefined && message.id === id;
    const earlier = this.received.find((message) => matches(message) && !this.#taken.has(message));
    const message =
      earlier ?? (await new Promise<Message>((resolve) => this.#waiting.push({ matches, resolve })));
    this.#taken.add(message);
    return message;
  }

  readonly #taken = new Set<Message>();

  methods(): string[] {
    return this.received.map(({ method }) => method ?? 'answer');
  }
}

/** Not answered by itself; the test does. */
export const SILENT = Symbol('silent');

type Made = Record<string, unknown> | typeof SILENT | undefined;
type Step =
  Record<string, unknown> | typeof SILENT | ((message: Message, instance: ScriptedInstance) => Made);

export interface ServerScript {
  sharing?: Partial<Sharing>;
  correlates?: boolean;
  /** By method: the result, or what makes it. `{error}` is an error, undefined is "method not found". */
  on?: Record<string, Step>;
  /** Why it cannot be opened. */
  cannotOpen?: () => PatchbayError | null;
}

export const INITIALIZED = {
  protocolVersion: '2025-11-25',
  capabilities: { tools: { listChanged: true } },
  serverInfo: { name: 'scripted', version: '1' },
};

const DEFAULTS: Record<string, Step> = { initialize: INITIALIZED };

/** Result of `tools/list` with these names. */
export const toolsNamed = (...names: string[]) => ({
  tools: names.map((name) => ({ name, inputSchema: { type: 'object' } })),
});

export const modernServer = (
  capabilities: object = { tools: { listChanged: true } },
): Record<string, Step> => ({
  initialize: { error: { code: -32022, message: 'Unsupported', data: { supported: ['2026-07-28'] } } },
  'server/discover': {
    resultType: 'complete',
    supportedVersions: ['2026-07-28'],
    capabilities,
    ttlMs: 1000,
    cacheScope: 'private',
    _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'modern', version: '1' } },
  },
  'subscriptions/listen': (message, instance) => {
    const { notifications } = message.params!;
    instance.say({
      jsonrpc: '2.0',
      method: 'notifications/subscriptions/acknowledged',
      params: { notifications, _meta: { 'io.modelcontextprotocol/subscriptionId': message.id } },
    });
    return SILENT;
  },
});

const SHARING: Sharing = {
  isolation: 'session',
  copies: 1,
  concurrency: 64,
  idleMs: 60_000,
  startTimeoutMs: 2_000,
  callTimeoutMs: 60_000,
};

/** Opens scripted servers; `instances` holds all that were ever started. */
export class ScriptedOpener implements ServerOpener {
  readonly instances: ScriptedInstance[] = [];
  readonly servers: Record<string, ServerScript>;
  /** Changes the launch key of all servers. */
  generation = 0;
  #waiting: { server: string; resolve(instance: ScriptedInstance): void }[] = [];

  constructor(servers: Record<string, ServerScript>) {
    this.servers = servers;
  }

  async open(server: string, caller: CallerIdentity, events: ConnectionEvents) {
    const script = this.#script(server);
    const refusal = script.cannotOpen?.();
    if (refusal) throw refusal;
    const instance = new ScriptedInstance(`i${this.instances.length + 1}`, server, caller, {
      events,
      script,
    });
    this.instances.push(instance);
    for (const waiting of this.#waiting.filter((one) => one.server === server)) waiting.resolve(instance);
    this.#waiting = this.#waiting.filter((one) => one.server !== server);
    return await Promise.resolve({ connection: instance, instanceId: instance.id, pid: null });
  }

  launchKey(server: string, caller: CallerIdentity): string {
    const { isolation } = this.sharing(server);
    const owner = { session: caller.sessionId, client: caller.client, user: caller.user, shared: '' }[
      isolation
    ];
    return `${server} ${this.generation} ${owner}`;
  }

  sharing(server: string): Sharing {
    return { ...SHARING, ...this.#script(server).sharing };
  }

  #script(server: string): ServerScript {
    const script = this.servers[server];
    if (!script) throw new PatchbayError('SERVER_UNKNOWN', `There is no server ${server}.`);
    return script;
  }

  /** The newest instance of a server. */
  last(server: string): ScriptedInstance {
    const found = this.instances.findLast((instance) => instance.server === server);
    if (!found) throw new Error(`${server} was never started`);
    return found;
  }

  /** The next instance that is started. */
  started(server: string): Promise<ScriptedInstance> {
    return new Promise((resolve) => this.#waiting.push({ server, resolve }));
  }
}
