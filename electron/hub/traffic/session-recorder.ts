import type { Envelope } from '../../../shared/json-rpc/envelope.ts';
import type { Direction } from '../../../shared/model/exchange.ts';
import { readCutEnvelope, skimEnvelope } from '../frames/skim-envelope.ts';
import type { ExchangeRecord, Origin } from './exchange-record.ts';
import { MAX_OPEN, opposite, originOf, type Recording, type TimedFrame } from './recording.ts';
import type { SessionTap, TappedSession } from './tap.ts';

const NOTHING = Buffer.alloc(0);

/**
 * Makes exchanges of the frames of a pipe: pairs each request with its response by the exact text of its id, per
 * direction. It only observes; nothing a frame holds can make it throw or grow without bound.
 */
export class SessionRecorder implements SessionTap {
  readonly #recording: Recording;
  readonly #origin: Origin;
  /** Open requests by id, the oldest first; made when there is one, since most sessions are quiet. */
  #fromClient: Map<string, ExchangeRecord> | null = null;
  #fromServer: Map<string, ExchangeRecord> | null = null;
  #isClosed = false;

  constructor(session: TappedSession, recording: Recording) {
    this.#recording = recording;
    this.#origin = originOf(session);
  }

  frame(direction: Direction, bytes: Buffer, receivedAt: number, forwardedAt: number): void {
    if (this.#isClosed) return;
    try {
      this.#observe(direction, { bytes, receivedAt, forwardedAt });
    } catch {
      // The route calls this between two chunks of somebody's traffic: a mistake here must never end that.
      this.#recording.ignored.notMessages += 1;
    }
  }

  oversized(direction: Direction, bytes: number, edges?: Buffer): void {
    if (this.#isClosed) return;
    try {
      const envelope = edges ? readCutEnvelope(edges) : null;
      if (envelope && envelope.kind !== 'response') {
        const now = performance.now();
        const frame = { bytes: NOTHING, size: bytes, receivedAt: now, forwardedAt: now };
        if (envelope.kind === 'request') this.#request(direction, envelope, frame);
        else this.#notification(direction, envelope, frame);
      } else if (!this.#answerOversized(direction, envelope, bytes)) {
        this.#recording.ignored.notMessages += 1;
      }
    } catch {
      this.#recording.ignored.notMessages += 1;
    }
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const open of [this.#fromClient, this.#fromServer]) {
      for (const record of open?.values() ?? []) this.#recording.lost(record);
    }
    this.#fromClient = null;
    this.#fromServer = null;
  }

  #answerOversized(direction: Direction, envelope: Envelope | null, bytes: number): boolean {
    const open = this.#openFrom(opposite(direction));
    if (!open) return false;
    const id = envelope?.id ?? null;
    const named = id === null ? null : openKey(id);
    // So large a frame is a result; with one call waiting it can only be that one's.
    const key = named ?? (open.size === 1 ? open.keys().next().value! : null);
    const record = key === null ? undefined : open.get(key);
    if (key === null || !record) return false;
    open.delete(key);
    this.#recording.answeredOversized(record, bytes, envelope);
    return true;
  }

  #observe(direction: Direction, frame: TimedFrame): void {
    const envelope = skimEnvelope(frame.bytes);
    if (!envelope) this.#recording.ignored.notMessages += 1;
    else if (envelope.kind === 'request') this.#request(direction, envelope, frame);
    else if (envelope.kind === 'response') this.#response(direction, envelope, frame);
    else this.#notification(direction, envelope, frame);
  }

  #request(direction: Direction, envelope: Envelope, frame: TimedFrame): void {
    const record = this.#recording.request(this.#origin, direction, envelope, frame);
    const open = this.#openFrom(direction) ?? this.#openAny(direction);
    const key = openKey(envelope.id!);
    // The same id again while the first is unanswered: the next answer belongs to the newer one (C04).
    this.#giveUp(open, key);
    open.set(key, record);
    if (open.size > MAX_OPEN) this.#giveUp(open, open.keys().next().value!);
  }

  #response(direction: Direction, envelope: Envelope, frame: TimedFrame): void {
    const open = this.#openFrom(opposite(direction));
    const key = envelope.id === null ? null : openKey(envelope.id);
    const record = key === null ? undefined : open?.get(key);
    if (!open || key === null || !record) {
      this.#recording.ignored.strayAnswers += 1;
      return;
    }
    open.delete(key);
    this.#recording.answered(record, envelope, frame);
  }

  #notification(direction: Direction, envelope: Envelope, frame: TimedFrame): void {
    this.#recording.notification(this.#origin, direction, envelope, frame);
    if (envelope.method !== 'notifications/cancelled' || envelope.cancelsId === null) return;
    const open = this.#openFrom(direction);
    const key = openKey(envelope.cancelsId);
    const cancelled = open?.get(key);
    if (!cancelled) return;
    open?.delete(key);
    this.#recording.cancelled(cancelled);
  }

  #openFrom(direction: Direction): Map<string, ExchangeRecord> | null {
    return direction === 'client-to-server' ? this.#fromClient : this.#fromServer;
  }

  #openAny(direction: Direction): Map<string, ExchangeRecord> {
    const open = new Map<string, ExchangeRecord>();
    if (direction === 'client-to-server') this.#fromClient = open;
    else this.#fromServer = open;
    return open;
  }

  #giveUp(open: Map<string, ExchangeRecord>, key: string): void {
    const record = open.get(key);
    if (!record) return;
    open.delete(key);
    this.#recording.lost(record);
  }
}

/** "a" and "\u0061" are one id: an answer may spell it otherwise. Numbers are compared as they are written. */
const openKey = (id: string): string => (id.includes('\\') ? JSON.stringify(JSON.parse(id)) : id);
