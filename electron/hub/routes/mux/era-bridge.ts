import type { Envelope, Era } from '../../../../shared/json-rpc/envelope.ts';
import { editFrame, type Edit } from '../../frames/edit-frame.ts';
import { changeMembers } from '../../frames/edit-members.ts';
import { findMember } from '../../frames/find-member.ts';
import { readEnvelope } from '../../frames/read-envelope.ts';
import { askInRounds } from './ask-in-rounds.ts';
import type { ClientCall } from './client-call.ts';
import { asLegacyRequest, asModernRequest } from './eras/modern-request.ts';
import { asLegacyResult, asModernResult } from './eras/results.ts';
import { hasNonObjectOutput } from './eras/tools.ts';
import { headersOfCall } from './parameter-headers.ts';
import { RPC } from './rpc-frames.ts';
import type { Outgoing } from './upstream-call.ts';

/** Carries calls between a client and a server of different eras. */
export interface EraBridge {
  /** True when a request may have to be sent a second time. */
  readonly keepsRequests: boolean;
  encode(call: ClientCall, number: number): Outgoing;
  /** The answer as the client wants it, or null when the call goes on or has been answered. */
  decode(frame: Buffer, envelope: Envelope, call: ClientCall): Buffer | null;
}

/** Null where both speak the same. */
export function bridgeBetween(client: Era, server: Era | null): EraBridge | null {
  if (client === server || server === null) return null;
  return client === 'legacy' ? TO_MODERN : TO_LEGACY;
}

const TO_MODERN: EraBridge = {
  keepsRequests: true,
  encode(call, number) {
    const { identity } = call.request;
    const { frame, envelope } = withTarget(call);
    const translated = asModernRequest(frame, envelope, {
      protocolVersion: call.upstream!.protocolVersion!,
      clientInfo: identity.clientInfo,
      capabilities: withoutTasks(identity.capabilities),
      logLevel: call.link.conversation.state.logLevel,
    });
    return numbered(call, translated, number);
  },
  decode(frame, envelope, call) {
    const { resultType } = envelope;
    if (resultType === 'input_required') {
      askInRounds(call, frame, envelope);
      return null;
    }
    if (resultType !== null && resultType !== 'complete') {
      const message = `${call.link.server} answered with ${JSON.stringify(resultType)}, which this client's revision lacks.`;
      call.failed({ code: RPC.internal, message });
      return null;
    }
    return asLegacyResult(frame, envelope, { method: call.method, wrapsStructured: wrapsStructured(call) });
  },
};

const TO_LEGACY: EraBridge = {
  keepsRequests: true,
  encode(call, number) {
    const { frame, envelope } = withTarget(call);
    return numbered(call, asLegacyRequest(frame, envelope), number);
  },
  decode: (frame, envelope, { method, upstream }) =>
    asModernResult(frame, envelope, { method, serverInfo: upstream!.facts.serverInfo }),
};

/** The request with the server's own name or URI in it. */
function withTarget({ frame, request, terms }: ClientCall): { frame: Buffer; envelope: Envelope } {
  if (!terms.edit) return { frame, envelope: request.envelope };
  const edited = editFrame(frame, [terms.edit]);
  return { frame: edited, envelope: readEnvelope(edited)! };
}

function numbered(call: ClientCall, frame: Buffer, number: number): Outgoing {
  const envelope = readEnvelope(frame)!;
  const { ranges } = envelope;
  const id = String(number);
  const edits: Edit[] = [{ start: ranges.id, end: ranges.idEnd, with: id }];
  if (envelope.progressToken !== null) edits.push({ start: ranges.token, end: ranges.tokenEnd, with: id });
  return {
    frame: editFrame(frame, edits),
    target: call.terms.target ?? envelope.target,
    parameterHeaders: headersOfCall(call),
  };
}

const TASKS_EXTENSION = 'io.modelcontextprotocol/tasks';

/** Tasks of the two eras have nothing in common but their name: a client is offered those of its own only. */
export function withoutTasks(capabilities: string): string {
  if (!capabilities.includes('tasks')) return capabilities;
  const json = Buffer.from(capabilities);
  const edits = changeMembers(json, 0, { tasks: null });
  const extensions = findMember(json, 0, 'extensions');
  if (extensions) edits.push(...changeMembers(json, extensions.start, { [TASKS_EXTENSION]: null }));
  return editFrame(json, edits).toString('utf8');
}

/** A tool whose structured result is no object was listed as one that has an object with one member. */
function wrapsStructured({ method, link, terms, request }: ClientCall): boolean {
  if (method !== 'tools/call') return false;
  const name = terms.target ?? request.envelope.target;
  const tool = link.peek('tools/list')?.items.find(({ key }) => key === name);
  return tool !== undefined && hasNonObjectOutput(tool.bytes);
}
