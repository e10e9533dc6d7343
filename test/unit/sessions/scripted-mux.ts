import type { Envelope } from '../../../shared/json-rpc/envelope.ts';
import type {
  Channel,
  Conversation,
  ConversationOptions,
  ConversationRecord,
  Mux,
  Reply,
} from '../../../electron/hub/routes/mux/mux.ts';

/** One frame as a transport handed it over. */
export interface Said {
  frame: Buffer;
  envelope: Envelope;
  reply: Reply | null;
  /** Answers with this result, as JSON text. */
  answer(result: string): void;
}

/** What a transport did to one conversation. */
export interface ScriptedConversation {
  readonly options: ConversationOptions;
  readonly said: Said[];
  readonly abandoned: Reply[];
  isClosed: boolean;
  readonly channel: Channel;
  /** Resolves with the first message, past or future, of this method (or this kind, without one). */
  heard(method: string): Promise<Said>;
}

export interface ScriptedMux {
  readonly mux: Mux;
  readonly conversations: ScriptedConversation[];
  /** Resolves with the n-th conversation. */
  conversation(index: number): Promise<ScriptedConversation>;
}

/** Parameter headers that the tool `headed` asks for. */
const PARAMETER_HEADERS = new Map([['Mcp-Param-Region', ['where', 'region']]]);

/**
 * A mux without servers: it shakes hands (not with a client that has the name `refuse`), answers `echo` with its own frame, and leaves every other request to the
 * test. It stands for the interface that transports are written against; the real one has tests of its own.
 */
export function scriptedMux(): ScriptedMux {
  const conversations: ScriptedConversation[] = [];
  const waiting = new Set<() => void>();
  const wake = (): void => {
    for (const look of waiting) look();
  };
  const until = <T>(find: () => T | undefined): Promise<T> =>
    new Promise((resolve) => {
      const look = (): void => {
        const found = find();
        if (found === undefined) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });

  const open = (options: ConversationOptions): Conversation => {
    let record: ConversationRecord | null = options.restored;
    let changed = (): void => {};
    const scripted: ScriptedConversation = {
      options,
      said: [],
      abandoned: [],
      isClosed: false,
      channel: options.channel!,
      heard: (method) =>
        until(() => scripted.said.find((said) => (said.envelope.method ?? said.envelope.kind) === method)),
    };
    conversations.push(scripted);
    wake();
    return {
      get era() {
        return record ? 'legacy' : null;
      },
      receive(frame, envelope, reply) {
        const said: Said = {
          frame: Buffer.from(frame),
          envelope,
          reply,
          answer: (result) =>
            reply!.answer(Buffer.from(`{"jsonrpc":"2.0","id":${envelope.id},"result":${result}}`)),
        };
        scripted.said.push(said);
        if (envelope.method === 'initialize' && frame.includes('"refuse"')) {
          const error = '{"code":-32000,"message":"It cannot start."}';
          reply!.answer(Buffer.from(`{"jsonrpc":"2.0","id":${envelope.id},"error":${error}}`));
        } else if (envelope.method === 'initialize') {
          record = {
            initialize: frame.toString('utf8'),
            initialized: false,
            logLevel: null,
            subscriptions: [],
          };
          said.answer('{"protocolVersion":"x"}');
        } else if (envelope.method === 'notifications/initialized') {
          if (record) record = { ...record, initialized: true };
          changed();
        } else if (envelope.method === 'echo') said.answer(JSON.stringify(frame.toString('utf8')));
        wake();
      },
      abandoned(reply) {
        scripted.abandoned.push(reply);
        wake();
      },
      record: () => record,
      onRecordChanged: (listener) => (changed = listener),
      close() {
        scripted.isClosed = true;
        wake();
        return Promise.resolve();
      },
    };
  };

  return {
    conversations,
    conversation: (index) => until(() => conversations[index]),
    mux: {
      open,
      parameterHeaders: (_endpoint, tool) => (tool === 'headed' ? PARAMETER_HEADERS : null),
      serversChanged() {},
      toolsReleased() {},
      restart: () => Promise.resolve(),
      ask: () => Promise.reject(new Error('not scripted')),
      upstreams: () => [],
      close: () => Promise.resolve(),
    },
  };
}
