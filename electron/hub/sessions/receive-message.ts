import type { Envelope } from '../../../shared/json-rpc/envelope.ts';
import { readEnvelope } from '../frames/read-envelope.ts';
import { isBatch, MAX_BATCH, splitBatch, type BatchFault } from '../frames/split-batch.ts';
import type { Conversation, Reply } from '../routes/mux/mux.ts';
import { idKey } from '../routes/mux/rpc-frames.ts';
import { BATCH_VERSION, negotiatedVersion } from './protocol-versions.ts';
import { failureFrame, RPC, type Failure } from './rpc-failure.ts';

/** Longest text that is read again to say whether it is JSON at all. */
const MAX_DIAGNOSED_BYTES = 1024 * 1024;

export interface BatchMessage {
  frame: Buffer;
  /** null: no message; answered with an error of its own. */
  envelope: Envelope | null;
}

/** The way in of a connection on which a client writes messages and batches, and which has one way back. */
export class MessageInlet {
  readonly #conversation: Conversation;
  readonly #reply: Reply;
  /** Batches that are not answered yet; made when there is one, which is hardly ever. */
  #batches: Set<BatchAnswers> | null = null;

  constructor(conversation: Conversation, reply: Reply) {
    this.#conversation = conversation;
    this.#reply = reply;
  }

  /** Hands over one line; what is no message is answered. True when one answer comes of it, now or later. */
  receive(line: Buffer, receivedAt: number): boolean {
    const envelope = readEnvelope(line);
    if (envelope) {
      const isRequest = envelope.kind === 'request';
      this.#conversation.receive(line, envelope, isRequest ? this.#reply : null, receivedAt);
      if (envelope.cancelsId !== null) this.#cancelled(envelope.cancelsId);
      return isRequest;
    }
    const batch = isBatch(line) ? readBatch(this.#conversation, line) : notAMessage(line);
    if (!Array.isArray(batch)) {
      this.#reply.answer(failureFrame(batch), 400);
      return true;
    }
    const answers = receiveBatch(this.#conversation, batch, this.#reply, receivedAt);
    if (!answers.isOver) (this.#batches ??= new Set()).add(answers);
    return isAnswered(batch);
  }

  /** The answer to a cancelled request never comes: those that share a batch with it must not wait for it. */
  #cancelled(id: string): void {
    for (const batch of this.#batches ?? []) {
      batch.cancel(id);
      if (batch.isOver) this.#batches?.delete(batch);
    }
  }
}

/** Why this text is no message, in JSON-RPC's words. */
export function notAMessage(text: Buffer): Failure {
  if (text.length <= MAX_DIAGNOSED_BYTES) {
    try {
      JSON.parse(text.toString('utf8'));
    } catch {
      return { code: RPC.parse, message: 'Parse error: not JSON.' };
    }
  }
  return { code: RPC.invalidRequest, message: 'Invalid request: not one JSON-RPC message.' };
}

const FAULTS: Record<BatchFault, Failure> = {
  empty: { code: RPC.invalidRequest, message: 'Invalid request: the batch is empty.' },
  'too-many': { code: RPC.invalidRequest, message: `Invalid request: more than ${MAX_BATCH} messages.` },
  nested: { code: RPC.invalidRequest, message: 'Invalid request: a batch within a batch.' },
  malformed: { code: RPC.parse, message: 'Parse error: not JSON.' },
};

/** The messages of a batch, or why it is refused whole: its shape, or the revision the conversation speaks (C09). */
export function readBatch(conversation: Conversation, text: Buffer): BatchMessage[] | Failure {
  const record = conversation.record();
  if (!record || negotiatedVersion(record.initialize) !== BATCH_VERSION) {
    return {
      code: RPC.invalidRequest,
      message: `Invalid request: batches belong to revision ${BATCH_VERSION} only.`,
    };
  }
  return splitMessages(text);
}

/** `readBatch` whatever the revision. */
export function splitMessages(text: Buffer): BatchMessage[] | Failure {
  const parts = splitBatch(text);
  if (typeof parts === 'string') return FAULTS[parts];
  return parts.map(({ start, end }) => {
    const frame = text.subarray(start, end);
    return { frame, envelope: readEnvelope(frame) };
  });
}

/** True when something of it will be answered. */
export const isAnswered = (batch: readonly BatchMessage[]): boolean =>
  batch.some(({ envelope }) => envelope === null || envelope.kind === 'request');

/** Hands over the messages of a batch; when the last of its requests is answered, `reply` gets all answers as one. */
export function receiveBatch(
  conversation: Pick<Conversation, 'receive'>,
  batch: readonly BatchMessage[],
  reply: Reply,
  receivedAt: number,
): BatchAnswers {
  const answers = new BatchAnswers(reply, batch);
  for (const { frame, envelope } of batch) {
    if (envelope === null) {
      const failure = { code: RPC.invalidRequest, message: 'Invalid request: not one JSON-RPC message.' };
      answers.replyTo(null).answer(failureFrame(failure));
    } else {
      const part = envelope.kind === 'request' ? answers.replyTo(envelope.id) : null;
      conversation.receive(frame, envelope, part, receivedAt);
      if (envelope.cancelsId !== null) answers.cancel(envelope.cancelsId);
    }
  }
  return answers;
}

const OPEN = Buffer.from('[');
const COMMA = Buffer.from(',');
const CLOSE = Buffer.from(']');

/** Gathers the answers to one batch. */
export class BatchAnswers {
  readonly #target: Reply;
  readonly #parts: Buffer[] = [];
  /** Parts whose answer is still to come, with their ids. */
  readonly #open = new Map<Reply, string | null>();
  #owed: number;

  constructor(target: Reply, batch: readonly BatchMessage[]) {
    this.#target = target;
    this.#owed = batch.filter(({ envelope }) => envelope === null || envelope.kind === 'request').length;
  }

  get isOver(): boolean {
    return this.#owed === 0;
  }

  /** Where one of the requests is answered. */
  replyTo(id: string | null): Reply {
    const part: Reply = {
      send: (frame) => this.#target.send(frame),
      answer: (frame) => {
        if (!this.#open.delete(part)) return;
        this.#parts.push(this.#parts.length === 0 ? OPEN : COMMA, frame);
        this.#settle();
      },
    };
    this.#open.set(part, id === null ? null : idKey(id));
    return part;
  }

  /** The client does not want the answer to this one any more. */
  cancel(id: string): void {
    for (const [part, own] of this.#open) {
      if (own !== idKey(id)) continue;
      this.#open.delete(part);
      this.#settle();
    }
  }

  #settle(): void {
    this.#owed -= 1;
    if (this.#owed === 0 && this.#parts.length > 0)
      this.#target.answer(Buffer.concat([...this.#parts, CLOSE]));
  }
}
