import type { Direction, Exchange, Outcome } from '../../../shared/model/exchange.ts';
import type { Envelope } from '../../../shared/json-rpc/envelope.ts';
import type { HubSettings } from '../../../shared/model/settings.ts';
import { readEnvelope } from '../frames/read-envelope.ts';
import type { ExchangeQueue, LiveExchange } from './exchange-queue.ts';
import { cleanText, createLabels } from './record-label.ts';
import type { SessionTap, Tap, TappedSession } from './tap.ts';

/** Requests of one session without an answer; beyond that the oldest is given up. */
const MAX_OPEN = 10_000;
const MAX_METHOD = 256;
const MAX_TOOL = 1_024;
const MAX_MESSAGE = 2_048;

/** Methods whose target is shown as the tool. */
const TARGETED: ReadonlySet<string> = new Set(['tools/call', 'prompts/get', 'resources/read']);

/** Frames that became no row. */
export interface IgnoredFrames {
  /** Lines that are no JSON-RPC message: text between messages, broken or ambiguous JSON. */
  notMessages: number;
  /** Answers nobody waited for: unknown id, given twice, after a cancellation, without id. */
  strayAnswers: number;
}

export interface RecorderOptions {
  queue: ExchangeQueue;
  settings(): HubSettings;
  /** Epoch milliseconds. */
  now(): number;
  /** A request has got its outcome. */
  onFinished(exchange: Exchange): void;
}

interface OpenRequest {
  record: LiveExchange;
  receivedAt: number;
  forwardedAt: number;
}

export interface Recorder extends Tap {
  readonly ignored: Readonly<IgnoredFrames>;
}

/**
 * Makes exchanges of tapped frames: pairs each request with its response by the exact text of its id, per session and
 * direction. It only observes; nothing a frame holds can make it throw or grow without bound.
 */
export function createRecorder(options: RecorderOptions): Recorder {
  const ignored: IgnoredFrames = { notMessages: 0, strayAnswers: 0 };
  const label = createLabels();
  return {
    ignored,
    openSession: (session) => new SessionRecorder(session, { ...options, ignored, label }),
  };
}

interface SessionContext extends RecorderOptions {
  ignored: IgnoredFrames;
  label(text: string, maxLength: number): string;
}

class SessionRecorder implements SessionTap {
  readonly #context: SessionContext;
  readonly #session: TappedSession;
  /** By direction and id; the oldest first. */
  readonly #open = new Map<string, OpenRequest>();
  #isClosed = false;

  constructor(session: TappedSession, context: SessionContext) {
    this.#context = context;
    const name = (text: string): string => text.replaceAll('\0', '\u2400');
    this.#session = {
      ...session,
      client: name(session.client),
      server: name(session.server),
      project: session.project === null ? null : name(session.project),
    };
  }

  frame(direction: Direction, bytes: Buffer, receivedAt: number, forwardedAt: number): void {
    if (this.#isClosed) return;
    try {
      this.#observe(direction, { bytes, receivedAt, forwardedAt });
    } catch {
      // The route calls this between two chunks of somebody's traffic: a mistake here must never end that.
      this.#context.ignored.notMessages += 1;
    }
  }

  oversized(direction: Direction, bytes: number): void {
    if (this.#isClosed) return;
    const { ignored } = this.#context;
    // So large a frame is a result; with one call waiting it can only be that one's.
    const waiting = [...this.#open].filter(([, { record }]) => record.exchange.direction !== direction);
    const [only] = waiting;
    if (!only || waiting.length > 1) {
      ignored.notMessages += 1;
      return;
    }
    const [key, { record, receivedAt }] = only;
    this.#open.delete(key);
    record.exchange.responseBytes = bytes;
    record.exchange.durationMs = round(performance.now() - receivedAt);
    this.#finish(record, 'ok');
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const { record } of this.#open.values()) this.#finish(record, 'lost');
    this.#open.clear();
  }

  #observe(direction: Direction, frame: Frame): void {
    const envelope = readEnvelope(frame.bytes);
    if (!envelope) this.#context.ignored.notMessages += 1;
    else if (envelope.kind === 'request') this.#request(direction, envelope, frame);
    else if (envelope.kind === 'response') this.#response(direction, envelope, frame);
    else this.#notification(direction, envelope, frame.bytes);
  }

  #request(direction: Direction, envelope: Envelope, frame: Frame): void {
    const { bytes, receivedAt, forwardedAt } = frame;
    const record = this.#row(direction, envelope, bytes.length);
    const key = openKey(direction, envelope.id!);
    // The same id again while the first is unanswered: the next answer belongs to the newer one (C04).
    this.#giveUp(key);
    this.#open.set(key, { record, receivedAt, forwardedAt });
    if (this.#open.size > MAX_OPEN) this.#giveUp(this.#open.keys().next().value!);
    this.#save(record, 'request', bytes);
  }

  #response(direction: Direction, envelope: Envelope, frame: Frame): void {
    const { ignored } = this.#context;
    const key = envelope.id === null ? null : openKey(opposite(direction), envelope.id);
    const open = key === null ? undefined : this.#open.get(key);
    if (key === null || !open) {
      ignored.strayAnswers += 1;
      return;
    }
    this.#open.delete(key);
    const { record } = open;
    const { exchange } = record;
    const { bytes, receivedAt, forwardedAt } = frame;
    const hubInMs = span(open.receivedAt, open.forwardedAt);
    const serverMs = span(open.forwardedAt, receivedAt);
    const hubOutMs = span(receivedAt, forwardedAt);
    record.phases = { hubInMs, serverMs, hubOutMs };
    exchange.durationMs = span(open.receivedAt, forwardedAt);
    exchange.hubMs = round(hubInMs + hubOutMs);
    exchange.responseBytes = bytes.length;
    if (envelope.error) {
      exchange.errorCode = envelope.error.code;
      exchange.errorMessage = cleanText(envelope.error.message, MAX_MESSAGE);
    }
    this.#finish(record, envelope.error ? 'error' : envelope.isToolError ? 'tool-error' : 'ok');
    this.#capture(record, 'response', bytes);
  }

  #notification(direction: Direction, envelope: Envelope, bytes: Buffer): void {
    const record = this.#row(direction, envelope, bytes.length);
    record.exchange.outcome = 'ok';
    this.#save(record, 'request', bytes);
    if (envelope.method !== 'notifications/cancelled' || envelope.cancelsId === null) return;
    const key = openKey(direction, envelope.cancelsId);
    const cancelled = this.#open.get(key);
    if (!cancelled) return;
    this.#open.delete(key);
    cancelled.record.exchange.durationMs = round(performance.now() - cancelled.receivedAt);
    this.#finish(cancelled.record, 'cancelled');
  }

  #row(direction: Direction, envelope: Envelope, requestBytes: number): LiveExchange {
    const { label, now } = this.#context;
    const { sessionId, client, project, server, instanceId } = this.#session;
    const method = label(envelope.method ?? '', MAX_METHOD);
    const hasTool = envelope.target !== null && TARGETED.has(method);
    return {
      exchange: {
        id: 0,
        at: now(),
        sessionId,
        client,
        project,
        server,
        instanceId,
        direction,
        kind: envelope.kind === 'request' ? 'request' : 'notification',
        method,
        tool: hasTool ? label(envelope.target!, MAX_TOOL) : null,
        rpcId: envelope.id === null ? null : shownId(envelope.id),
        outcome: 'pending',
        errorCode: null,
        errorMessage: null,
        requestBytes,
        responseBytes: null,
        durationMs: null,
        hubMs: null,
      },
      phases: null,
      isQueued: false,
    };
  }

  #giveUp(key: string): void {
    const open = this.#open.get(key);
    if (!open) return;
    this.#open.delete(key);
    this.#finish(open.record, 'lost');
  }

  #finish(record: LiveExchange, outcome: Outcome): void {
    record.exchange.outcome = outcome;
    this.#context.queue.changed(record);
    this.#context.onFinished(record.exchange);
  }

  #save(record: LiveExchange, part: 'request', bytes: Buffer): void {
    this.#context.queue.changed(record);
    this.#capture(record, part, bytes);
  }

  #capture(record: LiveExchange, part: 'request' | 'response', bytes: Buffer): void {
    const { captureBodies, captureLimitBytes } = this.#context.settings();
    if (captureBodies && captureLimitBytes > 0)
      this.#context.queue.capture(record, part, bytes, captureLimitBytes);
  }
}

interface Frame {
  bytes: Buffer;
  receivedAt: number;
  forwardedAt: number;
}

const opposite = (direction: Direction): Direction =>
  direction === 'client-to-server' ? 'server-to-client' : 'client-to-server';

/** "a" and "\u0061" are one id: an answer may spell it otherwise. Numbers are compared as they are written. */
function openKey(direction: Direction, id: string): string {
  const spelled = id.includes('\\') ? JSON.stringify(JSON.parse(id)) : id;
  return direction === 'client-to-server' ? `c${spelled}` : `s${spelled}`;
}

/** Ids are numbers or short strings; one that is long enough may hold a secret. */
const shownId = (id: string): string => (id.length < 16 ? id : cleanText(id, 256));

const span = (from: number, to: number): number => round(Math.max(0, to - from));

/** Microseconds are what the clock can tell. */
const round = (ms: number): number => Math.round(ms * 1_000) / 1_000;
