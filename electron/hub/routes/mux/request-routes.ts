import { findPath, stringAt, type Member } from '../../frames/find-member.ts';
import type { Edit } from '../../frames/edit-frame.ts';
import { ClientCall, type CallTerms } from './client-call.ts';
import type { ClientRequest } from './client-request.ts';
import type { ClientConversation } from './conversation.ts';
import { readResource } from './read-resource.ts';
import { answerDiscover, answerInitialize } from './introductions.ts';
import { isLogLevel } from './log-levels.ts';
import { answerMergedList } from './merged-lists.ts';
import type { NamedList, NamedRoute } from './named-routes.ts';
import { showOnePage } from './one-page.ts';
import { resultFrame, RPC, type CallFailure } from './rpc-frames.ts';
import type { ServerLink } from './server-link.ts';
import { routeTask } from './task-requests.ts';

type Route = (conversation: ClientConversation, request: ClientRequest) => void;

/** Of the legacy era only: a modern server does not know them. */
const LEGACY_ONLY: ReadonlySet<string> = new Set([
  'initialize',
  'ping',
  'logging/setLevel',
  'resources/subscribe',
  'resources/unsubscribe',
  'tasks/list',
  'tasks/result',
]);
const MODERN_ONLY: ReadonlySet<string> = new Set(['subscriptions/listen', 'tasks/update']);

const ROUTES: ReadonlyMap<string, Route> = new Map<string, Route>([
  ['initialize', answerInitialize],
  ['server/discover', answerDiscover],
  ['ping', (conversation, request) => conversation.answering(request).answer(resultFrame(request.id, '{}'))],
  ['tools/list', routeList],
  ['prompts/list', routeList],
  ['resources/list', routeList],
  ['resources/templates/list', routeList],
  ['tools/call', (conversation, request) => routeNamed(conversation, request, 'tools/list')],
  ['prompts/get', (conversation, request) => routeNamed(conversation, request, 'prompts/list')],
  ['resources/read', readResource],
  ['resources/subscribe', subscribe],
  ['resources/unsubscribe', unsubscribe],
  ['completion/complete', routeCompletion],
  ['logging/setLevel', setLevel],
  [
    'subscriptions/listen',
    (conversation, request) => conversation.listens.open(conversation.answering(request)),
  ],
  ['tasks/get', routeTask],
  ['tasks/list', routeTask],
  ['tasks/result', routeTask],
  ['tasks/cancel', routeTask],
  ['tasks/update', routeTask],
]);

/** Sends a request where it belongs. What nobody knows goes to a single server, which may. */
export function routeRequest(conversation: ClientConversation, request: ClientRequest): void {
  const { method, era } = request;
  if ((era === 'modern' ? LEGACY_ONLY : MODERN_ONLY).has(method))
    return refuse(conversation, request, unknown(method));
  if (era === 'modern' && conversation.parking.resume(request)) return;
  const route = ROUTES.get(method);
  if (route) return route(conversation, request);
  const { only } = conversation;
  if (only) return forward(conversation, request, only);
  refuse(conversation, request, unknown(method));
}

const unknown = (method: string): CallFailure => ({
  code: RPC.methodNotFound,
  message: `Method not found: ${method}`,
});

const refuse = (conversation: ClientConversation, request: ClientRequest, failure: CallFailure): void =>
  conversation.answering(request).fail(failure);

/** Sends a request to one server, as it is unless the terms say otherwise. */
export function forward(
  conversation: ClientConversation,
  request: ClientRequest,
  link: ServerLink,
  terms: Partial<CallTerms> = {},
): void {
  const { edit = null, target = null, finish = null, intercept = null } = terms;
  conversation.start(new ClientCall(request, { link, edit, target, finish, intercept }));
}

function routeList(conversation: ClientConversation, request: ClientRequest): void {
  const { only } = conversation;
  if (!only) return answerMergedList(conversation, request);
  if (request.method !== 'tools/list') return forward(conversation, request, only);
  const { frame, envelope } = request;
  const found = envelope.ranges.params === 0 ? null : findPath(frame, envelope.ranges.params, ['cursor']);
  const cursor = found && stringAt(frame, found);
  forward(conversation, request, only, {
    finish: (answer, read, call) => showOnePage(answer, read, call, cursor),
  });
}

function routeNamed(conversation: ClientConversation, request: ClientRequest, list: NamedList): void {
  const { only, names } = conversation;
  const { envelope } = request;
  const shown = envelope.ranges.name === 0 ? null : envelope.target;
  if (shown === null) {
    // A single server has its own words for it.
    if (only) return forward(conversation, request, only);
    return refuse(conversation, request, {
      code: RPC.invalidParams,
      message: 'Invalid params: name is missing.',
    });
  }
  const plain = only && names.isPlain(list, only, shown) ? { link: only, original: null } : null;
  // After a restart of the hub it is not known what an earlier one had renamed.
  const route = plain && !conversation.state.isRestored ? plain : names.known(list, shown);
  if (route) return callNamed(conversation, request, route);
  const searching = conversation.searching(keptRequest(request));
  searching.when(names.find(list, shown), (listed) => {
    const found = listed ?? plain;
    if (searching.isOver) return;
    if (found) return searching.handOver(() => callNamed(conversation, searching.request, found));
    const what = list === 'tools/list' ? 'tool' : 'prompt';
    searching.fail({ code: RPC.invalidParams, message: `Unknown ${what}: ${shown}` });
  });
}

/** What is read after this turn has to be the request's own. */
export function keptRequest(request: ClientRequest): ClientRequest {
  return { ...request, frame: Buffer.from(request.frame) };
}

function callNamed(
  conversation: ClientConversation,
  request: ClientRequest,
  { link, original }: { link: ServerLink; original: string | null },
): void {
  const { envelope, method } = request;
  const held =
    method === 'tools/call' ? conversation.tools.refusal(link.server, original ?? envelope.target!) : null;
  if (held !== null) return refuse(conversation, request, { code: RPC.other, message: held });
  const { name, nameEnd } = envelope.ranges;
  const edit: Edit | null =
    original === null ? null : { start: name, end: nameEnd, with: JSON.stringify(original) };
  forward(conversation, request, link, {
    edit,
    target: original,
    finish: finishOf(conversation, request, link),
  });
}

/** What a call's result is looked at for: references behind a merged endpoint, and tasks. */
function finishOf(
  conversation: ClientConversation,
  { method, frame, envelope, era }: ClientRequest,
  link: ServerLink,
): CallTerms['finish'] {
  const isMerged = conversation.only === null;
  const isTask =
    method === 'tools/call' &&
    (era === 'modern'
      ? isMerged
      : envelope.ranges.params !== 0 && findPath(frame, envelope.ranges.params, ['task']) !== null);
  if (!isMerged && !isTask) return null;
  return (answer, read, call) => {
    if (isTask && conversation.tasks.note(link, answer, read)) call.outlive();
    return isMerged ? conversation.owners.showResult(answer, read, link, method) : answer;
  };
}

function routeCompletion(conversation: ClientConversation, request: ClientRequest): void {
  const { only } = conversation;
  const { frame, envelope } = request;
  if (only) return forward(conversation, request, only);
  const at = (key: string): Member | null =>
    envelope.ranges.params === 0 ? null : findPath(frame, envelope.ranges.params, ['ref', key]);
  const [name, uri] = [at('name'), at('uri')];
  const [nameText, uriText] = [name && stringAt(frame, name), uri && stringAt(frame, uri)];
  if (nameText === null && uriText === null) {
    return refuse(conversation, request, {
      code: RPC.invalidParams,
      message: 'Invalid params: ref names nothing.',
    });
  }
  const { names, owners } = conversation;
  const searching = conversation.searching(keptRequest(request));
  const found: Promise<NamedRoute | null> =
    nameText !== null
      ? names.find('prompts/list', nameText)
      : owners.find(uriText!).then(([owner]) => (owner ? { link: owner.link, original: owner.uri } : null));
  searching.when(found, (route) => {
    if (searching.isOver) return;
    if (!route)
      return searching.fail({ code: RPC.invalidParams, message: 'Invalid params: ref names nothing.' });
    const { start, end } = (nameText !== null ? name : uri)!;
    const edit = { start, end, with: JSON.stringify(route.original) };
    searching.handOver(() =>
      forward(conversation, searching.request, route.link, { edit, target: route.original }),
    );
  });
}

function subscribe(conversation: ClientConversation, request: ClientRequest): void {
  const answering = conversation.answering(request);
  const uri = uriOf(request);
  if (uri === null)
    return answering.fail({ code: RPC.invalidParams, message: 'Invalid params: uri is missing.' });
  answering.when(conversation.subscribe(uri), (failure) => {
    if (failure) return answering.fail(failure);
    answering.answer(resultFrame(request.id, '{}'));
  });
}

function unsubscribe(conversation: ClientConversation, request: ClientRequest): void {
  const answering = conversation.answering(request);
  const uri = uriOf(request);
  if (uri === null)
    return answering.fail({ code: RPC.invalidParams, message: 'Invalid params: uri is missing.' });
  conversation.unsubscribe(uri);
  answering.answer(resultFrame(request.id, '{}'));
}

/** `params.uri`, whatever `params.name` says. */
export const uriOf = ({ frame, envelope }: ClientRequest): string | null => {
  const { uri, uriEnd } = envelope.ranges;
  return uri === 0 ? null : stringAt(frame, { start: uri, end: uriEnd });
};

function setLevel(conversation: ClientConversation, request: ClientRequest): void {
  const answering = conversation.answering(request);
  const { frame, envelope } = request;
  const found = envelope.ranges.params === 0 ? null : findPath(frame, envelope.ranges.params, ['level']);
  const level = found && stringAt(frame, found);
  if (level === null || !isLogLevel(level)) {
    return answering.fail({
      code: RPC.invalidParams,
      message: 'Invalid params: level is none of the log levels.',
    });
  }
  conversation.state.logLevel = level;
  conversation.state.changed();
  const links = conversation.only ? [conversation.only] : conversation.links();
  const told = Promise.all(links.map(async (link) => link.upstream?.logLevel.want(link, level)));
  answering.when(told, () => answering.answer(resultFrame(request.id, '{}')));
}
