import type { Envelope } from '../../shared/json-rpc/envelope.ts';
import { editFrame } from '../hub/frames/edit-frame.ts';
import { declaredListChanges, listChangedFrame } from '../hub/frames/list-changes.ts';
import { readEnvelope } from '../hub/frames/read-envelope.ts';
import { readCutEnvelope, skimEnvelope } from '../hub/frames/skim-envelope.ts';
import { subscribedListChanges } from './listen-frames.ts';

/** Requests that do nothing but open something: on a new server they are simply sent again. */
const REPEATABLE: ReadonlySet<string> = new Set(['initialize', 'server/discover', 'subscriptions/listen']);
/** Requests that leave something behind in a server, which a new one must be told. */
const LASTING: ReadonlySet<string> = new Set([
  'logging/setLevel',
  'resources/subscribe',
  'resources/unsubscribe',
]);

/** Requests, in either direction, without an answer; the oldest are forgotten. */
const MAX_OPEN = 10_000;
const MAX_SUBSCRIPTIONS = 1_000;

interface OpenRequest {
  method: string;
  /** The frame, kept for what may be sent again. */
  line: Buffer | null;
}

/** What a new server is told before the client goes on with it. */
export interface Replay {
  /** Raw JSON id of `initialize`, whose answer the client has had already. */
  id: string;
  initialize: Buffer;
  initialized: Buffer | null;
  /** Log level and subscriptions under ids of our own; their answers are nobody's. */
  lasting: { id: string; line: Buffer }[];
}

/**
 * What the shim must know of a conversation to carry it over to a new server process when the hub is lost: the
 * handshake and what the client has set since, to replay them; the requests still unanswered on both sides. Frames
 * are looked at after they were handed on. In the modern era there is no handshake: what is open says it all.
 */
export class HandshakeMemory {
  #initialize: { id: string; line: Buffer } | null = null;
  #initialized: Buffer | null = null;
  #answered = false;
  #anyAnswer = false;
  #declared: string[] = [];
  /** Requests of the client by raw JSON id. */
  readonly #open = new Map<string, OpenRequest>();
  /** Raw JSON ids of requests of the server. */
  readonly #asked = new Set<string>();
  #level: Buffer | null = null;
  /** By URI, the frames that subscribed. */
  readonly #subscriptions = new Map<string, Buffer>();

  fromClient(line: Buffer): void {
    const envelope = skimEnvelope(line);
    if (!envelope) return;
    const { kind, id, method } = envelope;
    if (kind === 'response') {
      if (id !== null) this.#asked.delete(id);
    } else if (kind === 'request') {
      if (method === 'initialize') this.#initialize = { id: id!, line: Buffer.from(line) };
      const isKept = REPEATABLE.has(method!) || LASTING.has(method!);
      this.#open.set(id!, { method: method!, line: isKept ? Buffer.from(line) : null });
      if (this.#open.size > MAX_OPEN) this.#open.delete(this.#open.keys().next().value!);
    } else if (method === 'notifications/initialized') {
      this.#initialized = Buffer.from(line);
    } else if (method === 'notifications/cancelled' && envelope.cancelsId !== null) {
      this.#open.delete(envelope.cancelsId);
    }
  }

  fromServer(line: Buffer): void {
    const envelope = skimEnvelope(line);
    if (envelope) this.#fromServer(envelope, line);
  }

  /** A line of the server of which only both ends are known: what `splitLines` leaves of one that is too long. */
  fromServerCut(edges: Buffer): void {
    const envelope = readCutEnvelope(edges);
    if (envelope) this.#fromServer(envelope, null);
  }

  #fromServer(envelope: Envelope, line: Buffer | null): void {
    const { kind, id, method } = envelope;
    if (kind === 'request') {
      this.#asked.add(id!);
      if (this.#asked.size > MAX_OPEN) this.#asked.delete(this.#asked.values().next().value!);
    } else if (method === 'notifications/cancelled' && envelope.cancelsId !== null) {
      this.#asked.delete(envelope.cancelsId);
    }
    if (kind !== 'response' || id === null) return;
    this.#anyAnswer = true;
    const request = this.#open.get(id);
    this.#open.delete(id);
    if (envelope.error !== null) return;
    if (request?.line && LASTING.has(request.method)) this.#keep(request.method, request.line);
    if (id === this.#initialize?.id && !this.#answered) {
      this.#answered = true;
      this.#declared = line === null ? [] : declaredListChanges(line);
    }
  }

  #keep(method: string, line: Buffer): void {
    if (method === 'logging/setLevel') {
      this.#level = line;
      return;
    }
    const uri = readEnvelope(line)?.target;
    if (uri === null || uri === undefined) return;
    this.#subscriptions.delete(uri);
    if (method === 'resources/unsubscribe') return;
    this.#subscriptions.set(uri, line);
    if (this.#subscriptions.size > MAX_SUBSCRIPTIONS) {
      this.#subscriptions.delete(this.#subscriptions.keys().next().value!);
    }
  }

  /** True once the server has answered anything: it did start. */
  get sawAnswer(): boolean {
    return this.#anyAnswer;
  }

  /** The handshake to send to a new server process, null when none was completed (or the era has none). */
  get replay(): Replay | null {
    if (!this.#answered || !this.#initialize) return null;
    const lines = [...(this.#level ? [this.#level] : []), ...this.#subscriptions.values()];
    return {
      id: this.#initialize.id,
      initialize: this.#initialize.line,
      initialized: this.#initialized,
      lasting: lines.map(withOwnId),
    };
  }

  /** News that the client was promised and may have missed: every list may be another one on a new server. */
  listChangedFrames(): Buffer[] {
    const frames = this.#declared.map((kind) => listChangedFrame(kind));
    for (const [id, { method, line }] of this.#open) {
      if (method === 'subscriptions/listen' && line) frames.push(...subscribedListChanges(id, line));
    }
    return frames;
  }

  /**
   * The connection is lost. Returns the ids to answer with an error, and the frames of open requests that have done
   * nothing and are sent again.
   */
  takeOpen(): { failed: string[]; again: Buffer[] } {
    const failed: string[] = [];
    const again: Buffer[] = [];
    for (const [id, { method, line }] of this.#open) {
      if (line !== null && REPEATABLE.has(method)) again.push(line);
      else failed.push(id);
    }
    for (const id of failed) this.#open.delete(id);
    return { failed, again };
  }

  /** Raw JSON ids of what the lost server had asked the client and was not answered. */
  takeAsked(): string[] {
    const ids = [...this.#asked];
    this.#asked.clear();
    return ids;
  }
}

function withOwnId(line: Buffer, index: number): { id: string; line: Buffer } {
  const id = `"patchbay-replay-${index}"`;
  const { ranges } = readEnvelope(line)!;
  return { id, line: editFrame(line, [{ start: ranges.id, end: ranges.idEnd, with: id }]) };
}
