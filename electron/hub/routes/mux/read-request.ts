import type { Envelope } from '../../../../shared/json-rpc/envelope.ts';
import { MODERN_VERSIONS } from '../../sessions/protocol-versions.ts';
import { legacyIdentity, modernIdentity, type ClientIdentity } from './client-identity.ts';
import type { ClientRequest } from './client-request.ts';
import type { ClientConversation } from './conversation.ts';
import type { Reply } from './mux.ts';
import { RPC, type CallFailure } from './rpc-frames.ts';

interface Read {
  request: ClientRequest;
  refused?: CallFailure;
  status?: number;
}

/**
 * Which era a request is of and who makes it: a modern one says so itself, a legacy one after its handshake. Both may
 * come over one connection; some clients probe with one and go on with the other.
 */
export function readRequest(
  conversation: ClientConversation,
  frame: Buffer,
  envelope: Envelope,
  { reply, receivedAt }: { reply: Reply; receivedAt: number },
): Read {
  const method = envelope.method!;
  const isModern = envelope.protocolVersion !== null || method === 'server/discover';
  // Written out: a spread copy costs more than all else here.
  const request: ClientRequest = {
    frame,
    envelope,
    id: envelope.id!,
    method,
    reply,
    receivedAt,
    era: isModern ? 'modern' : 'legacy',
    identity: UNKNOWN,
  };
  if (isModern) return readModern(conversation, request);
  if (method === 'initialize') return readInitialize(conversation, request);
  if (conversation.era === 'legacy') {
    request.identity = conversation.state.identity!;
    return { request };
  }
  if (method === 'ping') return { request };
  if (conversation.era === null && conversation.hasChannel) {
    const refused = {
      code: RPC.invalidRequest,
      message: 'The server is not initialized: send initialize first.',
    };
    return { request, refused };
  }
  request.era = 'modern';
  return { request, refused: NO_META, status: 400 };
}

function readInitialize(conversation: ClientConversation, request: ClientRequest): Read {
  const identity = legacyIdentity(request.frame, request.envelope);
  if (!identity) {
    const message = 'Invalid params: initialize needs a protocolVersion.';
    return { request, refused: { code: RPC.invalidParams, message } };
  }
  conversation.state.introduced(identity, request.frame);
  request.identity = identity;
  return { request };
}

function readModern(conversation: ClientConversation, request: ClientRequest): Read {
  if (conversation.endpoint.downstreamEra === 'legacy') {
    // No error of the modern era: the client goes on with the handshake (2026-07-28, basic/versioning).
    return { request, refused: { code: RPC.methodNotFound, message: 'Method not found' }, status: 400 };
  }
  const { protocolVersion } = request.envelope;
  if (protocolVersion === null) return { request, refused: NO_META, status: 400 };
  if (!MODERN_VERSIONS.includes(protocolVersion)) {
    const data = { supported: MODERN_VERSIONS, requested: protocolVersion };
    const message = `Unsupported protocol version ${protocolVersion}`;
    return { request, refused: { code: RPC.unsupportedVersion, message, data }, status: 400 };
  }
  const identity = modernIdentity(request.frame, request.envelope);
  if (!identity) return { request, refused: NO_META, status: 400 };
  conversation.state.mentioned(identity);
  request.identity = identity;
  return { request };
}

const NO_META: CallFailure = {
  code: RPC.invalidParams,
  message:
    'Invalid params: _meta must hold io.modelcontextprotocol/protocolVersion and ' +
    'io.modelcontextprotocol/clientCapabilities.',
};

const UNKNOWN: ClientIdentity = { era: 'legacy', protocolVersion: '', clientInfo: null, capabilities: '{}' };
