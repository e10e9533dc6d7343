import type { Envelope } from '../../../../shared/json-rpc/envelope.ts';
import { editFrame, type Edit } from '../../frames/edit-frame.ts';
import { findMember, stringAt } from '../../frames/find-member.ts';
import { readEnvelope } from '../../frames/read-envelope.ts';
import type { TappedCall } from '../../traffic/tap.ts';
import { withAnswerId } from './answer-id.ts';
import type { ClientRequest, OpenRequest } from './client-request.ts';
import { bridgeBetween, type EraBridge } from './era-bridge.ts';
import { LOG_LEVEL_KEY } from './eras/meta-keys.ts';
import type { Reply } from './mux.ts';
import { headersOfCall } from './parameter-headers.ts';
import { modernStatus } from './modern-status.ts';
import { plainAnswer } from './plain-answer.ts';
import { errorFrame, RPC, type CallFailure } from './rpc-frames.ts';
import type { ServerLink } from './server-link.ts';
import { UpstreamCall, type Outgoing } from './upstream-call.ts';

export interface CallTerms {
  link: ServerLink;
  /** What stands in another way at the server: the original name or URI, in place of what the client wrote. */
  edit: Edit | null;
  /** `params.name` or `params.uri` as the server knows it. */
  target: string | null;
  /** Changes the answer before it goes to the client; null on the way that costs nothing. */
  finish: AnswerChange | null;
  /** Takes the answer instead of the client; true when it did. The call is then over, or goes on as it says. */
  intercept: ((frame: Buffer, envelope: Envelope, call: ClientCall) => boolean) | null;
}

/** A new frame from the server's answer, which is a view; the same one when nothing changes. */
export type AnswerChange = (frame: Buffer, envelope: Envelope, call: ClientCall) => Buffer;

const NOTHING = Buffer.alloc(0);
const LOG_LEVEL = Buffer.from(LOG_LEVEL_KEY);

function requestedLevel({ frame, envelope }: ClientRequest): string | null {
  const { meta, metaEnd } = envelope.ranges;
  if (meta === 0 || !frame.subarray(meta, metaEnd).includes(LOG_LEVEL)) return null;
  const found = findMember(frame, meta, LOG_LEVEL_KEY);
  return found && stringAt(frame, found);
}

/** One request of a client on its way to a server and back. */
export class ClientCall extends UpstreamCall implements OpenRequest {
  readonly method: string;
  readonly caller: string;
  readonly bytes: number;
  readonly takesPlace: boolean;
  readonly link: ServerLink;
  request: ClientRequest;
  terms: CallTerms;
  /** Level of the log lines that a modern request asks for; null for none. */
  readonly logLevel: string | null;
  /** How often its server has asked something before it answered. */
  rounds = 0;
  /** Raw id and where the answer goes. A parked call gets new ones when its client is back. */
  id: string;
  reply: Reply | null;
  token: string | null;
  isOver = false;
  /** Between the eras of the client and of the server; null where they are the same. */
  #bridge: EraBridge | null = null;
  /** The request as the client wrote it, while it may be needed again. */
  #frame: Buffer;
  #isOwn = false;
  #tapped: TappedCall | null = null;
  #queuedAt = 0;
  #queuedMs = 0;

  constructor(request: ClientRequest, terms: CallTerms) {
    super();
    this.request = request;
    this.terms = terms;
    this.link = terms.link;
    this.method = request.method;
    this.id = request.id;
    this.reply = request.reply;
    this.token = request.envelope.progressToken;
    this.caller = this.link.conversation.id;
    this.bytes = request.frame.length;
    // What steers other work must not wait behind it.
    this.takesPlace = !request.method.startsWith('tasks/');
    this.#frame = request.frame;
    this.logLevel = request.era === 'modern' ? requestedLevel(request) : null;
  }

  get client(): ClientCall {
    return this;
  }

  /** The request as it came; empty once it has been handed on, unless it is kept. */
  get frame(): Buffer {
    return this.#frame;
  }

  /** Makes the frame its own: it outlives `receive`. */
  keep(): void {
    if (this.#isOwn) return;
    this.#isOwn = true;
    this.#frame = Buffer.from(this.#frame);
    this.request.frame = this.#frame;
  }

  queued(): void {
    this.keep();
    this.#queuedAt ||= performance.now();
  }

  encode(number: number): Outgoing {
    if (this.#queuedAt !== 0) this.#queuedMs = performance.now() - this.#queuedAt;
    const { edit, target } = this.terms;
    const { envelope, era } = this.request;
    this.#bridge = bridgeBetween(era, this.upstream!.era);
    if (this.#bridge) return this.#bridge.encode(this, number);
    const { ranges } = envelope;
    const id = String(number);
    const edits: Edit[] = [{ start: ranges.id, end: ranges.idEnd, with: id }];
    if (envelope.progressToken !== null) edits.push({ start: ranges.token, end: ranges.tokenEnd, with: id });
    if (edit) edits.push(edit);
    const parameterHeaders = headersOfCall(this);
    return { frame: editFrame(this.#frame, edits), target: target ?? envelope.target, parameterHeaders };
  }

  written(): void {
    this.#tap();
    // A retry in rounds needs it again; anything else would pin the chunk it came in for as long as the call lasts.
    if (this.#bridge?.keepsRequests) this.keep();
    else {
      this.#frame = NOTHING;
      this.request.frame = NOTHING;
    }
  }

  #tap(): TappedCall {
    const { envelope, receivedAt } = this.request;
    this.#tapped ??= this.link.tapOf(this.upstream).request('client-to-server', {
      bytes: this.#frame,
      envelope,
      receivedAt,
      forwardedAt: performance.now(),
      queuedMs: this.#queuedMs,
    });
    return this.#tapped;
  }

  answered(frame: Buffer, envelope: Envelope, receivedAt: number): void {
    if (this.isOver) return;
    if (this.reply === null) {
      const kept = Buffer.from(frame);
      return this.link.conversation.parking.hold(this, () => this.answered(kept, envelope, receivedAt));
    }
    const { intercept, finish } = this.terms;
    if (intercept?.(frame, envelope, this)) return;
    let out: Buffer;
    if (!finish && !this.#bridge) out = withAnswerId(frame, envelope, this.id);
    else {
      const changed = this.#changed(frame, envelope);
      if (!changed) return;
      out = changed;
    }
    this.#end(out, envelope.error?.code ?? null);
    this.#tap().answered({ bytes: frame, envelope, receivedAt, forwardedAt: performance.now() });
  }

  /** The slow way: another era, names or URIs to restore. Null when the call goes on. */
  #changed(frame: Buffer, envelope: Envelope): Buffer | null {
    const bridge = this.#bridge;
    let current = { frame, envelope };
    for (const change of [this.terms.finish, bridge?.decode]) {
      if (!change) continue;
      const next = change(current.frame, current.envelope, this);
      if (next === null) return null;
      const read = next === current.frame ? current.envelope : readEnvelope(next);
      if (!read) {
        this.failed({
          code: RPC.internal,
          message: `The answer of ${this.link.server} could not be translated.`,
        });
        return null;
      }
      current = { frame: next, envelope: read };
    }
    return withAnswerId(current.frame, current.envelope, this.id);
  }

  /** The same request goes to its server once more, changed: its name stands elsewhere in it now. */
  again(frame: Buffer): void {
    const envelope = readEnvelope(frame);
    if (!envelope) return this.failed({ code: RPC.internal, message: 'The request could not be repeated.' });
    this.#frame = frame;
    this.#isOwn = true;
    this.request = { ...this.request, frame, envelope };
    const { edit } = this.terms;
    if (edit) {
      const { ranges } = envelope;
      const [start, end] =
        this.method === 'resources/read' ? [ranges.uri, ranges.uriEnd] : [ranges.name, ranges.nameEnd];
      this.terms = { ...this.terms, edit: { ...edit, start, end } };
    }
    this.link.dispatch(this);
  }

  /** The client is answered with questions, and nobody waits until it is back. */
  suspend(frame: Buffer): void {
    const { reply } = this;
    this.reply = null;
    const now = performance.now();
    this.#tap().answered({
      bytes: frame,
      envelope: plainAnswer(this.id, null),
      receivedAt: now,
      forwardedAt: now,
    });
    this.#tapped = null;
    // Its id is free again.
    this.link.conversation.requests.remove(this.request, this);
    reply?.answer(frame);
  }

  /** The client is back with its answers. */
  resume(request: ClientRequest): void {
    this.id = request.id;
    this.reply = request.reply;
    this.token = request.envelope.progressToken;
    this.#frame = Buffer.from(request.frame);
    this.request = { ...request, frame: this.#frame };
    this.link.conversation.requests.add(this.request, this);
    this.#tap();
  }

  /** The answer is not for the client: another server is asked. */
  handOver(frame: Buffer, envelope: Envelope): void {
    this.#over();
    const now = performance.now();
    this.#tap().answered({ bytes: frame, envelope, receivedAt: now, forwardedAt: now });
  }

  oversized(bytes: number): void {
    if (this.isOver) return;
    const message = `The answer of ${this.link.server} has ${bytes} bytes, more than the hub passes on.`;
    this.#end(errorFrame(this.id, { code: RPC.other, message }), RPC.other);
    this.#tap().answeredOversized(bytes);
  }

  failed(failure: CallFailure): void {
    if (this.isOver) return;
    if (this.reply === null) return this.link.conversation.parking.hold(this, () => this.failed(failure));
    const frame = errorFrame(this.id, failure);
    const tapped = this.#tap();
    this.#end(frame, failure.code);
    const now = performance.now();
    if (failure.isLost) tapped.lost();
    else {
      const envelope = plainAnswer(this.id, failure);
      tapped.answered({ bytes: frame, envelope, receivedAt: now, forwardedAt: now });
    }
  }

  returned(failure: CallFailure): void {
    if (this.isOver) return;
    this.upstream = null;
    this.link.again(this, failure);
  }

  progressed(frame: Buffer, envelope: Envelope, receivedAt: number): void {
    if (this.isOver || this.token === null || this.reply === null) return;
    const { token, tokenEnd } = envelope.ranges;
    // With the client's own token, in the log as well: that is how it is known to which call it belongs.
    const told = editFrame(frame, [{ start: token, end: tokenEnd, with: this.token }]);
    this.reply.send(told);
    const forwardedAt = performance.now();
    this.link
      .tapOf(this.upstream)
      .notification('server-to-client', { bytes: told, envelope, receivedAt, forwardedAt });
  }

  /** Its task goes on after the answer, and its progress too. */
  outlive(): void {
    const { token, link } = this;
    if (token === null) return;
    this.upstream?.outlive(this.number, ({ frame, envelope: { ranges } }) => {
      link.conversation.tell(editFrame(frame, [{ start: ranges.token, end: ranges.tokenEnd, with: token }]));
    });
  }

  cancel(reason: string): void {
    if (this.isOver) return;
    this.#over();
    if (this.upstream) this.upstream.cancel(this, reason);
    else this.link.forget(this);
    this.#tapped?.cancelled();
  }

  /** Answers with a frame that is ready, id included. */
  #end(frame: Buffer, errorCode: number | null): void {
    this.#over();
    const isRefusal = errorCode !== null && this.request.era === 'modern';
    this.reply?.answer(frame, isRefusal ? modernStatus(errorCode, this.method) : undefined);
  }

  #over(): void {
    this.isOver = true;
    this.link.conversation.finished(this);
  }
}
