import type { Envelope } from '../../../../../shared/json-rpc/envelope.ts';
import { editFrame } from '../../../frames/edit-frame.ts';
import { findMember, keyOf, listMembers, stringAt } from '../../../frames/find-member.ts';
import { changeMembers } from '../../../frames/edit-members.ts';

/** One question of a server, without ids: `elicitation/create`, `sampling/createMessage`, `roots/list`. */
export interface Question {
  key: string;
  method: string;
  /** JSON text of the params; null where there are none. */
  params: Buffer | null;
}

export interface InputRequired {
  requests: Question[];
  /** To be given back byte for byte with the retry. */
  requestState: string | null;
}

/** What each method asks the client to be able to do. */
export const QUESTION_CAPABILITIES: Readonly<Record<string, string>> = {
  'elicitation/create': 'elicitation',
  'sampling/createMessage': 'sampling',
  'roots/list': 'roots',
};

/** More questions at once than this are no conversation. */
const MAX_QUESTIONS = 64;

/** Reads an `input_required` result; null when it is not well formed. Copies what it returns. */
export function readInputRequired(frame: Buffer, { resultType, ranges }: Envelope): InputRequired | null {
  if (resultType !== 'input_required') return null;
  const state = findMember(frame, ranges.result, 'requestState');
  const requestState = state && stringAt(frame, state);
  if (state && requestState === null) return null;
  const requests: Question[] = [];
  const table = findMember(frame, ranges.result, 'inputRequests');
  if (table) {
    const members = listMembers(frame, table.start);
    if (!members || members.length > MAX_QUESTIONS) return null;
    for (const member of members) {
      const key = keyOf(frame, member);
      const named = findMember(frame, member.start, 'method');
      const method = named && stringAt(frame, named);
      if (key === null || !method || !Object.hasOwn(QUESTION_CAPABILITIES, method)) return null;
      const params = findMember(frame, member.start, 'params');
      requests.push({ key, method, params: params && Buffer.from(frame.subarray(params.start, params.end)) });
    }
  }
  return requests.length === 0 && requestState === null ? null : { requests, requestState };
}

/** Answers to questions, by their keys; values are JSON texts of results. */
export interface InputResponses {
  responses: { key: string; result: Buffer | string }[];
  requestState: string | null;
}

/** The request that was answered with questions, to be sent again with the answers. Its id is the caller's business. */
export function retryRequest(
  frame: Buffer,
  { ranges }: Envelope,
  { responses, requestState }: InputResponses,
): Buffer {
  const members = responses.map(({ key, result }) => `${JSON.stringify(key)}:${result.toString()}`);
  return editFrame(
    frame,
    changeMembers(frame, ranges.params, {
      inputResponses: members.length === 0 ? null : `{${members.join(',')}}`,
      requestState: requestState === null ? null : JSON.stringify(requestState),
    }),
  );
}

/** The answer with which a modern client is asked. `id` is raw JSON. */
export function inputRequiredResult(id: string, { requests, requestState }: InputRequired): Buffer {
  const questions = requests.map(({ key, method, params }) => {
    const body = params ? `,"params":${params.toString()}` : '';
    return `${JSON.stringify(key)}:{"method":${JSON.stringify(method)}${body}}`;
  });
  const parts = ['"resultType":"input_required"', `"inputRequests":{${questions.join(',')}}`];
  if (requestState !== null) parts.push(`"requestState":${JSON.stringify(requestState)}`);
  return Buffer.from(`{"jsonrpc":"2.0","id":${id},"result":{${parts.join(',')}}}`);
}

/** What a modern client brings with a retry; null when the request is none, or what it brings is malformed. */
export function readInputResponses(frame: Buffer, { ranges }: Envelope): InputResponses | null {
  if (ranges.params === 0) return null;
  const state = findMember(frame, ranges.params, 'requestState');
  const requestState = state && stringAt(frame, state);
  if (state && requestState === null) return null;
  const table = findMember(frame, ranges.params, 'inputResponses');
  if (!table) return state ? { responses: [], requestState } : null;
  const members = listMembers(frame, table.start);
  if (!members || members.length > MAX_QUESTIONS) return null;
  const responses: { key: string; result: Buffer }[] = [];
  for (const member of members) {
    const key = keyOf(frame, member);
    if (key === null) return null;
    responses.push({ key, result: Buffer.from(frame.subarray(member.start, member.end)) });
  }
  return { responses, requestState };
}
