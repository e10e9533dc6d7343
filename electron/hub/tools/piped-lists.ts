import { z } from 'zod';
import type { Direction } from '../../../shared/model/exchange.ts';
import { findMember, listElements, stringAt } from '../frames/find-member.ts';
import { readEnvelope } from '../frames/read-envelope.ts';
import { CLIENT_CAPABILITIES_KEY } from '../routes/mux/eras/meta-keys.ts';
import { PagedList } from './paged-list.ts';
import type { ListedTool, ToolObserver } from './tool-observer.ts';

/** Handshakes and questions for a list are short; a longer frame is a call's arguments and is not looked into. */
const MAX_REQUEST_BYTES = 64 * 1024;
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;
/** Questions under way at a time. */
const MAX_OPEN = 16;
const LIST = Buffer.from('tools/list');
const INITIALIZE = Buffer.from('initialize');

const Request = z.object({
  method: z.string(),
  params: z
    .object({
      cursor: z.string().optional(),
      capabilities: z.unknown().optional(),
      _meta: z.record(z.string(), z.unknown()).optional(),
    })
    .optional(),
});

/**
 * The tools that a server lists in a pipe, told of when a list is whole. Sees each frame after it was handed on; while
 * no list is under way that costs a short search of what the client sends and nothing of what the server does.
 */
export class PipedLists {
  readonly #server: string;
  readonly #observer: ToolObserver;
  readonly #pages = new PagedList();
  /** Questions without an answer, by raw id. */
  readonly #open = new Map<string, { cursor: string | null; audience: string }>();
  #capabilities = '{}';

  constructor(server: string, observer: ToolObserver) {
    this.#server = server;
    this.#observer = observer;
  }

  frame(direction: Direction, bytes: Buffer): void {
    try {
      if (direction === 'client-to-server') this.#asked(bytes);
      else if (this.#open.size > 0) this.#answered(bytes);
    } catch {
      // Frames pass as they are: what cannot be read here is for those it is meant for.
    }
  }

  #asked(bytes: Buffer): void {
    if (bytes.length > MAX_REQUEST_BYTES || !(bytes.includes(LIST) || bytes.includes(INITIALIZE))) return;
    const envelope = readEnvelope(bytes);
    if (envelope?.kind !== 'request') return;
    const request = Request.safeParse(JSON.parse(bytes.toString('utf8')));
    if (!request.success) return;
    const { method, params = {} } = request.data;
    if (method === 'initialize') this.#capabilities = JSON.stringify(params.capabilities ?? {});
    if (method !== 'tools/list') return;
    // A server need not answer what was cancelled.
    if (this.#open.size >= MAX_OPEN) this.#open.delete(this.#open.keys().next().value!);
    const own = params._meta?.[CLIENT_CAPABILITIES_KEY];
    const audience = own === undefined ? this.#capabilities : JSON.stringify(own);
    this.#open.set(envelope.id!, { cursor: params.cursor ?? null, audience });
  }

  #answered(bytes: Buffer): void {
    const envelope = readEnvelope(bytes);
    const question =
      envelope?.kind === 'response' && envelope.id !== null ? this.#open.get(envelope.id) : null;
    if (!envelope || !question) return;
    this.#open.delete(envelope.id!);
    if (envelope.error || bytes.length > MAX_ANSWER_BYTES) return;
    const page = readPage(bytes, envelope.ranges.result);
    const whole = page && this.#pages.take({ ...page, cursor: question.cursor });
    if (whole) this.#observer.listed(this.#server, question.audience, whole);
  }
}

/** The tools of one page as copies: the frame is a view. Null when it is no list. */
function readPage(frame: Buffer, result: number): { tools: ListedTool[]; next: string | null } | null {
  const list = frame[result] === 0x7b ? findMember(frame, result, 'tools') : null;
  const elements = list && listElements(frame, list.start);
  if (!elements) return null;
  const tools = elements.flatMap(({ start, end }): ListedTool[] => {
    const name = frame[start] === 0x7b ? findMember(frame, start, 'name') : null;
    const key = name && stringAt(frame, name);
    return key === null ? [] : [{ key, bytes: Buffer.from(frame.subarray(start, end)) }];
  });
  const next = findMember(frame, result, 'nextCursor');
  return { tools, next: next && stringAt(frame, next) };
}
