import type { Socket } from 'node:net';
import { PatchbayError } from '../../../shared/model/error.ts';
import { processStartMark } from '../process-identity.ts';
import { pipe } from '../routes/pipe.ts';
import type { InstancePool } from '../servers/instance-pool.ts';
import type { LaunchResolver } from '../servers/resolve-launch.ts';
import type { Tap } from '../traffic/tap.ts';
import type { Session, SessionRegistry } from './session-registry.ts';
import type { ShimHello, Welcome } from './shim-protocol.ts';

export interface ShimServices {
  sessions: SessionRegistry;
  pool: InstancePool;
  launches: LaunchResolver;
  tap: Tap;
}

/** Traffic is what clients do; a comparison of our own would drown it. */
const NO_TAP: Tap = { openSession: () => ({ frame() {}, oversized() {}, close() {} }) };

type Refusal = Extract<Welcome, { ok: false }>;

/** Serves one connection of a shim from hello to end. Never throws. */
export async function serveShim(
  socket: Socket,
  hello: ShimHello,
  rest: Buffer,
  services: ShimServices,
): Promise<void> {
  const { sessions, pool, launches, tap } = services;
  const session = sessions.open({
    id: hello.session,
    client: hello.client,
    server: hello.server,
    transport: 'shim',
    pid: hello.pid,
    cwd: hello.cwd,
    openedAt: Date.now(),
    resumed: hello.resumed,
  });

  const refusal = refuseAfterCrash(session, services);
  if (refusal) return refuse(socket, session, refusal, services);

  const decoder = new TextDecoder();
  let instance;
  try {
    const launch = launches.forShim(hello);
    instance = await pool.start({
      server: hello.server,
      client: hello.client,
      sessionId: hello.session,
      launch,
      onStderr: (chunk) => sessions.note(session, decoder.decode(chunk, { stream: true })),
    });
  } catch (error) {
    const { code, message, info } = asPatchbayError(error);
    return refuse(socket, session, { ok: false, code, message, hint: info.hint, retryMs: null }, services);
  }

  const pid = instance.child.pid!;
  const welcome: Welcome = { ok: true, instance: instance.id, pid, mark: processStartMark(pid) };
  socket.write(`${JSON.stringify(welcome)}\n`);
  const opened = (hello.witness ? NO_TAP : tap).openSession({
    sessionId: hello.session,
    client: hello.client,
    project: hello.cwd,
    server: hello.server,
    instanceId: instance.id,
  });
  const first = await pipe(socket, rest, instance, {
    frame(direction, bytes, receivedAt, forwardedAt) {
      if (direction === 'server-to-client') session.answered = true;
      opened.frame(direction, bytes, receivedAt, forwardedAt);
    },
    oversized: (direction, bytes) => opened.oversized(direction, bytes),
    close: () => opened.close(),
  });
  if (first === 'client') {
    sessions.close(session);
    return;
  }
  const end = await instance.ended;
  sessions.lose(session, end.asked ? 'asked' : 'crash');
  if (!end.asked) pool.fail(hello.server, describeEnd(end, pool.ring(hello.server).tail(5)));
}

/** What a session that comes back after a crash is told; null: it may have a new process. */
function refuseAfterCrash(session: Session, { pool }: ShimServices): Refusal | null {
  const { server } = session.view;
  if (session.lastEnd !== 'crash') {
    session.lastEnd = 'none';
    return null;
  }
  const message = pool.lastError(server) ?? 'The server ended.';
  // It never answered: the client must see a server that does not start, as it would without us.
  if (!session.answered) return { ok: false, code: 'SERVER_CANNOT_START', message, retryMs: null };
  const decision = session.policy.crashed(performance.now());
  if (decision.action === 'give-up') {
    const hint = `Look at its log, then: patchbay servers restart ${server}`;
    return {
      ok: false,
      code: 'SERVER_FAILED',
      message: `${server} keeps crashing. ${message}`,
      hint,
      retryMs: null,
    };
  }
  session.lastEnd = 'none';
  pool.countRestart(server);
  if (decision.delayMs === 0) return null;
  return { ok: false, code: 'SERVER_FAILED', message, retryMs: decision.delayMs };
}

function refuse(socket: Socket, session: Session, refusal: Refusal, { sessions }: ShimServices): void {
  socket.end(`${JSON.stringify(refusal)}\n`);
  if (session.answered) sessions.lose(session, session.lastEnd === 'crash' ? 'crash' : 'asked');
  else sessions.close(session);
}

function describeEnd(
  { code, signal }: { code: number | null; signal: string | null },
  stderrTail: string,
): string {
  const how = signal === null ? `exited with code ${code}` : `was ended by ${signal}`;
  return stderrTail === '' ? `The server ${how}.` : `The server ${how}. It last wrote:\n${stderrTail}`;
}

const asPatchbayError = (error: unknown): PatchbayError =>
  error instanceof PatchbayError ? error : new PatchbayError('INTERNAL', String(error));
