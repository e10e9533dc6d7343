import { declaredListChanges } from '../hub/frames/list-changes.ts';
import { readEnvelope } from '../hub/frames/read-envelope.ts';

/**
 * What the shim must know of a conversation to carry it over to a new server process when the hub is lost: the
 * handshake, to replay it, and the requests still unanswered, to fail them. Frames are looked at after they were
 * handed on.
 */
export class HandshakeMemory {
  #initialize: { id: string; line: Buffer } | null = null;
  #initialized: Buffer | null = null;
  #answered = false;
  #anyAnswer = false;
  #listChanged: string[] = [];
  /** Raw JSON ids of requests without an answer, with the frames of those that may be sent again. */
  #open = new Map<string, Buffer | null>();

  /** A client that sends more requests than this without an answer is broken; the oldest are forgotten. */
  static readonly MAX_OPEN = 10_000;

  fromClient(line: Buffer): void {
    const envelope = readEnvelope(line);
    if (!envelope) return;
    if (envelope.kind === 'request' && envelope.id !== null) {
      const isHandshake = envelope.method === 'initialize' || envelope.method === 'server/discover';
      if (envelope.method === 'initialize') this.#initialize = { id: envelope.id, line: Buffer.from(line) };
      this.#open.set(envelope.id, isHandshake ? Buffer.from(line) : null);
      if (this.#open.size > HandshakeMemory.MAX_OPEN) this.#open.delete(this.#open.keys().next().value!);
    } else if (envelope.method === 'notifications/initialized') {
      this.#initialized = Buffer.from(line);
    } else if (envelope.method === 'notifications/cancelled' && envelope.cancelsId !== null) {
      this.#open.delete(envelope.cancelsId);
    }
  }

  fromServer(line: Buffer): void {
    const envelope = readEnvelope(line);
    if (envelope?.kind !== 'response' || envelope.id === null) return;
    this.#open.delete(envelope.id);
    this.#anyAnswer = true;
    if (envelope.id === this.#initialize?.id && !this.#answered && envelope.error === null) {
      this.#answered = true;
      this.#listChanged = declaredListChanges(line);
    }
  }

  /** True once the server has answered anything: it did start. */
  get sawAnswer(): boolean {
    return this.#anyAnswer;
  }

  /** The handshake to send to a new server process, null when none was completed (or the era has none). */
  get replay(): { id: string; initialize: Buffer; initialized: Buffer | null } | null {
    if (!this.#answered || !this.#initialize) return null;
    return { id: this.#initialize.id, initialize: this.#initialize.line, initialized: this.#initialized };
  }

  /** `tools`, `prompts`, `resources`: whose lists the client was promised news about. */
  get listChanged(): readonly string[] {
    return this.#listChanged;
  }

  /**
   * The connection is lost. Returns the ids to answer with an error, and the handshake frames that never did
   * anything yet and are sent again.
   */
  takeOpen(): { failed: string[]; again: Buffer[] } {
    const failed: string[] = [];
    const again: Buffer[] = [];
    for (const [id, line] of this.#open) {
      if (line === null) failed.push(id);
      else again.push(line);
    }
    for (const id of failed) this.#open.delete(id);
    return { failed, again };
  }
}
