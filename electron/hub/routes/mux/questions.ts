import type { Envelope } from '../../../../shared/json-rpc/envelope.ts';
import { editFrame } from '../../frames/edit-frame.ts';
import type { TappedCall } from '../../traffic/tap.ts';
import type { ClientCall } from './client-call.ts';
import { cancelledFrame, ownNumber } from './rpc-frames.ts';

/** Questions that may wait for one client's answers. */
const MAX_QUESTIONS = 256;

/** One request to the client on behalf of a server. */
export interface Question {
  /** The call it belongs to: it ends with it. Null for a question outside any call. */
  call: ClientCall | null;
  tapped: TappedCall | null;
  /** How the asker calls it, to take it back. */
  key: string;
  /** Sends a frame the way the question went. */
  send(frame: Buffer): void;
  /** The client's answer; `frame` is a view. */
  answered(frame: Buffer, envelope: Envelope): void;
  /** A sign of progress on it, as the client wrote it. */
  progressed(frame: Buffer, envelope: Envelope): void;
  /** The client is gone: no answer will come. */
  dropped(): void;
}

/** What one client is asked at the moment, by numbers of its own. */
export class Questions {
  readonly #open = new Map<number, Question>();
  #last = 0;

  get isFull(): boolean {
    return this.#open.size >= MAX_QUESTIONS;
  }

  has(key: string): boolean {
    for (const question of this.#open.values()) if (question.key === key) return true;
    return false;
  }

  /** Puts a question; `frame` is one with `id` and, if it has one, `token` to be replaced by the number. */
  ask(question: Question, frame: Buffer, { ranges, progressToken }: Envelope): void {
    this.#last += 1;
    const number = this.#last;
    this.#open.set(number, question);
    const edits = [{ start: ranges.id, end: ranges.idEnd, with: String(number) }];
    if (progressToken !== null)
      edits.push({ start: ranges.token, end: ranges.tokenEnd, with: String(number) });
    question.send(editFrame(frame, edits));
  }

  /** False for an answer nobody waits for. */
  answered(frame: Buffer, envelope: Envelope, receivedAt: number): boolean {
    const number = ownNumber(envelope.id);
    const question = this.#open.get(number);
    if (!question) return false;
    this.#open.delete(number);
    question.answered(frame, envelope);
    question.tapped?.answered({ bytes: frame, envelope, receivedAt, forwardedAt: performance.now() });
    return true;
  }

  progressed(frame: Buffer, envelope: Envelope): boolean {
    const question = this.#open.get(ownNumber(envelope.progressToken));
    question?.progressed(frame, envelope);
    return question !== undefined;
  }

  /** The asker no longer wants to know. */
  withdraw(key: string, reason: string): void {
    for (const [number, question] of this.#open)
      if (question.key === key) this.#cancel(number, question, reason);
  }

  /** A call is over, and with it what was asked for its sake. */
  endOf(call: ClientCall): void {
    if (this.#open.size === 0) return;
    for (const [number, question] of this.#open) {
      if (question.call === call) this.#cancel(number, question, 'the call has ended');
    }
  }

  /** Questions of an upstream that is gone. */
  endAll(prefix: string, reason: string): void {
    for (const [number, question] of this.#open) {
      if (question.key.startsWith(prefix)) this.#cancel(number, question, reason);
    }
  }

  #cancel(number: number, question: Question, reason: string): void {
    this.#open.delete(number);
    question.tapped?.cancelled();
    question.send(cancelledFrame(number, reason));
  }

  /** The client is gone. */
  close(): void {
    for (const question of this.#open.values()) {
      question.tapped?.lost();
      question.dropped();
    }
    this.#open.clear();
  }
}
