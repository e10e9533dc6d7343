import { toErrorInfo } from '../../../../shared/model/error.ts';
import { editFrame } from '../../frames/edit-frame.ts';
import { changeMembers } from '../../frames/edit-members.ts';
import { findMember, findPath, stringAt } from '../../frames/find-member.ts';
import type { Lease } from '../../servers/lease-pool.ts';
import type { ConnectionEnd } from '../../servers/server-connection.ts';
import { PagedList } from '../../tools/paged-list.ts';
import type { CallTap } from '../../traffic/tap.ts';
import type { Attached, ChangedList, ServerMessage } from './attached.ts';
import type { ClientCall } from './client-call.ts';
import type { ClientConversation } from './conversation.ts';
import { SUBSCRIPTION_ID_KEY } from './eras/meta-keys.ts';
import { isWanted } from './log-levels.ts';
import { refusedRetry } from './parked-questions.ts';
import { putQuestion } from './put-question.ts';
import { RPC, type CallFailure } from './rpc-frames.ts';
import type { ServerFacts } from './server-facts.ts';
import type { ListMethod, ListSnapshot, UpstreamLists } from './upstream-lists.ts';
import type { Upstream } from './upstream.ts';

/** Calls of one conversation that may wait for a server's start, and their bytes. */
const MAX_WAITING_CALLS = 256;
const MAX_WAITING_BYTES = 8 * 1024 * 1024;
/** A call that was never written goes to the next instance, but not for ever. */
const MAX_RETURNS = 2;

/**
 * One conversation's tie to one server of its endpoint: opened by the first call, opened again after a crash, let go
 * with the conversation.
 */
export class ServerLink implements Attached {
  readonly server: string;
  readonly conversation: ClientConversation;
  /** The client's own walk through the server's tools. */
  readonly toolPages = new PagedList();
  #lease: Lease<Upstream> | null = null;
  /** More instances of a server that may have several (`copies`). */
  #spares: Lease<Upstream>[] = [];
  #isGrowing = false;
  #opening: Promise<Upstream> | null = null;
  #waiting: ClientCall[] = [];
  #waitingBytes = 0;
  #taps = new Map<string, CallTap>();
  #lists: UpstreamLists | null = null;
  #facts: ServerFacts | null = null;
  /** It was there once: clients are told when it is back. */
  #wasLost = false;
  #isClosed = false;
  readonly #returns = new WeakMap<ClientCall, number>();

  constructor(server: string, conversation: ClientConversation) {
    this.server = server;
    this.conversation = conversation;
  }

  get upstream(): Upstream | null {
    return this.#lease?.value ?? null;
  }

  /** What the server said of itself, now or earlier; null when it has never been met. */
  get facts(): ServerFacts | null {
    return this.#facts ?? this.conversation.pool.known.facts(this.server);
  }

  /** The open server, started if need be. Throws PatchbayError. */
  async ready(): Promise<Upstream> {
    const { upstream } = this;
    if (upstream) return upstream;
    const opening = (this.#opening ??= this.#open());
    return await opening;
  }

  async #open(): Promise<Upstream> {
    try {
      const lease = await this.conversation.pool.acquire(this.server, this.conversation.applicant());
      // Between the pool's last look and this turn it may have ended.
      if (lease.value.isClosed) throw new Error(`The server ${this.server} ${lease.value.endReason}.`);
      if (this.#isClosed) {
        await this.#letGo(lease);
        throw new Error('The conversation is over.');
      }
      this.#opening = null;
      this.#attach(lease);
      return lease.value;
    } catch (error) {
      const failure = { code: RPC.other, message: toErrorInfo(error).message };
      // Whoever is told may call again at once, and is not to wait for what is over.
      this.#opening = null;
      const waiting = this.#waiting;
      this.#waiting = [];
      this.#waitingBytes = 0;
      for (const call of waiting) call.failed(failure);
      throw error;
    }
  }

  #attach(lease: Lease<Upstream>): void {
    this.#lease = lease;
    const upstream = lease.value;
    upstream.attached.add(this);
    this.#lists = upstream.lists;
    this.#facts = upstream.facts;
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.conversation.attached(this, upstream, this.#wasLost);
    for (const call of waiting) if (!call.isOver) this.#send(call, upstream);
  }

  #send(call: ClientCall, upstream: Upstream): void {
    if (upstream.era === 'legacy' && call.request.era === 'modern') {
      const refused = refusedRetry(call.request);
      if (refused) return call.failed(refused);
      if (upstream.isPrivate && upstream.introducedAs !== this.conversation.state.identity?.capabilities) {
        // Modern clients say with each request what they take, a legacy server hears it once: it is met anew.
        this.renew();
        return this.dispatch(call);
      }
    }
    if (call.logLevel !== null && upstream.era === 'legacy') void upstream.logLevel.want(this, call.logLevel);
    if (needsParameters(call, upstream)) {
      call.queued();
      const go = (): void => void (call.isOver || upstream.dispatch(call));
      upstream.lists.get('tools/list').then(go, go);
      return;
    }
    upstream.dispatch(call);
  }

  /** Sends a call, or starts the server for it. */
  dispatch(call: ClientCall): void {
    const { upstream } = this;
    if (upstream) return this.#send(call, this.#leastBusy(upstream));
    if (this.#waiting.length >= MAX_WAITING_CALLS || this.#waitingBytes + call.bytes > MAX_WAITING_BYTES) {
      return call.failed({
        code: RPC.other,
        message: `Too many calls wait for the start of ${this.server}.`,
      });
    }
    call.queued();
    this.#waiting.push(call);
    this.#waitingBytes += call.bytes;
    // What goes wrong is told to the calls that wait.
    this.ready().catch(() => {});
  }

  /** With copies: the one with the least to do; one more is started when all have work. */
  #leastBusy(upstream: Upstream): Upstream {
    const { copies } = upstream.sharing;
    if (copies === 1 || upstream.load === 0) return upstream;
    const all = this.conversation.pool
      .upstreams()
      .filter(({ key, isClosed }) => key === upstream.key && !isClosed);
    let best = upstream;
    for (const other of all) if (other.load < best.load) best = other;
    if (best.load > 0 && all.length < copies) this.#grow();
    return best;
  }

  #grow(): void {
    if (this.#isGrowing) return;
    this.#isGrowing = true;
    this.conversation.pool
      .acquire(this.server, this.conversation.applicant())
      .then(
        (lease) => (this.#isClosed ? lease.release() : void this.#spares.push(lease)),
        // One copy less is no failure: the calls go to those that run.
        () => {},
      )
      .finally(() => (this.#isGrowing = false));
  }

  /** A call comes back unwritten because its server ended. */
  again(call: ClientCall, failure: CallFailure): void {
    const returns = (this.#returns.get(call) ?? 0) + 1;
    this.#returns.set(call, returns);
    if (this.#isClosed || returns > MAX_RETURNS) call.failed(failure);
    else this.dispatch(call);
  }

  /** A call that still waits for the start is no longer wanted. */
  forget(call: ClientCall): void {
    const index = this.#waiting.indexOf(call);
    if (index === -1) return;
    this.#waiting.splice(index, 1);
    this.#waitingBytes -= call.bytes;
  }

  /** A list of the server, which is started for it. Rejects when it cannot be had. */
  async list(method: ListMethod): Promise<ListSnapshot> {
    const upstream = await this.ready();
    const isKnown = upstream.lists.peek(method) !== null;
    const snapshot = await upstream.lists.get(method);
    if (!isKnown) this.conversation.owners.forget();
    return snapshot;
  }

  /** The newest list that is known, though the server may be gone. */
  peek(method: ListMethod): ListSnapshot | null {
    return this.#lists?.peek(method) ?? null;
  }

  tapOf(upstream: Upstream | null): CallTap {
    const instanceId = upstream?.instanceId ?? '';
    let tap = this.#taps.get(instanceId);
    if (!tap) {
      const { tap: taps, caller } = this.conversation;
      const { sessionId, client, cwd } = caller;
      tap = taps.openCalls({ sessionId, client, project: cwd, server: this.server, instanceId });
      this.#taps.set(instanceId, tap);
    }
    return tap;
  }

  listChanged(list: ChangedList): void {
    this.conversation.listChanged(list);
  }

  resourceUpdated(uri: string, message: ServerMessage): void {
    this.conversation.subscriptions.updated(this, uri, message);
  }

  logged({ frame, envelope, receivedAt, call }: ServerMessage): void {
    const { conversation, upstream } = this;
    const found = envelope.ranges.params === 0 ? null : findMember(frame, envelope.ranges.params, 'level');
    const level = found && stringAt(frame, found);
    // Nobody's wish: the server decides, unless another client has made it talk more.
    const unasked = upstream?.isPrivate || !upstream?.logLevel.current ? null : 'info';
    const isModern = call ? call.request.era === 'modern' : conversation.era === 'modern';
    const wanted = isModern ? (call?.logLevel ?? null) : (conversation.state.logLevel ?? unasked);
    if ((wanted === null && isModern) || (wanted !== null && !isWanted(level, wanted))) return;
    this.#pass(frame, envelope, { receivedAt, call });
  }

  notified({ frame, envelope, receivedAt, call }: ServerMessage): void {
    if (!this.conversation.tasks.isFor(this, frame, envelope)) return;
    this.#pass(frame, envelope, { receivedAt, call });
  }

  #pass(
    frame: Buffer,
    envelope: ServerMessage['envelope'],
    { receivedAt, call }: Pick<ServerMessage, 'receivedAt' | 'call'>,
  ): void {
    const own = Buffer.from(frame);
    if (call?.reply) call.reply.send(own);
    else if (!this.conversation.tell(own)) return;
    const forwardedAt = performance.now();
    this.tapOf(this.upstream).notification('server-to-client', {
      bytes: frame,
      envelope,
      receivedAt,
      forwardedAt,
    });
  }

  asked(upstream: Upstream, message: ServerMessage): CallFailure | null {
    return putQuestion(this, upstream, message);
  }

  withdrawn(upstream: Upstream, id: string): void {
    this.conversation.questions.withdraw(questionKey(upstream, id), 'the server withdrew it');
    this.conversation.parking.withdraw(questionKey(upstream, id));
  }

  ended(upstream: Upstream, end: ConnectionEnd): void {
    this.conversation.questions.endAll(questionKey(upstream, ''), 'the server is gone');
    this.#taps.get(upstream.instanceId)?.close();
    this.#taps.delete(upstream.instanceId);
    if (this.upstream !== upstream) return;
    this.#lease?.release();
    this.#lease = null;
    this.#wasLost = true;
    this.conversation.detached(this, end);
  }

  /** Lets go of an instance whose definition has changed; the next call opens another. */
  renew(): void {
    const { upstream } = this;
    if (!upstream) return;
    this.#detach(upstream);
    this.#lease?.release();
    this.#lease = null;
    this.#wasLost = true;
    // Shared, it lives on for those whose launch is still the same.
    if (upstream.attached.size === 0) this.conversation.pool.retire(upstream);
  }

  #detach(upstream: Upstream): void {
    upstream.attached.delete(this);
    upstream.subscriptions.drop(this);
    upstream.logLevel.drop(this);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const call of this.#waiting) call.cancel('the client is gone');
    for (const spare of this.#spares) spare.release();
    const lease = this.#lease;
    this.#lease = null;
    if (lease) await this.#letGo(lease);
    for (const tap of this.#taps.values()) tap.close();
    this.#taps.clear();
  }

  /** What is private ends with its conversation, at once. */
  async #letGo(lease: Lease<Upstream>): Promise<void> {
    const upstream = lease.value;
    this.#detach(upstream);
    lease.release();
    if (upstream.isPrivate) await this.conversation.pool.end(upstream, 'was stopped');
  }
}

/** Modern servers over HTTP may want arguments repeated in headers; which, their list of tools tells. */
const needsParameters = ({ method }: ClientCall, { era, connection, lists }: Upstream): boolean =>
  method === 'tools/call' && era === 'modern' && connection.correlates && lists.peek('tools/list') === null;

/** Names a question of one server's instance. */
export const questionKey = (upstream: Upstream, id: string): string => `${upstream.instanceId}\0${id}`;

/** A notification without the mark of the hub's own stream it came on. */
export function withoutSubscription(frame: Buffer, { ranges }: ServerMessage['envelope']): Buffer {
  if (ranges.params === 0 || !findPath(frame, ranges.params, ['_meta', SUBSCRIPTION_ID_KEY])) return frame;
  const meta = findMember(frame, ranges.params, '_meta')!;
  return editFrame(frame, changeMembers(frame, meta.start, { [SUBSCRIPTION_ID_KEY]: null }));
}
