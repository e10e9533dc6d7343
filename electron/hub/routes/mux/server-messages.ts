import type { Envelope, Era } from '../../../../shared/json-rpc/envelope.ts';
import { readEnvelope } from '../../frames/read-envelope.ts';
import { LARGE_FRAME_BYTES, skimAnswer } from '../../frames/skim-envelope.ts';
import type { Attached, ChangedList, ServerMessage } from './attached.ts';
import type { ClientCall } from './client-call.ts';
import { errorFrame, idKey, resultFrame, RPC } from './rpc-frames.ts';
import type { Upstream } from './upstream.ts';

interface Received {
  frame: Buffer;
  envelope: Envelope;
  receivedAt: number;
}

/** A malformed line that is longer than this is no answer anybody could use. */
const MAX_MALFORMED_BYTES = 1024 * 1024;

const LIST_CHANGES: ReadonlyMap<string, ChangedList> = new Map([
  ['notifications/tools/list_changed', 'tools'],
  ['notifications/prompts/list_changed', 'prompts'],
  ['notifications/resources/list_changed', 'resources'],
]);

/**
 * The envelope of a frame from a server; null when it is no message. A large answer is read by its ends, but a modern
 * one says what it is: where the ends do not show that, it is read in full.
 */
export function readMessage(frame: Buffer, era: Era | null): Envelope | null {
  const envelope = skimAnswer(frame);
  const isUntold = era === 'modern' && frame.length >= LARGE_FRAME_BYTES && envelope?.resultType === null;
  return isUntold ? readEnvelope(frame) : envelope;
}

/**
 * Whom a message of a server is for. HTTP tells by the stream. On pipes nothing does: a private server has one client;
 * on a shared one it is clear only while a single client has calls under way, and nobody is guessed (protocol facts
 * §2.12).
 */
function receiverOf(upstream: Upstream, request: number | null): Receiver | null {
  const named = upstream.callOf(request);
  if (named) return { to: named.link, call: named, isCertain: true };
  const calls = callsOf(upstream);
  const alone = upstream.isPrivate || upstream.attached.size === 1 ? [...upstream.attached][0] : undefined;
  const to = alone ?? calls[0]?.link;
  const own = calls.filter(({ link }) => link === to);
  if (!to || (!alone && own.length < calls.length)) return null;
  // A call that is parked has asked already; what is asked now is more likely for one whose client waits.
  const waiting = own.filter(({ reply }) => reply !== null);
  return { to, call: waiting.at(-1) ?? own[0] ?? null, isCertain: waiting.length === 1 };
}

interface Receiver {
  to: Attached;
  call: ClientCall | null;
  isCertain: boolean;
}

const callsOf = (upstream: Upstream): ClientCall[] =>
  [...upstream.pending].flatMap(({ client }) => client ?? []);

/** The server asks: `ping` is answered here, the rest by the client that the question belongs to (B27). */
export function answerRequest(upstream: Upstream, received: Received, request: number | null): void {
  const { envelope } = received;
  const { id, method } = envelope;
  if (method === 'ping') return upstream.tell(resultFrame(id!, '{}'), null);
  const receiver = receiverOf(upstream, request);
  const refusal = receiver
    ? receiver.to.asked(upstream, { ...received, ...receiver })
    : {
        code: RPC.other,
        message: `No single client could be told to answer ${method}: the server is shared.`,
      };
  if (refusal) upstream.tell(errorFrame(id, refusal), null);
}

/** Notifications go to whom they belong; those nobody may have are counted. */
export function receiveNotification(upstream: Upstream, received: Received, request: number | null): void {
  const { frame, envelope, receivedAt } = received;
  const { method } = envelope;
  if (method === 'notifications/progress') return upstream.progressed(frame, envelope, receivedAt);
  const changed = LIST_CHANGES.get(method!);
  if (changed) return upstream.listChanged(changed);
  if (method === 'notifications/cancelled') {
    if (envelope.cancelsId === null) return;
    const id = idKey(envelope.cancelsId);
    for (const attached of upstream.attached) attached.withdrawn(upstream, id);
    return;
  }
  if (method === 'notifications/subscriptions/acknowledged') {
    return upstream.subscriptions.acknowledged(frame, envelope);
  }
  if (!upstream.allowsNotice(frame.length, receivedAt)) return;
  if (method === 'notifications/resources/updated') {
    const message: ServerMessage = { ...received, call: null, isCertain: false };
    if (envelope.target !== null)
      for (const attached of upstream.attached) attached.resourceUpdated(envelope.target, message);
  } else if (method === 'notifications/message') {
    const receiver = receiverOf(upstream, request);
    if (receiver) receiver.to.logged({ ...received, ...receiver });
    else upstream.ignored.notifications += 1;
  } else {
    const receiver = receiverOf(upstream, request);
    const certain = receiver?.isCertain ? receiver : null;
    for (const attached of upstream.attached) {
      const call = certain?.to === attached ? certain.call : null;
      attached.notified({ ...received, call, isCertain: call !== null });
    }
  }
}

/** The number of the request that a malformed line means to answer; null when it tells none (B21). */
export function malformedAnswer(line: Buffer): number | null {
  if (line.length > MAX_MALFORMED_BYTES || !line.includes('"id"')) return null;
  try {
    const { id, method } = JSON.parse(line.toString('utf8')) as { id?: unknown; method?: unknown };
    return typeof id === 'number' && method === undefined ? id : null;
  } catch {
    return null;
  }
}
