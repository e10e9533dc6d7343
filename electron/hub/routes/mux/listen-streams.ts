import { readEnvelope } from '../../frames/read-envelope.ts';
import type { ChangedList } from './attached.ts';
import type { ClientConversation } from './conversation.ts';
import { acknowledged, listenEnded, readListenFilter, tagged, type ListenFilter } from './eras/listen.ts';
import type { HubAnswering } from './hub-answers.ts';
import { notificationFrame, RPC } from './rpc-frames.ts';
import type { Subscriber } from './client-subscriptions.ts';

/** How long a stream may wait for its servers before it says what it honours. */
const LONGEST_WAIT_MS = 5_000;

const FLAGS = {
  tools: 'toolsListChanged',
  prompts: 'promptsListChanged',
  resources: 'resourcesListChanged',
} as const;

interface Stream extends Subscriber {
  answering: HubAnswering;
  honoured: ListenFilter;
  /** Nothing comes before the acknowledgement; what happens meanwhile is told after it. */
  held: Buffer[] | null;
}

/** The `subscriptions/listen` streams of one modern client. */
export class ListenStreams {
  readonly #conversation: ClientConversation;
  readonly #streams = new Set<Stream>();

  constructor(conversation: ClientConversation) {
    this.#conversation = conversation;
  }

  open(answering: HubAnswering): void {
    const { request } = answering;
    const wanted = readListenFilter(request.frame, request.envelope);
    if (!wanted) {
      const message = 'Invalid params: notifications must hold a filter of subscriptions.';
      return answering.fail({ code: RPC.invalidParams, message });
    }
    const { id, reply } = request;
    const held: Buffer[] = [];
    const stream: Stream = {
      answering,
      honoured: {},
      held,
      updated(frame) {
        const out = tagged(frame, readEnvelope(frame)!, id);
        if (stream.held) stream.held.push(out);
        else reply.send(out);
      },
    };
    this.#streams.add(stream);
    answering.when(this.#honour(stream, wanted), () => {
      if (answering.isOver) return;
      reply.send(acknowledged(id, stream.honoured));
      const missed = stream.held ?? [];
      stream.held = null;
      for (const frame of missed) reply.send(frame);
    });
  }

  /** What of the wishes can be kept. A single server's word counts; behind several the hub tells by itself. */
  async #honour(stream: Stream, wanted: ListenFilter): Promise<void> {
    const { endpoint, subscriptions } = this.#conversation;
    const link = endpoint.single === null ? null : this.#conversation.linkTo(endpoint.single);
    const opened = link && (await withinLimit(link.ready()));
    const capabilities = opened?.facts.capabilities ?? link?.facts?.capabilities;
    const honoured: ListenFilter = {};
    for (const list of Object.keys(FLAGS) as ChangedList[]) {
      const isKept = link === null || capabilities?.[list]?.listChanged === true;
      if (wanted[FLAGS[list]] === true && isKept) honoured[FLAGS[list]] = true;
    }
    stream.honoured = honoured;
    const uris = wanted.resourceSubscriptions ?? [];
    if (uris.length === 0 || (link && !capabilities?.resources?.subscribe)) return;
    const agreed: string[] = [];
    const asking = Promise.all(
      uris.map(async (uri) => {
        if ((await subscriptions.subscribe(uri, stream)) !== null) return;
        if (stream.answering.isOver) subscriptions.unsubscribe(uri, stream);
        else agreed.push(uri);
      }),
    );
    await withinLimit(asking);
    stream.honoured = { ...honoured, resourceSubscriptions: uris.filter((uri) => agreed.includes(uri)) };
  }

  listChanged(list: ChangedList): void {
    if (this.#streams.size === 0) return;
    const frame = notificationFrame(`notifications/${list}/list_changed`);
    for (const stream of this.#streams) {
      if (stream.honoured[FLAGS[list]] === true) stream.updated(frame);
    }
  }

  /** The client has gone from it, or gave it up. */
  over(answering: HubAnswering): void {
    for (const stream of this.#streams) {
      if (stream.answering !== answering) continue;
      this.#streams.delete(stream);
      this.#conversation.subscriptions.drop(stream);
    }
  }

  /** Ends all of them in the way that tells clients that nothing went wrong. */
  close(serverInfo: string): void {
    for (const { answering } of this.#streams)
      answering.answer(listenEnded(answering.request.id, serverInfo));
    this.#streams.clear();
  }
}

/** The value, or null when it fails or takes too long. */
async function withinLimit<T>(promise: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), LONGEST_WAIT_MS).unref();
  });
  try {
    return await Promise.race([promise.catch(() => null), late]);
  } finally {
    clearTimeout(timer);
  }
}
