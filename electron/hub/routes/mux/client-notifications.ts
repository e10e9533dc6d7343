import type { Envelope } from '../../../../shared/json-rpc/envelope.ts';
import type { ClientConversation } from './conversation.ts';

/** A notification of a client: what it means here, and which servers hear of it. */
export function receiveClientNotification(
  conversation: ClientConversation,
  frame: Buffer,
  envelope: Envelope,
  receivedAt: number,
): void {
  const reached = pass(conversation, frame, envelope);
  if (!reached) conversation.ignored.notifications += 1;
  conversation
    .hubTap()
    .notification('client-to-server', { bytes: frame, envelope, receivedAt, forwardedAt: performance.now() });
}

/** False when it meant nothing to anybody. */
function pass(conversation: ClientConversation, frame: Buffer, envelope: Envelope): boolean {
  switch (envelope.method) {
    case 'notifications/initialized':
      // The servers have had theirs when they were started.
      conversation.state.initialized();
      return true;
    case 'notifications/cancelled':
      if (envelope.cancelsId !== null)
        conversation.requests.withId(envelope.cancelsId)?.cancel('cancelled by the client');
      return true;
    case 'notifications/progress':
      return conversation.questions.progressed(frame, envelope);
    case 'notifications/roots/list_changed':
      return tellPrivate(conversation, frame, envelope);
    default: {
      const upstream = conversation.only?.upstream;
      upstream?.tell(frame, envelope.method);
      return upstream !== undefined && upstream !== null;
    }
  }
}

/** Roots are declared to private servers only, and modern ones ask for them when they want to know. */
function tellPrivate(conversation: ClientConversation, frame: Buffer, { method }: Envelope): boolean {
  let isHeard = false;
  for (const { upstream } of conversation.links()) {
    if (!upstream?.isPrivate || upstream.era !== 'legacy') continue;
    upstream.tell(frame, method);
    isHeard = true;
  }
  return isHeard;
}
