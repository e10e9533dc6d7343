import { editFrame } from '../../frames/edit-frame.ts';
import { findMember, stringAt } from '../../frames/find-member.ts';
import { readEnvelope } from '../../frames/read-envelope.ts';
import type { ServerMessage } from './attached.ts';
import { mayBeAsked } from './client-identity.ts';
import { QUESTION_CAPABILITIES } from './eras/input-required.ts';
import { errorFrame, idKey, RPC, type CallFailure } from './rpc-frames.ts';
import { questionKey, type ServerLink } from './server-link.ts';
import type { Upstream } from './upstream.ts';

/**
 * Passes a server's request on to the client it belongs to. Null when it has been put, else why not: only what a
 * client has declared is asked of it (B27).
 */
export function putQuestion(
  link: ServerLink,
  upstream: Upstream,
  message: ServerMessage,
): CallFailure | null {
  const { conversation } = link;
  const { frame, envelope, call, receivedAt } = message;
  const { questions } = conversation;
  const id = envelope.id!;
  const key = questionKey(upstream, idKey(id));
  if (questions.has(key) || conversation.parking.has(key))
    return { code: RPC.invalidRequest, message: `A request with id ${id} is open already.` };
  if (questions.isFull) return { code: RPC.other, message: 'Too many questions wait for the client.' };
  const method = envelope.method!;
  const identity = call?.request.identity ?? conversation.state.identity;
  const params = frame.toString('utf8', envelope.ranges.params, envelope.ranges.paramsEnd);
  if (method === 'roots/list' && !upstream.isPrivate && !(call && message.isCertain)) {
    return {
      code: RPC.methodNotFound,
      message: 'A shared server is told roots only in a call of their owner.',
    };
  }
  const isKnown = Object.hasOwn(QUESTION_CAPABILITIES, method);
  const mayAsk =
    identity && (isKnown ? mayBeAsked(identity.capabilities, method, params || null) : upstream.isPrivate);
  // Roots are asked for at any time, first of all after the handshake: the one call there is may know nothing of it.
  const isOfCall = message.isCertain && method !== 'roots/list';
  if (!mayAsk && isKnown && call?.request.era === 'modern' && isOfCall) {
    const data = { requiredCapabilities: { [QUESTION_CAPABILITIES[method]!]: {} } };
    upstream.cancel(call, 'the client does not take its question');
    call.failed({ code: RPC.missingCapability, message: `${link.server} needs ${method}.`, data });
  }
  if (!mayAsk) return { code: RPC.methodNotFound, message: `The client does not take ${method}.` };
  if (identity.era === 'modern') return conversation.parking.park(upstream, message);

  const direct = call?.reply ?? null;
  const send = direct ? (out: Buffer) => direct.send(out) : conversation.teller();
  if (!send) return { code: RPC.other, message: `The client cannot be asked ${method} outside of a call.` };
  conversation.tasks.noteElicitation(link, frame, envelope);
  const labelled =
    conversation.endpoint.single === null ? withServerName(frame, envelope, link.server) : frame;
  const put = labelled === frame ? envelope : readEnvelope(labelled)!;
  const tapped = link
    .tapOf(upstream)
    .request('server-to-client', { bytes: frame, envelope, receivedAt, forwardedAt: performance.now() });
  const token = envelope.progressToken;
  questions.ask(
    {
      call,
      key,
      tapped,
      send,
      answered(answer, { ranges }) {
        upstream.tell(editFrame(answer, [{ start: ranges.id, end: ranges.idEnd, with: id }]), null);
      },
      progressed(progress, { ranges, method: named }) {
        if (token === null) return;
        upstream.tell(
          editFrame(progress, [{ start: ranges.token, end: ranges.tokenEnd, with: token }]),
          named,
        );
      },
      dropped() {
        upstream.tell(errorFrame(id, { code: RPC.other, message: 'The client is gone.' }), null);
      },
    },
    labelled,
    put,
  );
  return null;
}

/** A person who is asked must see by whom: behind one endpoint all servers look like one. */
export function withServerName(
  frame: Buffer,
  { method, ranges }: ServerMessage['envelope'],
  server: string,
): Buffer {
  if (method !== 'elicitation/create' || ranges.params === 0) return frame;
  const message = findMember(frame, ranges.params, 'message');
  const text = message && stringAt(frame, message);
  if (!message || text === null) return frame;
  return editFrame(frame, [
    { start: message.start, end: message.end, with: JSON.stringify(`[${server}] ${text}`) },
  ]);
}
