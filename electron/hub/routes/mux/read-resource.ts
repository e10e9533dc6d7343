import { readEnvelope } from '../../frames/read-envelope.ts';
import { editFrame } from '../../frames/edit-frame.ts';
import type { ClientRequest } from './client-request.ts';
import type { ClientConversation } from './conversation.ts';
import type { OwnedResource } from './resource-owners.ts';
import { resultUris } from './result-uris.ts';
import { forward, keptRequest, uriOf } from './request-routes.ts';
import { RPC } from './rpc-frames.ts';
import type { AnswerChange, CallTerms } from './client-call.ts';

/**
 * Reads a resource from the server it belongs to. One that nobody is known to have is asked for at the servers that
 * might, one after the other; what the last of them says is the answer.
 */
export function readResource(conversation: ClientConversation, request: ClientRequest): void {
  const { only, owners } = conversation;
  if (only) return forward(conversation, request, only);
  const shown = uriOf(request);
  if (shown === null) {
    return conversation
      .answering(request)
      .fail({ code: RPC.invalidParams, message: 'Invalid params: uri is missing.' });
  }
  const owner = owners.known(shown);
  if (owner) return forward(conversation, request, owner.link, termsOf(request, shown, owner));
  const searching = conversation.searching(keptRequest(request));
  searching.when(owners.find(shown), (candidates) => {
    if (searching.isOver) return;
    if (candidates.length === 0) {
      return searching.fail({ code: RPC.invalidParams, message: `No server has the resource ${shown}.` });
    }
    searching.handOver(() => ask(conversation, searching.request, shown, candidates));
  });
}

function ask(
  conversation: ClientConversation,
  request: ClientRequest,
  shown: string,
  [first, ...rest]: readonly OwnedResource[],
): void {
  if (!first) return;
  const kept = keptRequest(request);
  const intercept: CallTerms['intercept'] = (frame, envelope, call) => {
    if (!envelope.error || rest.length === 0) return false;
    call.handOver(frame, envelope);
    ask(conversation, kept, shown, rest);
    return true;
  };
  forward(conversation, request, first.link, { ...termsOf(request, shown, first), intercept });
}

function termsOf({ envelope }: ClientRequest, shown: string, { uri }: OwnedResource): Partial<CallTerms> {
  if (uri === shown) return {};
  const { uri: start, uriEnd: end } = envelope.ranges;
  return { edit: { start, end, with: JSON.stringify(uri) }, target: uri, finish: restoreUris };
}

/** The contents under the URIs that the client knows. */
const restoreUris: AnswerChange = (frame, envelope, { link }) => {
  const read = envelope.ranges.result === 0 || envelope.error ? null : readEnvelope(frame);
  if (!read) return frame;
  const { owners } = link.conversation;
  const edits = resultUris(frame, read, 'resources/read').flatMap(({ uri, start, end }) => {
    const shown = owners.shown(link, uri);
    return shown === uri ? [] : [{ start, end, with: JSON.stringify(shown) }];
  });
  return edits.length === 0 ? frame : editFrame(frame, edits);
};
