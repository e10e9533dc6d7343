import { editFrame } from '../../frames/edit-frame.ts';
import { changeMembers } from '../../frames/edit-members.ts';
import { LEGACY_VERSIONS, MODERN_VERSIONS } from '../../sessions/protocol-versions.ts';
import type { ClientRequest } from './client-request.ts';
import type { ClientConversation } from './conversation.ts';
import { withoutTasks } from './era-bridge.ts';
import { SERVER_INFO_KEY } from './eras/meta-keys.ts';
import type { HubAnswering } from './hub-answers.ts';
import { resultFrame } from './rpc-frames.ts';
import type { ServerFacts } from './server-facts.ts';
import type { ServerLink } from './server-link.ts';
import type { Upstream } from './upstream.ts';

/** What a client may ask for and gets: its own revision where the hub knows it, else the hub's latest. */
const negotiated = (asked: string): string =>
  LEGACY_VERSIONS.includes(asked) ? asked : LEGACY_VERSIONS.at(-1)!;

/**
 * Answers `initialize`. A single server answers for itself: its words go through as they are. Where the hub stands
 * for several it answers at once, whatever they are doing.
 */
export function answerInitialize(conversation: ClientConversation, request: ClientRequest): void {
  const answering = conversation.answering(request);
  const asked = request.identity.protocolVersion;
  const { only } = conversation;
  if (only) {
    whenReady(only, answering, (upstream) => {
      answering.answer(resultFrame(request.id, singleInitialize(upstream, asked)));
    });
    return;
  }
  const { hub } = conversation;
  const instructions = hub.instructions();
  const result = JSON.stringify({
    protocolVersion: negotiated(asked),
    capabilities: hub.capabilities('legacy'),
    serverInfo: JSON.parse(hub.serverInfo) as unknown,
    ...(instructions !== null && { instructions }),
  });
  answering.answer(resultFrame(request.id, result));
}

function singleInitialize({ facts, isPrivate }: Upstream, asked: string): string {
  const json = facts.result;
  if (facts.era === 'modern') return fromDiscover(facts, negotiated(asked));
  // A private server has been asked for this very revision.
  if (isPrivate || facts.protocolVersion === negotiated(asked)) return json.toString('utf8');
  const protocolVersion = JSON.stringify(negotiated(asked));
  return editFrame(json, changeMembers(json, 0, { protocolVersion })).toString('utf8');
}

function fromDiscover(
  { capabilities, serverInfo, instructions }: ServerFacts,
  protocolVersion: string,
): string {
  return (
    `{"protocolVersion":${JSON.stringify(protocolVersion)},` +
    `"capabilities":${withoutTasks(JSON.stringify(capabilities))},` +
    `"serverInfo":${serverInfo ?? '{"name":"unknown","version":"0"}'}` +
    (instructions === null ? '}' : `,"instructions":${JSON.stringify(instructions)}}`)
  );
}

/** Answers `server/discover` where the hub or a legacy server stands behind it. */
export function answerDiscover(conversation: ClientConversation, request: ClientRequest): void {
  const answering = conversation.answering(request);
  const { only, hub } = conversation;
  if (!only) {
    const capabilities = JSON.stringify(hub.capabilities('modern'));
    const { serverInfo } = hub;
    const frame = resultFrame(
      request.id,
      discoverResult({ capabilities, serverInfo, instructions: hub.instructions() }),
    );
    return answering.answer(frame);
  }
  whenReady(only, answering, ({ facts }) => {
    if (facts.era === 'modern') {
      // Met in its handshake, and not twice: what it says may be kept for the life of the connection.
      return answering.answer(resultFrame(request.id, facts.result.toString('utf8')));
    }
    const capabilities = withoutTasks(JSON.stringify(facts.capabilities));
    answering.answer(resultFrame(request.id, discoverResult({ ...facts, capabilities })));
  });
}

function discoverResult(self: {
  capabilities: string;
  serverInfo: string | null;
  instructions: string | null;
}): string {
  const { capabilities, serverInfo, instructions } = self;
  return (
    `{"resultType":"complete","supportedVersions":${JSON.stringify(MODERN_VERSIONS)},` +
    `"capabilities":${capabilities},"ttlMs":0,"cacheScope":"private"` +
    (instructions === null ? '' : `,"instructions":${JSON.stringify(instructions)}`) +
    (serverInfo === null ? '}' : `,"_meta":{"${SERVER_INFO_KEY}":${serverInfo}}}`)
  );
}

/** Goes on when the server is there; what keeps it from starting is the answer. */
export function whenReady(link: ServerLink, answering: HubAnswering, go: (upstream: Upstream) => void): void {
  const { upstream } = link;
  if (upstream) return go(upstream);
  answering.when(link.ready(), go);
}
