import type { Envelope } from '../../../../../shared/json-rpc/envelope.ts';
import { editFrame, type Edit } from '../../../frames/edit-frame.ts';
import { keyOf, listMembers } from '../../../frames/find-member.ts';
import { changeMembers } from '../../../frames/edit-members.ts';
import { changeInner, inOrder, objectOf } from './inner-members.ts';
import {
  CLIENT_CAPABILITIES_KEY,
  CLIENT_INFO_KEY,
  LOG_LEVEL_KEY,
  PROTOCOL_VERSION_KEY,
} from './meta-keys.ts';

/** What every modern request says of its sender; JSON texts as the client wrote them. */
export interface RequestIdentity {
  protocolVersion: string;
  /** JSON text of an Implementation; null leaves it out. */
  clientInfo: string | null;
  /** JSON text of ClientCapabilities. */
  capabilities: string;
  logLevel: string | null;
}

/** A legacy request as a modern server wants it: with who asks in its `_meta`. */
export function asModernRequest(frame: Buffer, { ranges }: Envelope, identity: RequestIdentity): Buffer {
  const set: Record<string, string> = {
    [PROTOCOL_VERSION_KEY]: JSON.stringify(identity.protocolVersion),
    [CLIENT_CAPABILITIES_KEY]: identity.capabilities,
  };
  if (identity.clientInfo !== null) set[CLIENT_INFO_KEY] = identity.clientInfo;
  if (identity.logLevel !== null) set[LOG_LEVEL_KEY] = JSON.stringify(identity.logLevel);
  if (ranges.meta !== 0) return editFrame(frame, changeMembers(frame, ranges.meta, set));
  if (ranges.params !== 0) return editFrame(frame, changeInner(frame, ranges.params, '_meta', set));
  const root = frame.indexOf(0x7b);
  return editFrame(frame, [{ start: root + 1, end: root + 1, with: `"params":{"_meta":${objectOf(set)}},` }]);
}

const MODERN_META = [PROTOCOL_VERSION_KEY, CLIENT_CAPABILITIES_KEY, CLIENT_INFO_KEY, LOG_LEVEL_KEY];

/** A modern request as a legacy server wants it: without what only the modern era knows. */
export function asLegacyRequest(frame: Buffer, { ranges }: Envelope): Buffer {
  if (ranges.params === 0) return frame;
  const remove: Record<string, null> = { inputResponses: null, requestState: null };
  let edits: Edit[] = [];
  if (ranges.meta !== 0) {
    const rest = (listMembers(frame, ranges.meta) ?? []).some(
      (member) => !MODERN_META.includes(keyOf(frame, member) ?? ''),
    );
    if (rest)
      edits = changeMembers(frame, ranges.meta, Object.fromEntries(MODERN_META.map((key) => [key, null])));
    else remove._meta = null;
  }
  edits.push(...changeMembers(frame, ranges.params, remove));
  return edits.length === 0 ? frame : editFrame(frame, inOrder(edits));
}
