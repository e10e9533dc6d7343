import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { PatchbayError } from '../../../shared/model/error.ts';
import type { Outcome, ReplayResult } from '../../../shared/model/exchange.ts';
import type { SessionView } from '../../../shared/model/session.ts';
import type { Endpoints } from '../routes/endpoints.ts';
import { mayBelongTo, serverPrefixes } from '../routes/mux/exposed-names.ts';
import type { Endpoint, Mux } from '../routes/mux/mux.ts';
import type { CallerIdentity, ServerOpener } from '../servers/server-connection.ts';
import type { SessionRegistry } from '../sessions/session-registry.ts';
import type { TrafficService } from '../traffic/traffic-service.ts';
import { type RecordedRequest, recordedRequest } from './recorded-request.ts';
import { type ConversationAnswer, ReplayConversation } from './replay-conversation.ts';

/** Sends recorded requests again. */
export interface Replay {
  /**
   * Opens a conversation of its own with the server of exchange `id` (never an instance that a client's session
   * owns), sends the request with the recorded or the given params (JSON text), waits for the answer within the
   * server's timeout, and ends the conversation. Throws NOT_FOUND, REPLAY_IMPOSSIBLE, SERVER_UNKNOWN, INPUT_INVALID.
   */
  send(id: number, params?: string): Promise<ReplayResult>;
}

export interface ReplayDeps {
  traffic: Pick<TrafficService, 'get' | 'list'>;
  mux: Mux;
  endpoints: Endpoints;
  opener: Pick<ServerOpener, 'launchKey' | 'sharing'>;
  sessions: SessionRegistry;
  /** Whose hub it is. */
  user: string;
  version: string;
}

/** What replays are called in the log, and towards servers. */
const CLIENT = 'patchbay-replay';
/** Each may start a process of its own. */
const MAX_AT_ONCE = 8;
/** The mux itself ends what takes too long; this is for what it does not watch. */
const GRACE_MS = 10_000;
/** For endpoints of several servers, as long as the longest of our own defaults. */
const MERGED_MS = 11 * 60_000;

/** Replays through the hub's own data plane; `close` ends those that are under way. */
export function createReplay(deps: ReplayDeps): Replay & { close(): Promise<void> } {
  const { traffic, mux, sessions, opener, user, version } = deps;
  const live = new Set<ReplayConversation>();
  const ending = new Set<Promise<void>>();

  const send = async (id: number, edited: string | undefined): Promise<ReplayResult> => {
    const detail = await traffic.get(id);
    const request = recordedRequest(detail, edited);
    const { server, project, sessionId } = detail.exchange;
    const caller: CallerIdentity = {
      sessionId: randomUUID(),
      client: CLIENT,
      user,
      transport: 'json-rpc',
      cwd: await folderOrNull(project),
      env: null,
    };
    const { single, merged } = endpointsOf(deps, server);
    // Unknown, switched off, a variable that is missing: told before anything is started.
    if (single.single !== null) opener.launchKey(single.single, caller);
    if (live.size >= MAX_AT_ONCE) {
      throw new PatchbayError('SERVER_BUSY', `${MAX_AT_ONCE} replays are under way already.`);
    }

    const open = (endpoint: Endpoint): ReplayConversation => {
      const conversation = new ReplayConversation({ mux, endpoint, caller, version, era: request.era });
      live.add(conversation);
      return conversation;
    };
    const end = (conversation: ReplayConversation): void => {
      live.delete(conversation);
      const closed = conversation.close().finally(() => ending.delete(closed));
      ending.add(closed);
    };

    let current = open(single);
    const patience = setTimeout(() => void current.close(), patienceOf(deps, single)).unref();
    const registered = sessions.open(viewOf(caller, server), {
      era: () => current.conversation.era,
      end: () => current.close(),
    });
    try {
      await current.begin();
      if (
        merged &&
        (await isMergedName(request, { current, server, merged, label: labelOf(sessions, sessionId) }))
      ) {
        end(current);
        current = open(merged);
        await current.begin();
      }
      const startedAt = performance.now();
      const answer = await current.ask(request.id, request.method, request.params);
      const durationMs = Math.round((performance.now() - startedAt) * 1_000) / 1_000;
      // The route tells the log after it has answered.
      await nextTurn();
      return {
        exchange: await findExchange(traffic, caller.sessionId, request),
        outcome: outcomeOf(answer),
        response: answer?.text ?? null,
        durationMs,
      };
    } finally {
      clearTimeout(patience);
      sessions.close(registered);
      end(current);
    }
  };

  return {
    send: (id, params) => send(id, params),
    async close() {
      await Promise.all([...[...live].map((conversation) => conversation.close()), ...ending]);
    },
  };
}

/** The endpoint of the server alone, and the one of all servers where the server is one of them. */
function endpointsOf(
  { endpoints }: ReplayDeps,
  server: string,
): { single: Endpoint; merged: Endpoint | null } {
  const single = endpoints.server(server);
  if (single) return { single, merged: endpoints.all() };
  const itself = endpoints.find(server);
  if (itself) return { single: itself, merged: null };
  throw new PatchbayError(
    'SERVER_UNKNOWN',
    `There is no server ${JSON.stringify(server)} in the catalog any more.`,
    {
      hint: 'See: patchbay servers list',
    },
  );
}

interface NameQuestion {
  current: ReplayConversation;
  server: string;
  merged: Endpoint;
  /** Of the endpoint the recorded session is on; null when it is over. */
  label: string | null;
}

/**
 * Whether the recorded name is the one of an endpoint of several servers, such as `github__create_issue`. The log
 * does not say; a session that is still open does, else the server's own list.
 */
async function isMergedName(
  { name, method }: RecordedRequest,
  { current, server, merged, label }: NameQuestion,
): Promise<boolean> {
  const prefix = serverPrefixes(merged.members()).get(server);
  if (name === null || !prefix || !mayBelongTo(name, prefix)) return false;
  if (label !== null) return label !== server;
  const names = await current.names(method === 'tools/call' ? 'tools/list' : 'prompts/list');
  return !names.has(name);
}

const labelOf = (sessions: SessionRegistry, sessionId: string): string | null =>
  sessions.find(sessionId)?.view.server ?? null;

function patienceOf({ opener }: ReplayDeps, { single }: Endpoint): number {
  if (single === null) return MERGED_MS;
  const { startTimeoutMs, callTimeoutMs } = opener.sharing(single);
  return Math.min(startTimeoutMs + callTimeoutMs + GRACE_MS, 2 ** 31 - 1);
}

const viewOf = (caller: CallerIdentity, server: string): Omit<SessionView, 'era'> => ({
  id: caller.sessionId,
  client: caller.client,
  server,
  transport: caller.transport,
  pid: null,
  cwd: caller.cwd,
  openedAt: Date.now(),
  resumed: 0,
});

function outcomeOf(answer: ConversationAnswer | null): Outcome {
  if (!answer) return 'cancelled';
  if (answer.envelope.error) return 'error';
  return answer.envelope.isToolError ? 'tool-error' : 'ok';
}

/** The new row; null when nothing is recorded, or the log cannot be asked. */
async function findExchange(
  traffic: ReplayDeps['traffic'],
  sessionId: string,
  { method }: RecordedRequest,
): Promise<number | null> {
  try {
    const filter = `session:${sessionId} is:request is:from-client`;
    const { exchanges } = await traffic.list({ filter, limit: 20 });
    return exchanges.find((exchange) => exchange.method === method)?.id ?? null;
  } catch {
    return null;
  }
}

/** A project that was moved or removed: the server then starts where servers without a project do. */
async function folderOrNull(folder: string | null): Promise<string | null> {
  if (folder === null) return null;
  const facts = await stat(folder).catch(() => null);
  return facts?.isDirectory() ? folder : null;
}
