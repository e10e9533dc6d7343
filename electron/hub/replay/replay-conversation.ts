import type { Envelope, Era } from '../../../shared/json-rpc/envelope.ts';
import { PatchbayError } from '../../../shared/model/error.ts';
import { editFrame } from '../frames/edit-frame.ts';
import { changeMembers, insertMember } from '../frames/edit-members.ts';
import { readEnvelope } from '../frames/read-envelope.ts';
import {
  CLIENT_CAPABILITIES_KEY,
  CLIENT_INFO_KEY,
  PROTOCOL_VERSION_KEY,
} from '../routes/mux/eras/meta-keys.ts';
import type { Conversation, Endpoint, Mux } from '../routes/mux/mux.ts';
import { errorFrame, notificationFrame, RPC } from '../routes/mux/rpc-frames.ts';
import type { CallerIdentity } from '../servers/server-connection.ts';
import { LEGACY_VERSIONS, MODERN_VERSIONS } from '../sessions/protocol-versions.ts';

/** The answer to a request, whole. */
export interface ConversationAnswer {
  text: string;
  envelope: Envelope;
}

export interface ReplayConversationOptions {
  mux: Mux;
  endpoint: Endpoint;
  caller: CallerIdentity;
  version: string;
  /** The era of the recorded request; the mux speaks to the server in the server's own. */
  era: Era;
}

/** Ids that a recorded request cannot have: the log keeps them as they were. */
const HANDSHAKE_ID = '"patchbay-replay-handshake"';
const LIST_ID = '"patchbay-replay-list"';

/**
 * A conversation in which the hub is the client. It can do nothing for a server that asks back, and says so: whoever
 * started the replay is not there to be asked.
 */
export class ReplayConversation {
  readonly conversation: Conversation;
  readonly #clientInfo: { name: string; version: string };
  readonly #era: Era;
  #closing: Promise<void> | null = null;
  #over: () => void = () => {};
  /** Resolves when the conversation is closed, by whomever. */
  readonly over: Promise<void> = new Promise((resolve) => (this.#over = resolve));

  constructor({ mux, endpoint, caller, version, era }: ReplayConversationOptions) {
    this.#clientInfo = { name: caller.client, version };
    this.#era = era;
    this.conversation = mux.open({
      endpoint,
      caller,
      channel: { send: (frame) => this.#refuse(frame) },
      restored: null,
    });
  }

  /** Introduces itself, where the era has that. Throws SERVER_CANNOT_START with what the server said. */
  async begin(): Promise<void> {
    if (this.#era === 'modern') return;
    const params = JSON.stringify({
      protocolVersion: LEGACY_VERSIONS.at(-1),
      capabilities: {},
      clientInfo: this.#clientInfo,
    });
    const answer = await this.#send(HANDSHAKE_ID, 'initialize', params);
    if (!answer) return;
    const { error } = answer.envelope;
    if (error) throw new PatchbayError('SERVER_CANNOT_START', error.message);
    const initialized = notificationFrame('notifications/initialized');
    this.conversation.receive(initialized, readEnvelope(initialized)!, null, performance.now());
  }

  /** Null when the conversation was closed before an answer came. `id` is raw JSON, `params` JSON text. */
  ask(id: string, method: string, params: string | null): Promise<ConversationAnswer | null> {
    return this.#send(id, method, this.#era === 'modern' ? this.#withIdentity(params ?? '{}') : params);
  }

  /** Names of the list, as they are shown to this conversation. */
  async names(list: 'tools/list' | 'prompts/list'): Promise<ReadonlySet<string>> {
    const answer = await this.ask(LIST_ID, list, '{}');
    if (!answer || answer.envelope.error) return new Set();
    const { result } = JSON.parse(answer.text) as { result?: Record<string, { name?: unknown }[]> };
    const items = result?.[list === 'tools/list' ? 'tools' : 'prompts'] ?? [];
    return new Set(items.flatMap(({ name }) => (typeof name === 'string' ? [name] : [])));
  }

  /** Ends it, and the instance that was its own. Safe to call twice. */
  close(): Promise<void> {
    this.#over();
    return (this.#closing ??= this.conversation.close());
  }

  async #send(id: string, method: string, params: string | null): Promise<ConversationAnswer | null> {
    if (this.#closing) return null;
    const rest = params === null ? '' : `,"params":${params}`;
    const frame = Buffer.from(`{"jsonrpc":"2.0","id":${id},"method":${JSON.stringify(method)}${rest}}`);
    const envelope = readEnvelope(frame);
    if (!envelope) throw new PatchbayError('REPLAY_IMPOSSIBLE', 'The hub passes no such request on.');
    const answered = new Promise<ConversationAnswer>((resolve) => {
      const reply = {
        send: (between: Buffer) => this.#refuse(between),
        answer: (answer: Buffer) => {
          const read = readEnvelope(answer);
          if (read) resolve({ text: answer.toString('utf8'), envelope: read });
        },
      };
      this.conversation.receive(frame, envelope, reply, performance.now());
    });
    return await Promise.race([answered, this.over.then(() => null)]);
  }

  /** Questions of the server get an answer at once; everything else it sends is in the log. */
  #refuse(frame: Buffer): void {
    const envelope = readEnvelope(frame);
    if (envelope?.kind !== 'request') return;
    const message = 'This conversation sends a recorded request again: nobody is there to be asked.';
    const answer = errorFrame(envelope.id, { code: RPC.methodNotFound, message });
    this.conversation.receive(answer, readEnvelope(answer)!, null, performance.now());
  }

  /** What every modern request says of its sender: ourselves, not whom the recorded one came from. */
  #withIdentity(params: string): string {
    const identity: Readonly<Record<string, string>> = {
      [PROTOCOL_VERSION_KEY]: JSON.stringify(MODERN_VERSIONS[0]),
      [CLIENT_CAPABILITIES_KEY]: '{}',
      [CLIENT_INFO_KEY]: JSON.stringify(this.#clientInfo),
    };
    const frame = Buffer.from(`{"jsonrpc":"2.0","id":1,"method":"m","params":${params}}`);
    const ranges = readEnvelope(frame)?.ranges;
    if (!ranges) throw new PatchbayError('REPLAY_IMPOSSIBLE', 'The hub passes no such params on.');
    const meta = Object.entries(identity).map(([key, json]) => `${JSON.stringify(key)}:${json}`);
    const edits =
      ranges.meta === 0
        ? [insertMember(frame, ranges.params, '_meta', `{${meta.join(',')}}`)]
        : changeMembers(frame, ranges.meta, identity);
    const edited = editFrame(frame, edits);
    const read = readEnvelope(edited)!.ranges;
    return edited.toString('utf8', read.params, read.paramsEnd);
  }
}
