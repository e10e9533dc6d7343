import { randomUUID } from 'node:crypto';
import type { Envelope } from '../../../../../shared/json-rpc/envelope.ts';
import { editFrame, type Edit } from '../../../frames/edit-frame.ts';
import { findMember, findPath, listElements } from '../../../frames/find-member.ts';
import { changeMembers } from '../../../frames/edit-members.ts';
import { inOrder, objectOf } from './inner-members.ts';
import { inputRequiredResult } from './input-required.ts';
import { CODES, SERVER_INFO_KEY } from './meta-keys.ts';
import { asLegacyTool, asModernTool } from './tools.ts';

/** Whose results a modern client may keep, and which therefore must say for how long. */
const CACHEABLE: ReadonlySet<string> = new Set([
  'tools/list',
  'prompts/list',
  'resources/list',
  'resources/templates/list',
  'resources/read',
  'server/discover',
]);

/** An answer of a legacy server as a modern client wants it. `serverInfo` is the JSON text of an Implementation. */
export function asModernResult(
  frame: Buffer,
  envelope: Envelope,
  { method, serverInfo }: { method: string; serverInfo: string | null },
): Buffer {
  const { ranges } = envelope;
  if (envelope.error) return asModernError(frame, envelope);
  if (frame[ranges.result] !== 0x7b) return frame;
  const set: Record<string, string> = {};
  if (envelope.resultType === null) set.resultType = '"complete"';
  if (CACHEABLE.has(method)) {
    // A legacy server says nothing of how long its answer holds, nor for whom.
    if (!findMember(frame, ranges.result, 'ttlMs')) set.ttlMs = '0';
    if (!findMember(frame, ranges.result, 'cacheScope')) set.cacheScope = '"private"';
  }
  const edits: Edit[] = [];
  if (serverInfo !== null) {
    const meta = findMember(frame, ranges.result, '_meta');
    if (!meta) set._meta = objectOf({ [SERVER_INFO_KEY]: serverInfo });
    else if (!findMember(frame, meta.start, SERVER_INFO_KEY)) {
      edits.push(...changeMembers(frame, meta.start, { [SERVER_INFO_KEY]: serverInfo }));
    }
  }
  edits.push(...changeMembers(frame, ranges.result, set));
  if (method === 'tools/list') edits.push(...eachTool(frame, ranges.result, asModernTool));
  return edits.length === 0 ? frame : editFrame(frame, inOrder(edits));
}

/** An answer of a modern server as a legacy client wants it. */
export function asLegacyResult(
  frame: Buffer,
  envelope: Envelope,
  { method, wrapsStructured = false }: { method: string; wrapsStructured?: boolean },
): Buffer {
  const { ranges } = envelope;
  if (envelope.error) return asLegacyError(frame, envelope);
  if (frame[ranges.result] !== 0x7b) return frame;
  const edits = changeMembers(frame, ranges.result, { resultType: null, ttlMs: null, cacheScope: null });
  if (method === 'tools/list') edits.push(...eachTool(frame, ranges.result, asLegacyTool));
  if (method === 'tools/call') {
    const structured = findMember(frame, ranges.result, 'structuredContent');
    if (structured && (wrapsStructured || frame[structured.start] !== 0x7b)) {
      edits.push(
        { start: structured.start, end: structured.start, with: '{"result":' },
        { start: structured.end, end: structured.end, with: '}' },
      );
    }
  }
  return edits.length === 0 ? frame : editFrame(frame, inOrder(edits));
}

function eachTool(frame: Buffer, result: number, change: (tool: Buffer) => Buffer): Edit[] {
  const tools = findMember(frame, result, 'tools');
  const edits: Edit[] = [];
  for (const { start, end } of (tools && listElements(frame, tools.start)) ?? []) {
    const tool = frame.subarray(start, end);
    const changed = change(tool);
    if (changed !== tool) edits.push({ start, end, with: changed });
  }
  return edits;
}

function asModernError(frame: Buffer, envelope: Envelope): Buffer {
  const { code } = envelope.error!;
  if (code === CODES.resourceNotFound) return withCode(frame, envelope, CODES.invalidParams);
  return code === CODES.urlElicitationRequired ? (askForUrls(frame, envelope) ?? frame) : frame;
}

/** "Visit these pages, then ask again" is an error in the legacy era and a question in the modern one. */
function askForUrls(frame: Buffer, { id, ranges }: Envelope): Buffer | null {
  const list = findPath(frame, ranges.error, ['data', 'elicitations']);
  const elicitations = list && listElements(frame, list.start);
  if (!elicitations || elicitations.length === 0) return null;
  const requests = elicitations.map(({ start, end }, index) => {
    const params = frame.subarray(start, end);
    const edits = changeMembers(params, 0, { mode: '"url"', elicitationId: null });
    return { key: `url-${index + 1}`, method: 'elicitation/create', params: editFrame(params, edits) };
  });
  return inputRequiredResult(id ?? 'null', { requests, requestState: null });
}

function asLegacyError(frame: Buffer, envelope: Envelope): Buffer {
  const { code } = envelope.error!;
  const isModernOnly =
    code === CODES.headerMismatch || code === CODES.missingCapability || code === CODES.unsupportedVersion;
  // These describe the hub's own hop; to the client of the other side they are a failure inside.
  return isModernOnly ? withCode(frame, envelope, CODES.internal) : frame;
}

function withCode(frame: Buffer, { ranges }: Envelope, code: number): Buffer {
  const member = findMember(frame, ranges.error, 'code');
  return member ? editFrame(frame, [{ start: member.start, end: member.end, with: String(code) }]) : frame;
}

/** A legacy client wants an id with each URL it is asked to visit. */
export function withElicitationId(params: Buffer): Buffer {
  const mode = findMember(params, 0, 'mode');
  if (!mode || params.toString('utf8', mode.start, mode.end) !== '"url"') return params;
  if (findMember(params, 0, 'elicitationId')) return params;
  return editFrame(params, changeMembers(params, 0, { elicitationId: JSON.stringify(randomUUID()) }));
}
