import type { Direction } from '../../../shared/model/exchange.ts';
import type { ExchangeRecord, Origin } from './exchange-record.ts';
import { NO_CALL } from './no-tap.ts';
import { MAX_OPEN, originOf, type Recording } from './recording.ts';
import type { CallTap, TappedCall, TappedFrame, TappedSession } from './tap.ts';

/** Makes exchanges of calls that a mux has paired already: no id is looked up and no frame is read again. */
export class CallRecorder implements CallTap {
  readonly #recording: Recording;
  readonly #origin: Origin;
  /** The oldest first; made when there is one, since most conversations are quiet. */
  #open: Set<OpenCall> | null = null;
  #isClosed = false;

  constructor(session: TappedSession, recording: Recording) {
    this.#recording = recording;
    this.#origin = originOf(session);
  }

  request(direction: Direction, frame: TappedFrame): TappedCall {
    if (this.#isClosed) return NO_CALL;
    const record = this.#recording.request(this.#origin, direction, frame.envelope, frame);
    const call = new OpenCall(this, this.#recording, record);
    this.#open ??= new Set();
    this.#open.add(call);
    if (this.#open.size > MAX_OPEN) this.#open.values().next().value!.lost();
    return call;
  }

  notification(direction: Direction, frame: TappedFrame): void {
    if (this.#isClosed) return;
    this.#recording.notification(this.#origin, direction, frame.envelope, frame);
  }

  close(): void {
    this.#isClosed = true;
    for (const call of this.#open ?? []) call.lost();
    this.#open = null;
  }

  over(call: OpenCall): void {
    this.#open?.delete(call);
  }
}

class OpenCall implements TappedCall {
  readonly #calls: CallRecorder;
  readonly #recording: Recording;
  /** Null when it is over. */
  #record: ExchangeRecord | null;

  constructor(calls: CallRecorder, recording: Recording, record: ExchangeRecord) {
    this.#calls = calls;
    this.#recording = recording;
    this.#record = record;
  }

  answered(frame: TappedFrame): void {
    const record = this.#take();
    if (record) this.#recording.answered(record, frame.envelope, frame);
  }

  answeredOversized(bytes: number): void {
    const record = this.#take();
    if (record) this.#recording.answeredOversized(record, bytes);
  }

  cancelled(): void {
    const record = this.#take();
    if (record) this.#recording.cancelled(record);
  }

  lost(): void {
    const record = this.#take();
    if (record) this.#recording.lost(record);
  }

  #take(): ExchangeRecord | null {
    const record = this.#record;
    this.#record = null;
    if (record) this.#calls.over(this);
    return record;
  }
}
