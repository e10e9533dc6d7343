import type { Envelope } from '../../../shared/json-rpc/envelope.ts';
import type { Direction, Exchange, Outcome } from '../../../shared/model/exchange.ts';
import type { HubSettings } from '../../../shared/model/settings.ts';
import type { ExchangeQueue } from './exchange-queue.ts';
import { ExchangeRecord, type Origin } from './exchange-record.ts';
import { cleanText, createLabels } from './record-label.ts';
import type { TappedSession } from './tap.ts';

const MAX_METHOD = 256;
const MAX_TOOL = 1_024;
const MAX_MESSAGE = 2_048;

/** Requests of one session without an answer; beyond that the oldest is given up. */
export const MAX_OPEN = 10_000;

/** Methods whose target is shown as the tool. */
const TARGETED: ReadonlySet<string> = new Set(['tools/call', 'prompts/get', 'resources/read']);

/** Frames that became no row. */
export interface IgnoredFrames {
  /** Lines that are no JSON-RPC message: text between messages, broken or ambiguous JSON. */
  notMessages: number;
  /** Answers nobody waited for: unknown id, given twice, after a cancellation, without id. */
  strayAnswers: number;
}

export interface RecordingOptions {
  queue: ExchangeQueue;
  settings(): HubSettings;
  /** Epoch milliseconds. */
  now(): number;
  /** A client's call to an instance has begun (1) or is over (-1). */
  onCall(instanceId: string, change: 1 | -1): void;
  /** A request has got its outcome. */
  onFinished(record: ExchangeRecord): void;
}

/** A frame with its times, `performance.now()`. */
export interface TimedFrame {
  bytes: Buffer;
  /** Length on the wire, of a frame that was too long to keep. */
  size?: number;
  receivedAt: number;
  forwardedAt: number;
  queuedMs?: number;
}

/** What is done with exchanges whichever route they take: begun, captured, finished. One for the whole hub. */
export class Recording {
  readonly ignored: IgnoredFrames = { notMessages: 0, strayAnswers: 0 };
  readonly #options: RecordingOptions;
  readonly #label = createLabels();

  constructor(options: RecordingOptions) {
    this.#options = options;
  }

  /** A request has passed; it is pending now. */
  request(origin: Origin, direction: Direction, envelope: Envelope, frame: TimedFrame): ExchangeRecord {
    const record = new ExchangeRecord(origin, direction, 'request');
    record.receivedAt = frame.receivedAt;
    record.forwardedAt = frame.forwardedAt;
    if (frame.queuedMs !== undefined) record.queueUs = micros(frame.queuedMs);
    this.#begin(record, envelope, frame);
    if (direction === 'client-to-server') this.#options.onCall(origin.instanceId, 1);
    return record;
  }

  notification(origin: Origin, direction: Direction, envelope: Envelope, frame: TimedFrame): void {
    const record = new ExchangeRecord(origin, direction, 'notification');
    record.outcome = 'ok';
    this.#begin(record, envelope, frame);
  }

  answered(record: ExchangeRecord, envelope: Envelope, frame: TimedFrame): void {
    const { bytes, receivedAt, forwardedAt } = frame;
    const inUs = micros(record.forwardedAt - record.receivedAt);
    record.queueUs = Math.min(record.queueUs, inUs);
    record.hubInUs = inUs - record.queueUs;
    record.serverUs = micros(receivedAt - record.forwardedAt);
    record.hubOutUs = micros(forwardedAt - receivedAt);
    record.durationUs = micros(forwardedAt - record.receivedAt);
    record.responseSize = bytes.length;
    this.#finish(record, this.#outcomeOf(record, envelope));
    this.#capture(record, 'response', bytes);
    this.#options.queue.settle();
  }

  /** Answered by a frame that was too long to keep; `envelope` is what could be read of it. */
  answeredOversized(record: ExchangeRecord, bytes: number, envelope: Envelope | null = null): void {
    record.responseSize = bytes;
    this.#end(record, envelope ? this.#outcomeOf(record, envelope) : 'ok');
  }

  cancelled(record: ExchangeRecord): void {
    this.#end(record, 'cancelled');
  }

  lost(record: ExchangeRecord): void {
    this.#finish(record, 'lost');
    this.#options.queue.settle();
  }

  #begin(record: ExchangeRecord, envelope: Envelope, { bytes, size }: TimedFrame): void {
    const { queue, settings, now } = this.#options;
    const { id, target } = envelope;
    // When it came, not when its turn came.
    record.at = now() - Math.floor(record.queueUs / 1_000);
    record.method = this.#label(envelope.method ?? '', MAX_METHOD);
    if (target !== null && TARGETED.has(record.method)) record.tool = this.#label(target, MAX_TOOL);
    if (id !== null) record.rpcId = shownId(id);
    record.requestBytes = size ?? bytes.length;
    record.isKept = settings().recordTraffic;
    if (!record.isKept) return;
    queue.changed(record);
    this.#capture(record, 'request', bytes);
    queue.settle();
  }

  /** Notes the error as well, where there is one. */
  #outcomeOf(record: ExchangeRecord, { error, isToolError }: Envelope): Outcome {
    if (!error) return isToolError ? 'tool-error' : 'ok';
    record.errorCode = error.code;
    record.errorMessage = cleanText(error.message, MAX_MESSAGE);
    return 'error';
  }

  #end(record: ExchangeRecord, outcome: Outcome): void {
    record.durationUs = micros(performance.now() - record.receivedAt);
    this.#finish(record, outcome);
    this.#options.queue.settle();
  }

  #finish(record: ExchangeRecord, outcome: Outcome): void {
    record.outcome = outcome;
    if (record.isKept) this.#options.queue.changed(record);
    this.#options.onFinished(record);
    if (record.direction === 'client-to-server') this.#options.onCall(record.origin.instanceId, -1);
  }

  #capture(record: ExchangeRecord, part: 'request' | 'response', bytes: Buffer): void {
    const { queue, settings } = this.#options;
    const { recordTraffic, captureBodies, captureLimitBytes } = settings();
    if (record.isKept && recordTraffic && captureBodies && captureLimitBytes > 0)
      queue.capture(record, part, bytes, captureLimitBytes);
  }
}

/** Names of a session as they may be shown: NUL would cut them in the store. */
export function originOf(session: TappedSession): Origin {
  const { sessionId, client, project, server, instanceId } = session;
  const name = (text: string): string => text.replaceAll('\0', '\u2400');
  return {
    sessionId,
    client: name(client),
    project: project === null ? null : name(project),
    server: name(server),
    instanceId,
  };
}

export const opposite = (direction: Exchange['direction']): Direction =>
  direction === 'client-to-server' ? 'server-to-client' : 'client-to-server';

/** Ids are numbers or short strings; one that is long enough may hold a secret. */
const shownId = (id: string): string => (id.length < 16 ? id : cleanText(id, 256));

/** Whole microseconds, which is what the clock can tell; never negative. */
const micros = (ms: number): number => (ms > 0 ? Math.round(ms * 1_000) : 0);
