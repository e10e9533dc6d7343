import { readEnvelope } from '../../../electron/hub/frames/read-envelope.ts';
import { createMux, type MuxDeps } from '../../../electron/hub/routes/mux/create-mux.ts';
import type {
  Conversation,
  ConversationRecord,
  Endpoint,
  Mux,
  Reply,
} from '../../../electron/hub/routes/mux/mux.ts';
import type { StartGate } from '../../../electron/hub/routes/mux/upstream-pool.ts';
import type { CallerIdentity } from '../../../electron/hub/servers/server-connection.ts';
import { NO_TAP } from '../../../electron/hub/traffic/no-tap.ts';
import type { Tap } from '../../../electron/hub/traffic/tap.ts';
import type { Message, ScriptedOpener } from './scripted-servers.ts';

export const HUB = { name: 'patchbay', version: '0.0.0-test' };

export const openGate: StartGate = { mayStart: () => ({ ok: true }), crashed() {} };

export const muxOver = (opener: ScriptedOpener, deps: Partial<MuxDeps> = {}): Mux =>
  createMux({ opener, gate: openGate, tap: NO_TAP, logger: { log() {} }, hubInfo: HUB, ...deps });

export const single = (server: string, more: Partial<Endpoint> = {}): Endpoint => ({
  label: `servers/${server}`,
  single: server,
  members: () => [server],
  downstreamEra: 'auto',
  exposed: (_server, tool) => ({ name: tool }),
  ...more,
});

export const merged = (servers: readonly string[], more: Partial<Endpoint> = {}): Endpoint => ({
  label: '*',
  single: null,
  members: () => servers,
  downstreamEra: 'auto',
  exposed: (_server, tool) => ({ name: tool }),
  ...more,
});

let lastSession = 0;

export interface ClientOptions {
  endpoint: Endpoint;
  caller?: Partial<CallerIdentity>;
  /** Modern HTTP: each request has its own reply and nothing else can be told. */
  hasChannel?: boolean;
  restored?: ConversationRecord | null;
  tap?: Tap;
}

/** What one request was told before and with its answer. */
export interface Told {
  before: Message[];
  answer: Message;
  raw: string;
  status: number | undefined;
}

const MODERN_META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
};

/** A client that speaks in objects, over the mux's own interface. */
export class ScriptedClient {
  readonly conversation: Conversation;
  /** Everything that was told outside of answers, and before them on a shared line. */
  readonly told: Message[] = [];
  #waiting: { matches(message: Message): boolean; resolve(message: Message): void }[] = [];
  readonly #taken = new Set<Message>();
  #lastId = 0;

  constructor(mux: Mux, { endpoint, caller, hasChannel = true, restored = null, tap }: ClientOptions) {
    lastSession += 1;
    this.conversation = mux.open({
      endpoint,
      caller: {
        sessionId: `session-${lastSession}`,
        client: 'test',
        user: 'me',
        transport: 'shim',
        cwd: null,
        env: null,
        ...caller,
      },
      channel: hasChannel
        ? { send: (frame) => this.#heard(JSON.parse(frame.toString('utf8')) as Message) }
        : null,
      restored,
      tap,
    });
  }

  #heard(message: Message): void {
    this.told.push(message);
    for (const waiting of this.#waiting.filter(({ matches }) => matches(message))) {
      this.#taken.add(message);
      this.#waiting = this.#waiting.filter((other) => other !== waiting);
      waiting.resolve(message);
    }
  }

  /** One frame as text; the answer is what its reply gets. The buffer is overwritten afterwards. */
  raw(text: string): Promise<Told> {
    return this.rawWith(text).told;
  }

  rawWith(text: string): { told: Promise<Told>; reply: Reply } {
    const before: Message[] = [];
    let reply: Reply | undefined;
    const told = new Promise<Told>((resolve) => {
      reply = {
        send: (frame) => {
          const message = JSON.parse(frame.toString('utf8')) as Message;
          before.push(message);
          this.#heard(message);
        },
        answer: (frame, status) => {
          const answer = frame.toString('utf8');
          resolve({ before, answer: JSON.parse(answer) as Message, raw: answer, status });
        },
      };
    });
    this.#receive(text, reply!);
    return { told, reply: reply! };
  }

  #receive(text: string, reply: Reply | null): void {
    const chunk = Buffer.from(`##${text}##`);
    const view = chunk.subarray(2, chunk.length - 2);
    const envelope = readEnvelope(view);
    if (!envelope) throw new Error(`not a message: ${text}`);
    this.conversation.receive(view, envelope, envelope.kind === 'request' ? reply : null, performance.now());
    chunk.fill(0x23);
  }

  request(method: string, params?: object, id: number | string = (this.#lastId += 1)): Promise<Told> {
    return this.raw(JSON.stringify({ jsonrpc: '2.0', id, method, ...(params && { params }) }));
  }

  /** The same in the modern era. */
  modern(method: string, params: object = {}, meta: object = {}): Promise<Told> {
    this.#lastId += 1;
    return this.raw(
      JSON.stringify({
        jsonrpc: '2.0',
        id: this.#lastId,
        method,
        params: { ...params, _meta: { ...MODERN_META, ...meta } },
      }),
    );
  }

  modernWith(
    method: string,
    params: object = {},
    meta: object = {},
  ): { told: Promise<Told>; reply: Reply; id: number } {
    this.#lastId += 1;
    const id = this.#lastId;
    const text = JSON.stringify({
      jsonrpc: '2.0',
      id,
      method,
      params: { ...params, _meta: { ...MODERN_META, ...meta } },
    });
    return { ...this.rawWith(text), id };
  }

  call(name: string, args: object = {}, more: object = {}): Promise<Told> {
    return this.request('tools/call', { name, arguments: args, ...more });
  }

  notify(method: string, params?: object): void {
    this.#receive(JSON.stringify({ jsonrpc: '2.0', method, ...(params && { params }) }), null);
  }

  answer(id: Message['id'], body: { result: object } | { error: object }): void {
    this.#receive(JSON.stringify({ jsonrpc: '2.0', id, ...body }), null);
  }

  /** Says hello as a legacy client; resolves with the answer. */
  async hello(capabilities: object = {}, protocolVersion = '2025-11-25'): Promise<Told> {
    const clientInfo = { name: 'scripted-client', version: '7', extra: [1] };
    const told = await this.request('initialize', { protocolVersion, capabilities, clientInfo });
    this.notify('notifications/initialized');
    return told;
  }

  /** The next message with this method that has not been taken yet. */
  async next(method: string): Promise<Message> {
    const earlier = this.told.find((message) => message.method === method && !this.#taken.has(message));
    if (earlier) {
      this.#taken.add(earlier);
      return earlier;
    }
    return await new Promise((resolve) =>
      this.#waiting.push({ matches: (message) => message.method === method, resolve }),
    );
  }

  heard(method: string): Message[] {
    return this.told.filter((message) => message.method === method);
  }
}

/** Lets everything that is under way without timers come to its end. */
export const settled = (): Promise<void> =>
  new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
