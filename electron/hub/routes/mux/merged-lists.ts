import { editFrame } from '../../frames/edit-frame.ts';
import { findMember } from '../../frames/find-member.ts';
import type { ClientRequest } from './client-request.ts';
import type { ClientConversation } from './conversation.ts';
import { SERVER_INFO_KEY } from './eras/meta-keys.ts';
import { gatherLists, type ListPart } from './gather-lists.ts';
import type { NamedList } from './named-routes.ts';
import { RPC } from './rpc-frames.ts';
import { interfaceUris, LISTS, type ListItem, type ListMethod } from './upstream-lists.ts';

/**
 * Answers a list with the lists of all servers in the order of the catalog, on one page. What cannot be had in time
 * is left out, and told of as a change when it comes.
 */
export function answerMergedList(conversation: ClientConversation, request: ClientRequest): void {
  const method = request.method as ListMethod;
  const answering = conversation.answering(request);
  const { frame, envelope } = request;
  if (envelope.ranges.params !== 0 && findMember(frame, envelope.ranges.params, 'cursor')) {
    return answering.fail({
      code: RPC.invalidParams,
      message: 'Invalid params: the list has one page only.',
    });
  }
  const gathered = gatherLists(conversation.links(), {
    method,
    late: conversation.late,
    cameLate: () => conversation.listChanged(LISTS[method].capability),
  });
  answering.when(gathered, (parts) => {
    if (!answering.isOver) answering.answer(mergedFrame(conversation, request, parts));
  });
}

const COMMA = Buffer.from(',');
const END = Buffer.from(']}}');

function mergedFrame(
  conversation: ClientConversation,
  request: ClientRequest,
  parts: readonly ListPart[],
): Buffer {
  const method = request.method as ListMethod;
  const shown = parts.map((part) => joined(conversation, method, part)).filter((bytes) => bytes.length > 0);
  const pieces = shown.flatMap((bytes, index) => (index === 0 ? [bytes] : [COMMA, bytes]));
  const hints = request.era === 'modern' ? modernHints(conversation, parts) : '';
  const head = `{"jsonrpc":"2.0","id":${request.id},"result":{${hints}"${LISTS[method].member}":[`;
  return Buffer.concat([Buffer.from(head), ...pieces, END]);
}

/** A merged list holds as long as the shortest of its parts, and for whom all of them do. */
function modernHints({ hub }: ClientConversation, parts: readonly ListPart[]): string {
  const ttlMs = Math.min(...parts.map(({ snapshot }) => snapshot.ttlMs));
  const isPublic = parts.every(({ snapshot }) => snapshot.isPublic);
  return (
    `"resultType":"complete","ttlMs":${Number.isFinite(ttlMs) ? ttlMs : 0},` +
    `"cacheScope":"${isPublic && Number.isFinite(ttlMs) ? 'public' : 'private'}",` +
    `"_meta":{"${SERVER_INFO_KEY}":${hub.serverInfo}},`
  );
}

/** One server's items as they are shown. What another server has too is all that costs more than a copy. */
function joined(conversation: ClientConversation, method: ListMethod, { link, snapshot }: ListPart): Buffer {
  const { names, owners } = conversation;
  const view = names.view(link, method, snapshot);
  const isResources = method.startsWith('resources');
  const mentioned = isResources ? snapshot.keys : snapshot.uris;
  const collides = [...mentioned].some((uri) => owners.shown(link, uri) !== uri);
  const isClaimed = !isResources && names.canCollide;
  if (!collides && !isClaimed) return view.joined;
  const bytes = isResources
    ? snapshot.items.map((item) => withUri(item, owners.shown(link, item.key)))
    : view.items
        .filter(({ shown }) => !isClaimed || names.known(method as NamedList, shown) !== null)
        .map((item) => withInterfaces(item.bytes, (uri) => owners.shown(link, uri)));
  return Buffer.concat(bytes.flatMap((one, index) => (index === 0 ? [one] : [COMMA, one])));
}

const withUri = ({ bytes, key, keyStart, keyEnd }: ListItem, shown: string): Buffer =>
  shown === key ? bytes : editFrame(bytes, [{ start: keyStart, end: keyEnd, with: JSON.stringify(shown) }]);

function withInterfaces(tool: Buffer, shown: (uri: string) => string): Buffer {
  const edits = interfaceUris(tool).flatMap(({ uri, start, end }) =>
    shown(uri) === uri ? [] : [{ start, end, with: JSON.stringify(shown(uri)) }],
  );
  return edits.length === 0 ? tool : editFrame(tool, edits);
}
