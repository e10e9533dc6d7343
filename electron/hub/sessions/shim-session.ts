import type { Socket } from 'node:net';
import type { Era } from '../../../shared/json-rpc/envelope.ts';
import { PatchbayError } from '../../../shared/model/error.ts';
import { readEnvelope } from '../frames/read-envelope.ts';
import { processStartMark } from '../process-identity.ts';
import type { Endpoints } from '../routes/endpoints.ts';
import type { Endpoint } from '../routes/mux/mux.ts';
import { pipe } from '../routes/pipe.ts';
import type { InstancePool } from '../servers/instance-pool.ts';
import type { LaunchResolver } from '../servers/resolve-launch.ts';
import type { Sharing } from '../servers/server-connection.ts';
import { NO_TAP } from '../traffic/no-tap.ts';
import { PipedLists } from '../tools/piped-lists.ts';
import type { ToolObserver } from '../tools/tool-observer.ts';
import type { SessionTap, Tap } from '../traffic/tap.ts';
import type { LiveConversations } from './live-conversation.ts';
import type { Session, SessionRegistry } from './session-registry.ts';
import { serveShimConversation } from './shim-conversation.ts';
import type { ShimHello, Welcome } from './shim-protocol.ts';

export interface ShimServices {
  sessions: SessionRegistry;
  pool: InstancePool;
  launches: LaunchResolver;
  tap: Tap;
  tools: ToolObserver;
  endpoints: Pick<Endpoints, 'find'>;
  conversations: LiveConversations;
  /** Throws SERVER_UNKNOWN. */
  sharing(server: string): Sharing;
  isRewritten(server: string): boolean;
  user: string;
}

type Refusal = Extract<Welcome, { ok: false }>;

/** Serves one connection of a shim from hello to end. Never throws. */
export async function serveShim(
  socket: Socket,
  hello: ShimHello,
  rest: Buffer,
  services: ShimServices,
): Promise<void> {
  const endpoint = sharedEndpoint(hello.server, services);
  if (endpoint === 'unknown') {
    const message = `There is no ${JSON.stringify(hello.server)} in Patchbay.`;
    return refuse(socket, { ok: false, code: 'PROFILE_UNKNOWN', message, retryMs: null });
  }
  if (endpoint === null) return servePipe(socket, hello, rest, services);
  const { conversations, user } = services;
  if (await serveShimConversation({ socket, hello, rest, endpoint, user, conversations })) return;
  refuse(socket, {
    ok: false,
    code: 'SERVER_BUSY',
    message: 'There are too many sessions at the moment.',
    retryMs: 1_000,
  });
}

/** What a shim shares with others; null: its server is its own. */
function sharedEndpoint(
  server: string,
  { endpoints, sharing, isRewritten }: ShimServices,
): Endpoint | 'unknown' | null {
  if (server === '*' || server.startsWith('profiles/')) return endpoints.find(server) ?? 'unknown';
  try {
    const hasOwn = sharing(server).isolation === 'session' && !isRewritten(server);
    return hasOwn ? null : endpoints.find(`servers/${server}`);
  } catch {
    // Not in the catalog: what the client asked for runs, as its own.
    return null;
  }
}

/** One session, one process, bytes untouched. */
async function servePipe(
  socket: Socket,
  hello: ShimHello,
  rest: Buffer,
  services: ShimServices,
): Promise<void> {
  const { sessions, pool, launches } = services;
  const watch = new EraWatch();
  let end: () => Promise<void> = async () => void socket.end();
  const session = sessions.open(
    {
      id: hello.session,
      client: hello.client,
      server: hello.server,
      transport: 'shim',
      pid: hello.pid,
      cwd: hello.cwd,
      openedAt: Date.now(),
      resumed: hello.resumed,
    },
    {
      era: () => watch.era,
      end() {
        session.own.lastEnd = 'ended';
        return end();
      },
      isWitness: hello.witness,
    },
  );

  const refusal = refusalOnReturn(session, services);
  if (refusal) return refuseSession(socket, session, refusal, services);

  const decoder = new TextDecoder();
  let instance;
  try {
    instance = await pool.start({
      server: hello.server,
      client: hello.client,
      sessionId: hello.session,
      launch: launches.forShim(hello),
      onStderr: (chunk) => sessions.note(session, decoder.decode(chunk, { stream: true })),
    });
  } catch (error) {
    const { code, message, info } = asPatchbayError(error);
    const failed: Refusal = { ok: false, code, message, hint: info.hint, retryMs: null };
    return refuseSession(socket, session, failed, services);
  }

  const pid = instance.child.pid!;
  const welcome: Welcome = { ok: true, instance: instance.id, pid, mark: processStartMark(pid) };
  socket.write(`${JSON.stringify(welcome)}\n`);
  // Traffic is what clients do; a comparison of our own would drown it.
  const tap = (hello.witness ? NO_TAP : services.tap).openSession({
    sessionId: hello.session,
    client: hello.client,
    project: hello.cwd,
    server: hello.server,
    instanceId: instance.id,
  });
  end = () => instance.stop();
  const lists = new PipedLists(hello.server, services.tools);
  const first = await pipe(socket, rest, instance, observed(session, { watch, lists, tap }));
  if (first === 'client') return sessions.close(session);
  const { asked } = await instance.ended;
  if (session.own.lastEnd !== 'ended') sessions.lose(session, asked ? 'asked' : 'crash');
  else sessions.lose(session, 'ended');
}

interface Observers {
  watch: EraWatch;
  lists: PipedLists;
  tap: SessionTap;
}

function observed({ own }: Session, { watch, lists, tap }: Observers): SessionTap {
  return {
    frame(direction, bytes, receivedAt, forwardedAt) {
      if (direction === 'server-to-client') own.answered = true;
      else if (watch.era === null) watch.fromClient(bytes);
      tap.frame(direction, bytes, receivedAt, forwardedAt);
      lists.frame(direction, bytes);
    },
    oversized: (direction, bytes, edges) => tap.oversized(direction, bytes, edges),
    close: () => tap.close(),
  };
}

/** A probe alone does not tell: clients of both eras ask first and then take what the server speaks. */
class EraWatch {
  era: Era | null = null;

  fromClient(line: Buffer): void {
    const envelope = readEnvelope(line);
    if (envelope?.method === 'initialize') this.era = 'legacy';
    else if (envelope && envelope.protocolVersion !== null && envelope.method !== 'server/discover') {
      this.era = 'modern';
    }
  }
}

/** What a session is told that comes back after its server or itself was ended; null: it may have a new process. */
function refusalOnReturn({ own, view }: Session, { pool }: ShimServices): Refusal | null {
  const { server } = view;
  const last = own.lastEnd;
  own.lastEnd = 'none';
  if (last === 'ended') {
    const message = 'The session was ended in Patchbay. The next request opens a new one.';
    return { ok: false, code: 'SESSION_UNKNOWN', message, retryMs: null };
  }
  if (last !== 'crash') return null;
  const message = pool.lastError(server) ?? 'The server ended.';
  // It never answered: the client must see a server that does not start, as it would without us.
  if (!own.answered) {
    own.lastEnd = 'crash';
    return { ok: false, code: 'SERVER_CANNOT_START', message, retryMs: null };
  }
  const decision = own.policy.crashed(performance.now());
  if (decision.action === 'give-up') {
    own.lastEnd = 'crash';
    const hint = `Look at its log, then: patchbay servers restart ${server}`;
    return {
      ok: false,
      code: 'SERVER_FAILED',
      message: `${server} keeps crashing. ${message}`,
      hint,
      retryMs: null,
    };
  }
  pool.countRestart(server);
  if (decision.delayMs === 0) return null;
  return { ok: false, code: 'SERVER_FAILED', message, retryMs: decision.delayMs };
}

const refuse = (socket: Socket, refusal: Refusal): void => void socket.end(`${JSON.stringify(refusal)}\n`);

function refuseSession(socket: Socket, session: Session, refusal: Refusal, { sessions }: ShimServices): void {
  refuse(socket, refusal);
  if (session.own.answered) sessions.lose(session, session.own.lastEnd === 'crash' ? 'crash' : 'asked');
  else sessions.close(session);
}

const asPatchbayError = (error: unknown): PatchbayError =>
  error instanceof PatchbayError ? error : new PatchbayError('INTERNAL', String(error));
