import type { Envelope, Era } from '../../../../shared/json-rpc/envelope.ts';
import { isBatch, splitBatch } from '../../frames/split-batch.ts';
import type {
  ConnectionEnd,
  ConnectionEvents,
  OpenedServer,
  ServerConnection,
  Sharing,
} from '../../servers/server-connection.ts';
import type { ToolObserver } from '../../tools/tool-observer.ts';
import type { Attached } from './attached.ts';
import type { ClientCall } from './client-call.ts';
import { createFloodGate } from './flood-gate.ts';
import { CallProgress, type Progress } from './call-progress.ts';
import { PendingCalls } from './pending-calls.ts';
import { ListChanges } from './list-changes.ts';
import { UpstreamLogLevel } from './log-levels.ts';
import { OwnRequests } from './own-requests.ts';
import { cancelledFrame, ownNumber, RPC, type CallFailure } from './rpc-frames.ts';
import { Deadlines } from './deadlines.ts';
import {
  busyFailure,
  lateFailure,
  lostFailure,
  malformedFailure,
  notSentFailure,
  unreadableFailure,
} from './upstream-failures.ts';
import { MAX_WAITING_BYTES, WaitingCalls } from './waiting-calls.ts';
import { answerRequest, malformedAnswer, readMessage, receiveNotification } from './server-messages.ts';
import type { ServerFacts } from './server-facts.ts';
import type { Outgoing, UpstreamCall } from './upstream-call.ts';
import { UpstreamLists } from './upstream-lists.ts';
import { UpstreamSubscriptions } from './upstream-subscriptions.ts';

/** Never cancelled: the one must not be, and before the other a server may not listen to anything else. */
const HANDSHAKES: ReadonlySet<string> = new Set(['initialize', 'server/discover']);
/** A notification that is larger would cost its reader the connection: clients bound what they take. */
const MAX_NOTICE_BYTES = 4 * 1024 * 1024;
const NOTICES_PER_SECOND = 1_000;
/** The revision whose peers may send several messages as one array. */
const BATCH_VERSION = '2025-03-26';

export interface UpstreamOptions {
  server: string;
  /** The launch key; unique among live upstreams unless the server has copies. */
  key: string;
  sharing: Sharing;
  /** JSON text of the ClientCapabilities that it is told in a handshake. */
  introducedAs: string;
  /** JSON text of the `_meta` that the hub's own modern requests carry. */
  requestMeta: string;
  tools: ToolObserver;
  onEnded(upstream: Upstream, end: ConnectionEnd): void;
}

/** Frames of a server that reached nobody. */
export interface IgnoredByUpstream {
  /** Answers nobody waits for: late, unknown, given twice (B19, B20). */
  strayAnswers: number;
  /** Lines that are no message (B07, B21). */
  malformed: number;
  /** Notifications without a receiver, and what came too fast (B12). */
  notifications: number;
}

/**
 * One live server with its own numbers for requests: whoever calls has ids and progress tokens of its own, here they
 * are all different and none is used twice. An answer finds its caller by one look into one map.
 */
export class Upstream {
  readonly server: string;
  readonly key: string;
  readonly sharing: Sharing;
  /** What its connection tells; bound, so that it may be passed on piece by piece. */
  readonly events: ConnectionEvents = {
    frame: (bytes, request, receivedAt) => this.#frame(bytes, request, receivedAt),
    oversized: (bytes, request) => this.#oversized(bytes, request),
    failed: (request, failure) => this.#failed(request, failure),
    closed: (end) => this.#closed(end),
  };
  readonly attached = new Set<Attached>();
  readonly ignored: IgnoredByUpstream = { strayAnswers: 0, malformed: 0, notifications: 0 };
  readonly own: OwnRequests;
  readonly lists: UpstreamLists;
  readonly logLevel: UpstreamLogLevel;
  readonly subscriptions: UpstreamSubscriptions;
  era: Era | null = null;
  protocolVersion: string | null = null;
  isClosed = false;
  /** A process is being asked for the modern era: some end themselves at that, which is no crash. */
  isProbed = false;
  /** Why it is over, for people; null while it lives. */
  endReason: string | null = null;
  readonly #options: UpstreamOptions;
  readonly #pending = new PendingCalls();
  readonly #queue = new WaitingCalls();
  readonly #deadlines = new Deadlines(
    () => this.#pending.values(),
    (call) => {
      this.cancel(call, 'timed out');
      call.failed(lateFailure(this.server, call.patienceMs));
    },
  );
  readonly #progress = new CallProgress();
  readonly #notices = createFloodGate(NOTICES_PER_SECOND);
  readonly #changes: ListChanges;
  #facts: ServerFacts | null = null;
  #opened: OpenedServer | null = null;
  #isRetired = false;

  constructor(options: UpstreamOptions) {
    this.#options = options;
    this.server = options.server;
    this.key = options.key;
    this.sharing = options.sharing;
    this.own = new OwnRequests(this, options.requestMeta);
    this.lists = new UpstreamLists(this, options.tools);
    this.logLevel = new UpstreamLogLevel(this);
    this.subscriptions = new UpstreamSubscriptions(this);
    this.#changes = new ListChanges((list) => {
      for (const attached of this.attached) attached.listChanged(list);
    });
  }

  get isPrivate(): boolean {
    return this.sharing.isolation === 'session';
  }

  get introducedAs(): string {
    return this.#options.introducedAs;
  }

  get facts(): ServerFacts {
    if (!this.#facts) throw new Error('The handshake is not over.');
    return this.#facts;
  }

  get connection(): ServerConnection {
    if (!this.#opened) throw new Error('The connection is not open.');
    return this.#opened.connection;
  }

  /** What it wrote to stderr last, to tell what it is busy with (B02). */
  get lastLine(): string {
    return this.#opened?.lastLine?.() ?? '';
  }

  get instanceId(): string {
    return this.#opened?.instanceId ?? '';
  }

  /** Calls of clients under way and waiting; what the hub asks for itself is nobody's load. */
  get load(): number {
    return this.#pending.ofClients + this.#queue.size;
  }

  get inFlight(): number {
    return this.#pending.ofClients;
  }

  get waiting(): number {
    return this.#queue.size;
  }

  get pending(): Iterable<UpstreamCall> {
    return this.#pending.values();
  }

  /** The connection is there. Closed at once when its end came first. */
  opened(opened: OpenedServer): void {
    this.#opened = opened;
    if (this.isClosed) void opened.connection.close();
  }

  /** The handshake is over. */
  met(facts: ServerFacts): void {
    this.#facts = facts;
    this.era = facts.era;
    this.protocolVersion = facts.protocolVersion;
  }

  /** Sends a call, or lets it wait for a free place; one that can do neither is told at once (B17). */
  dispatch(call: UpstreamCall): void {
    call.upstream = this;
    if (this.isClosed) return call.failed(notSentFailure(this.server));
    if (this.connection.unsentBytes > MAX_WAITING_BYTES) return call.failed(busyFailure(this.server));
    if (!call.takesPlace || this.#hasPlace) return this.#send(call);
    if (!this.#queue.push(call)) return call.failed(busyFailure(this.server));
    call.queued();
  }

  #send(call: UpstreamCall): void {
    const number = this.#pending.nextNumber();
    call.number = number;
    let outgoing: Outgoing;
    try {
      outgoing = call.encode(number);
    } catch {
      // Values are passed over unread: one that is broken inside shows when it is looked at.
      return call.failed(unreadableFailure);
    }
    const { frame, target, parameterHeaders } = outgoing;
    this.#pending.add(call);
    this.#deadlines.begin(call, this.sharing.callTimeoutMs);
    const { method } = call;
    const { protocolVersion } = this;
    this.connection.send(frame, { request: number, method, target, protocolVersion, parameterHeaders });
    call.written();
  }

  /** A notification or an answer of the client's or of our own. */
  tell(frame: Buffer, method: string | null): void {
    if (this.isClosed) return;
    const { protocolVersion } = this;
    this.connection.send(frame, {
      request: null,
      method,
      target: null,
      protocolVersion,
      parameterHeaders: null,
    });
  }

  /** Gives a call up: the server is told in the way of its era, and nothing more comes of it. */
  cancel(call: UpstreamCall, reason: string): void {
    if (this.#queue.remove(call)) return;
    if (!this.#release(call)) return;
    if (this.isClosed || HANDSHAKES.has(call.method)) return;
    const closesStream = this.era === 'modern' && this.connection.correlates;
    if (!closesStream) this.tell(cancelledFrame(call.number, reason), 'notifications/cancelled');
    this.connection.abandon(call.number);
    this.#sendWaiting();
  }

  /** False when it was not under way. */
  #release(call: UpstreamCall): boolean {
    this.#progress.drop(call);
    return this.#pending.delete(call);
  }

  get #hasPlace(): boolean {
    return this.#pending.placesTaken < this.sharing.concurrency;
  }

  #sendWaiting(): void {
    while (this.#queue.size > 0 && this.#hasPlace && !this.isClosed) this.#send(this.#queue.shift()!);
    if (this.#isRetired && this.load === 0) void this.close('was replaced');
  }

  /** Takes no new callers; ends when the calls under way have their answers. */
  retire(): void {
    this.#isRetired = true;
    this.#sendWaiting();
  }

  #frame(bytes: Buffer, request: number | null, receivedAt: number): void {
    if (this.isClosed) return;
    try {
      this.#read(bytes, request, receivedAt);
    } catch {
      // Values are passed over unread: one that is broken inside shows when it is looked at (B21).
      this.ignored.malformed += 1;
    }
  }

  #read(bytes: Buffer, request: number | null, receivedAt: number): void {
    const envelope = readMessage(bytes, this.era);
    if (!envelope) this.#malformed(bytes, request, receivedAt);
    else if (envelope.kind === 'response') this.#answered(bytes, envelope, request, receivedAt);
    else if (envelope.kind === 'request')
      answerRequest(this, { frame: bytes, envelope, receivedAt }, request);
    else receiveNotification(this, { frame: bytes, envelope, receivedAt }, request);
  }

  #answered(frame: Buffer, envelope: Envelope, request: number | null, receivedAt: number): void {
    // A server that could not read a request says so without its id; its stream tells which one it was.
    const number = envelope.id === null && request !== null ? request : ownNumber(envelope.id);
    const call = this.#pending.get(number);
    if (!call) {
      this.ignored.strayAnswers += 1;
      return;
    }
    this.#progress.flush(call);
    this.#release(call);
    if (envelope.id === null)
      call.failed({ code: envelope.error?.code ?? RPC.internal, message: envelope.error!.message });
    else this.#handOn(call, { frame, envelope, receivedAt });
    if (this.#queue.size > 0 || this.#isRetired) this.#sendWaiting();
  }

  #handOn(call: UpstreamCall, answer: { frame: Buffer; envelope: Envelope; receivedAt: number }): void {
    try {
      call.answered(answer.frame, answer.envelope, answer.receivedAt);
    } catch {
      this.ignored.malformed += 1;
      call.failed(malformedFailure(this.server));
    }
  }

  #malformed(bytes: Buffer, request: number | null, receivedAt: number): void {
    if (this.protocolVersion === BATCH_VERSION && isBatch(bytes)) {
      const messages = splitBatch(bytes);
      if (typeof messages !== 'string') {
        for (const { start, end } of messages) this.#frame(bytes.subarray(start, end), request, receivedAt);
        return;
      }
    }
    this.ignored.malformed += 1;
    const call = this.#pending.get(request ?? malformedAnswer(bytes) ?? Number.NaN);
    if (call) this.#fail(call, malformedFailure(this.server));
  }

  /** So large a line is an answer; with one call under way it can only be that one's. */
  #oversized(bytes: number, request: number | null): void {
    const call = request === null ? this.#pending.single : this.#pending.get(request);
    if (!call) {
      this.ignored.malformed += 1;
      return;
    }
    this.#release(call);
    call.oversized(bytes);
    this.#sendWaiting();
  }

  #failed(request: number, { code, message }: CallFailure): void {
    const call = this.#pending.get(request);
    if (call) this.#fail(call, { code, message });
  }

  #fail(call: UpstreamCall, failure: CallFailure): void {
    this.#release(call);
    call.failed(failure);
    this.#sendWaiting();
  }

  #closed(end: ConnectionEnd): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.endReason = end.reason;
    this.#deadlines.close();
    this.#changes.close();
    this.#progress.close();
    this.subscriptions.close();
    const calls = this.#pending.takeAll();
    const unwritten: UpstreamCall[] = [];
    for (let call = this.#queue.shift(); call; call = this.#queue.shift()) unwritten.push(call);
    // Whoever is told must find it gone already: it may call again at once.
    this.#options.onEnded(this, end);
    for (const attached of this.attached) attached.ended(this, end);
    this.attached.clear();
    for (const call of calls) call.failed(lostFailure(this.server, end.reason));
    // What was never written may be sent to the next one.
    for (const call of unwritten) call.returned(notSentFailure(this.server));
  }

  /** Ends it; safe to call twice. */
  async close(reason = 'was stopped'): Promise<void> {
    this.#closed({ asked: true, reason });
    await this.#opened?.connection.close();
  }

  progressed(frame: Buffer, envelope: Envelope, receivedAt: number): void {
    const number = ownNumber(envelope.progressToken);
    const call = this.#pending.get(number);
    if (!call) {
      const isHeard = this.#progress.afterAnswer(number, { frame, envelope, receivedAt });
      if (!isHeard) this.ignored.notifications += 1;
      return;
    }
    this.#deadlines.extend(call);
    this.#progress.pass(call, { frame, envelope, receivedAt });
  }

  /** A call has started a task, which goes on showing progress under the call's token. */
  outlive(number: number, progressed: (progress: Progress) => void): void {
    this.#progress.outlive(number, progressed);
  }

  listChanged(list: Parameters<ListChanges['note']>[0]): void {
    // At once: whoever asks before the news are told gets the new list.
    this.lists.forget(list);
    this.#changes.note(list);
  }

  /** The client's call with this number; null for none and for the hub's own. */
  callOf(number: number | null): ClientCall | null {
    const call = number === null ? undefined : this.#pending.get(number);
    return call?.client ?? null;
  }

  /** False, and counted, when the server talks faster or longer than anyone could want to hear (B09, B12). */
  allowsNotice(bytes: number, now: number): boolean {
    const passes = bytes <= MAX_NOTICE_BYTES && this.#notices.passes(now);
    if (!passes) this.ignored.notifications += 1;
    return passes;
  }
}
