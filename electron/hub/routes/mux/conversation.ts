import type { Envelope, Era } from '../../../../shared/json-rpc/envelope.ts';
import { toErrorInfo } from '../../../../shared/model/error.ts';
import type { Logger } from '../../log.ts';
import type { CallerIdentity, ConnectionEnd } from '../../servers/server-connection.ts';
import type { ToolObserver } from '../../tools/tool-observer.ts';
import type { CallTap, Tap } from '../../traffic/tap.ts';
import type { ChangedList } from './attached.ts';
import type { ClientCall } from './client-call.ts';
import type { ClientIdentity } from './client-identity.ts';
import { receiveClientNotification } from './client-notifications.ts';
import type { ClientRequest } from './client-request.ts';
import { ClientState } from './client-state.ts';
import { ClientSubscriptions, type Subscriber } from './client-subscriptions.ts';
import { HubAnswering } from './hub-answers.ts';
import { HubIdentity } from './hub-identity.ts';
import { ListChanges } from './list-changes.ts';
import type { ListViews } from './list-views.ts';
import { ListenStreams } from './listen-streams.ts';
import type { Conversation, ConversationOptions, ConversationRecord, Endpoint, Reply } from './mux.ts';
import { NamedRoutes } from './named-routes.ts';
import { OpenRequests } from './open-requests.ts';
import { ParkedQuestions } from './parked-questions.ts';
import { Questions } from './questions.ts';
import { readRequest } from './read-request.ts';
import { ResourceOwners } from './resource-owners.ts';
import { errorFrame, notificationFrame, RPC, type CallFailure } from './rpc-frames.ts';
import { routeRequest } from './request-routes.ts';
import { ServerLink } from './server-link.ts';
import { TaskIndex } from './task-index.ts';
import type { Applicant, UpstreamPool } from './upstream-pool.ts';
import type { Upstream } from './upstream.ts';

export interface ConversationDeps {
  pool: UpstreamPool;
  tap: Tap;
  tools: ToolObserver;
  logger: Logger;
  hubInfo: { name: string; version: string };
  views: ListViews;
  /** Frames of clients that reached nobody. */
  ignored: { answers: number; notifications: number };
  ended(conversation: ClientConversation): void;
}

/** One client on one endpoint: what it has under way, what it watches, and its ties to the servers. */
export class ClientConversation implements Conversation {
  readonly id: string;
  readonly endpoint: Endpoint;
  readonly caller: CallerIdentity;
  readonly pool: UpstreamPool;
  readonly tap: Tap;
  readonly views: ListViews;
  readonly tools: ToolObserver;
  readonly hub: HubIdentity;
  readonly questions = new Questions();
  readonly tasks = new TaskIndex();
  readonly owners: ResourceOwners;
  readonly names: NamedRoutes;
  readonly subscriptions: ClientSubscriptions;
  readonly listens: ListenStreams;
  readonly parking: ParkedQuestions;
  readonly ignored: ConversationDeps['ignored'];
  readonly state = new ClientState();
  readonly requests: OpenRequests;
  /** Lists that were not waited for. */
  readonly late = new Set<string>();
  readonly #deps: ConversationDeps;
  readonly #channel: ConversationOptions['channel'];
  readonly #links = new Map<string, ServerLink>();
  readonly #changes: ListChanges;
  /** The legacy conversation as one that hears of changed resources. */
  readonly #unsolicited: Subscriber = { updated: (frame) => void this.tell(frame) };
  #hubTap: CallTap | null = null;
  #isClosed = false;

  constructor(options: ConversationOptions, deps: ConversationDeps) {
    this.#deps = deps;
    this.endpoint = options.endpoint;
    this.caller = options.caller;
    this.id = options.caller.sessionId;
    this.#channel = options.channel;
    this.requests = new OpenRequests(options.channel !== null);
    this.pool = deps.pool;
    this.tap = options.tap ?? deps.tap;
    this.views = deps.views;
    this.tools = deps.tools;
    this.ignored = deps.ignored;
    this.hub = new HubIdentity(this, deps.hubInfo);
    this.owners = new ResourceOwners(() => this.links());
    this.names = new NamedRoutes(this);
    this.subscriptions = new ClientSubscriptions(this.owners);
    this.listens = new ListenStreams(this);
    this.parking = new ParkedQuestions(this);
    this.#changes = new ListChanges((list) => this.#tellListChanged(list));
    if (options.restored) this.#restore(options.restored);
  }

  get era(): Era | null {
    return this.state.era;
  }

  /** False for plain HTTP requests, which nothing but their own answers can be told to. */
  get hasChannel(): boolean {
    return this.#channel !== null;
  }

  applicant(): Applicant {
    return { caller: this.caller, identity: this.state.identity ?? NOBODY };
  }

  /** Ties to the servers of the endpoint, in the order of the catalog. */
  links(): ServerLink[] {
    return this.endpoint.members().map((server) => this.linkTo(server));
  }

  linkTo(server: string): ServerLink {
    let link = this.#links.get(server);
    if (!link) this.#links.set(server, (link = new ServerLink(server, this)));
    return link;
  }

  /** The one server of a single endpoint. */
  get only(): ServerLink | null {
    return this.endpoint.single === null ? null : this.linkTo(this.endpoint.single);
  }

  receive(frame: Buffer, envelope: Envelope, reply: Reply | null, receivedAt: number): void {
    try {
      this.#receive(frame, envelope, reply, receivedAt);
    } catch (error) {
      // Values are passed over unread: one that is broken inside shows when it is looked at.
      this.#deps.logger.log('warn', 'mux.bad-request', { message: toErrorInfo(error).message });
      if (envelope.kind !== 'request' || !reply) return;
      this.requests.find(envelope.id!, reply)?.cancel('it could not be read');
      reply.answer(
        errorFrame(envelope.id, { code: RPC.internal, message: 'The request could not be read.' }),
      );
    }
  }

  #receive(frame: Buffer, envelope: Envelope, reply: Reply | null, receivedAt: number): void {
    if (envelope.kind === 'request') {
      if (reply) this.#request(frame, envelope, reply, receivedAt);
    } else if (envelope.kind === 'response') {
      if (!this.questions.answered(frame, envelope, receivedAt)) this.ignored.answers += 1;
    } else if (!this.#isClosed) {
      receiveClientNotification(this, frame, envelope, receivedAt);
    }
  }

  #request(frame: Buffer, envelope: Envelope, reply: Reply, receivedAt: number): void {
    const id = envelope.id!;
    if (this.#isClosed) {
      return reply.answer(errorFrame(id, { code: RPC.other, message: 'The conversation is over.' }));
    }
    const refusal = this.requests.refusal(id, reply);
    if (refusal) return reply.answer(errorFrame(id, refusal.failure), refusal.status);
    const { request, refused, status } = readRequest(this, frame, envelope, { reply, receivedAt });
    if (refused) this.answering(request).fail(refused, status);
    else routeRequest(this, request);
  }

  /** A request that the hub answers itself. */
  answering(request: ClientRequest): HubAnswering {
    const answering = this.searching(request);
    answering.begin();
    return answering;
  }

  /** One of which it is not known yet who answers; `frame` is its own. */
  searching(request: ClientRequest): HubAnswering {
    const answering = new HubAnswering(request, this.hubTap(), (over) => {
      this.requests.remove(request, over);
      this.listens.over(over);
    });
    this.requests.add(request, answering);
    return answering;
  }

  /** A request that goes to a server. */
  start(call: ClientCall): void {
    this.requests.add(call.request, call);
    call.link.dispatch(call);
  }

  /** A call has its answer, or will have none. */
  finished(call: ClientCall): void {
    this.requests.remove(call.request, call);
    this.questions.endOf(call);
    this.parking.endOf(call);
  }

  abandoned(reply: Reply): void {
    this.requests.withReply(reply)?.cancel('the client is gone');
  }

  hubTap(): CallTap {
    if (!this.#hubTap) {
      const { sessionId, client, cwd } = this.caller;
      const server = this.endpoint.single ?? this.endpoint.label;
      this.#hubTap = this.tap.openCalls({ sessionId, client, project: cwd, server, instanceId: '' });
    }
    return this.#hubTap;
  }

  /** Sends what belongs to no request; false when there is no way to. */
  tell(frame: Buffer): boolean {
    const send = this.teller();
    send?.(frame);
    return send !== null;
  }

  /** How to send what belongs to no request. A modern client takes nothing of the kind. */
  teller(): ((frame: Buffer) => void) | null {
    const channel = this.#channel;
    return channel && this.state.hasHandshake && !this.#isClosed ? (frame) => channel.send(frame) : null;
  }

  /** A legacy client wants to watch a resource. Resolves with null when the server has agreed. */
  async subscribe(uri: string): Promise<CallFailure | null> {
    const failure = await this.subscriptions.subscribe(uri, this.#unsolicited);
    if (failure) return failure;
    this.state.watched.add(uri);
    this.state.changed();
    return null;
  }

  unsubscribe(uri: string): void {
    this.subscriptions.unsubscribe(uri, this.#unsolicited);
    this.state.watched.delete(uri);
    this.state.changed();
  }

  /** A server's list is not what it was, or has come late. */
  listChanged(list: ChangedList): void {
    this.names.forget();
    this.owners.forget();
    this.#changes.note(list);
  }

  #tellListChanged(list: ChangedList): void {
    if (this.state.isInitialized) this.tell(notificationFrame(`notifications/${list}/list_changed`));
    this.listens.listChanged(list);
  }

  /** A server is there, for the first time or again. */
  attached(link: ServerLink, upstream: Upstream, wasLost: boolean): void {
    const { logLevel, isRestored } = this.state;
    if (logLevel !== null) void upstream.logLevel.want(link, logLevel);
    this.subscriptions.restore(link, upstream);
    if (!wasLost && !isRestored) return;
    for (const list of ['tools', 'prompts', 'resources'] as const) {
      if (upstream.facts.capabilities[list]?.listChanged) this.listChanged(list);
    }
  }

  /** A server is gone. Where the client may wait for its news it is started again at once, else by the next call. */
  detached(link: ServerLink, { asked }: ConnectionEnd): void {
    if (this.#isClosed || !this.endpoint.members().includes(link.server)) return;
    const isAwaited =
      this.subscriptions.needs(link) || (!asked && this.state.isInitialized && this.#channel !== null);
    if (!isAwaited) return;
    link.ready().catch((error: unknown) => {
      const { message } = toErrorInfo(error);
      this.#deps.logger.log('warn', 'mux.restart-failed', { server: link.server, message });
    });
  }

  /** Definitions have changed: what was started from them is let go, and the client is told. */
  serversChanged(names: readonly string[]): void {
    this.names.forget();
    const members = this.endpoint.members();
    for (const name of names) {
      const link = this.#links.get(name);
      const { upstream } = link ?? {};
      if (
        link &&
        upstream &&
        (!members.includes(name) || this.pool.keyOf(name, this.applicant()) !== upstream.key)
      ) {
        link.renew();
      }
    }
    if (names.some((name) => members.includes(name) || this.#links.has(name))) {
      for (const list of ['tools', 'prompts', 'resources'] as const) {
        if (this.hub.promisesNewsOf(list)) this.listChanged(list);
      }
    }
  }

  /** Tools of a server that were held back may be seen and called. */
  toolsReleased(server: string): void {
    if (!this.endpoint.members().includes(server)) return;
    if (this.hub.promisesNewsOf('tools')) this.listChanged('tools');
    else this.names.forget();
  }

  record(): ConversationRecord | null {
    return this.state.record();
  }

  onRecordChanged(listener: () => void): void {
    this.state.onChanged(listener);
  }

  /** Servers are met again by the next call; what they told before is not known, so all of it counts as changed. */
  #restore(record: ConversationRecord): void {
    if (!this.state.restore(record)) return;
    if (this.endpoint.single === null) {
      for (const list of ['tools', 'prompts', 'resources'] as const) this.listChanged(list);
    }
    // Watching takes a running server; without anything to watch none has to run yet.
    for (const uri of record.subscriptions) void this.subscribe(uri);
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.listens.close(this.hub.serverInfo);
    this.#isClosed = true;
    this.#changes.close();
    this.requests.cancelAll('the client is gone');
    this.questions.close();
    this.parking.close();
    await Promise.all([...this.#links.values()].map((link) => link.close()));
    this.#hubTap?.close();
    this.#deps.ended(this);
  }
}

/** For what is started before a client has said who it is. */
const NOBODY: ClientIdentity = {
  era: 'legacy',
  protocolVersion: '2025-11-25',
  clientInfo: null,
  capabilities: '{}',
};
