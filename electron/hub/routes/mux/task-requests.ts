import type { Envelope } from '../../../../shared/json-rpc/envelope.ts';
import { editFrame } from '../../frames/edit-frame.ts';
import { findMember, listElements, stringAt } from '../../frames/find-member.ts';
import type { ClientCall } from './client-call.ts';
import type { ClientRequest } from './client-request.ts';
import type { ClientConversation } from './conversation.ts';
import { forward } from './request-routes.ts';
import { resultFrame, RPC, type CallFailure } from './rpc-frames.ts';
import type { ServerLink } from './server-link.ts';

const NOT_FOUND: CallFailure = { code: RPC.invalidParams, message: 'Task not found.' };

/** Requests about tasks: of either era, to the server that has the task, for the client whose task it is. */
export function routeTask(conversation: ClientConversation, request: ClientRequest): void {
  const { only, tasks } = conversation;
  const { frame, envelope, method, era } = request;
  if (method === 'tasks/list') return listTasks(conversation, request);
  const found = envelope.ranges.params === 0 ? null : findMember(frame, envelope.ranges.params, 'taskId');
  const taskId = found && stringAt(frame, found);
  const owner = taskId === null ? null : tasks.ownerOf(taskId);
  // The modern era has no sessions: its ids cannot be guessed, and the server checks who asks.
  const mayForward = only !== null && (era === 'modern' || conversation.pool.isPrivate(only.server));
  const link = owner ?? (mayForward ? only : null);
  if (!link) return conversation.answering(request).fail(NOT_FOUND);
  forward(conversation, request, link, { target: taskId });
}

function listTasks(conversation: ClientConversation, request: ClientRequest): void {
  const { only } = conversation;
  if (only) {
    const finish = conversation.pool.isPrivate(only.server) ? null : ownTasks;
    return forward(conversation, request, only, { finish });
  }
  const answering = conversation.answering(request);
  answering.when(Promise.all(conversation.links().map((link) => tasksOf(link))), (lists) => {
    answering.answer(resultFrame(request.id, `{"tasks":[${lists.flat().join(',')}]}`));
  });
}

/** JSON texts of this conversation's tasks at one server, which is not started for it. */
async function tasksOf(link: ServerLink): Promise<string[]> {
  const { upstream } = link;
  if (!upstream?.facts.capabilities.tasks) return [];
  try {
    const { frame, envelope } = await upstream.own.ask('tasks/list', '{}');
    return own(link, frame, envelope).map(({ start, end }) => frame.toString('utf8', start, end));
  } catch {
    return [];
  }
}

const ownTasks = (frame: Buffer, envelope: Envelope, { link }: ClientCall): Buffer => {
  const list = envelope.error ? null : findMember(frame, envelope.ranges.result, 'tasks');
  if (!list) return frame;
  const texts = own(link, frame, envelope).map(({ start, end }) => frame.toString('utf8', start, end));
  return editFrame(frame, [{ start: list.start, end: list.end, with: `[${texts.join(',')}]` }]);
};

function own(
  link: ServerLink,
  frame: Buffer,
  { error, ranges }: Envelope,
): readonly { start: number; end: number }[] {
  const list = error || frame[ranges.result] !== 0x7b ? null : findMember(frame, ranges.result, 'tasks');
  const elements = (list && listElements(frame, list.start)) ?? [];
  return elements.filter(({ start }) => {
    const id = findMember(frame, start, 'taskId');
    const text = id && stringAt(frame, id);
    return text !== null && link.conversation.tasks.ownerOf(text) === link;
  });
}
