import type { ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { localSocketAddress } from '../hub/data-folder.ts';
import { PROTOCOL_VERSION, WITNESS_VARIABLE, type ShimHello } from '../hub/sessions/shim-protocol.ts';
import { hasExited, stopChild } from '../hub/supervisor/stop-ladder.ts';
import { leaveBypassNote, liveAs, runOriginal, withSecrets } from './bypass.ts';
import { watchParent } from './client-alive.ts';
import { followNotes, reachHub, type Reached } from './connect-hub.ts';
import { reapLostServer, reapOrphans } from './reap-lost-server.ts';
import { Relay } from './relay.ts';
import { newSessionId } from './session-id.ts';
import { parseShimArguments, type OriginalServer, type ShimArguments } from './shim-arguments.ts';
import { startHub } from './start-hub.ts';

const LOST =
  'Patchbay: the connection to the server was lost while this request was running. It was not repeated.';
/** Who signals a stdio server kills it soon after: no time to wait for the end of input to do its work. */
const SIGNALLED_LADDER = { eofMs: 0, termMs: 1_000 };
/** The news that the hub has gone may be on its way when a signal comes: its server must be seen out then. */
const NEWS_MS = 20;
/** How long output may still arrive after the server's exit. */
const LAST_WORDS_MS = 300;
const NO_HUB =
  'Patchbay is not running and could not be started. This entry stands for servers that only Patchbay can reach. Start it, then try again.';
const FOREIGN = 'the hub speaks another version';
const FOREIGN_HUB =
  'The Patchbay that is running is of another version than this entry. Restart Patchbay, then this client.';
/** The client's first request goes first; what can wait for it does. Until then a signal simply ends this process. */
const SETTLED_MS = 10;
/** A server that is down for good is asked for again at most this often. */
const REASK_MS = 1_000;

/**
 * The whole life of one shim. Its own stdout carries protocol only. It is installed in the data folder, which is how
 * it knows where the hub listens.
 */
export async function runShim(script: string, argv: readonly string[]): Promise<void> {
  const dataRoot = dirname(dirname(script));
  let entry: ShimArguments;
  try {
    entry = parseShimArguments(argv);
  } catch (error) {
    process.stderr.write(
      `patchbay: this entry is damaged. ${(error as Error).message} Run "patchbay rollback --all".\n`,
    );
    process.exit(2);
  }
  // Set for us where Electron is the runtime; the server must not inherit it.
  delete process.env.ELECTRON_RUN_AS_NODE;
  const witness = process.env[WITNESS_VARIABLE] !== undefined;
  delete process.env[WITNESS_VARIABLE];

  const address = localSocketAddress(dataRoot, {
    os: process.platform,
    // Asked for where the data folder's path is too long for a socket only, which is rare.
    get home() {
      return process.getBuiltinModule('node:os').homedir();
    },
    env: process.env,
  });
  const hello: ShimHello = {
    patchbay: PROTOCOL_VERSION,
    kind: 'shim',
    client: entry.client,
    server: entry.server,
    session: newSessionId(),
    resumed: 0,
    pid: process.pid,
    ppid: process.ppid,
    cwd: process.cwd(),
    env: process.env as Record<string, string>,
    witness,
    command: entry.original?.command ?? '',
    args: entry.original?.args ?? [],
  };
  const isClientAlive = watchParent();

  let relay: Relay | null = null;
  const reach = async (): Promise<Reached | null> => {
    const reached = await reachHub(address, hello, () => startHub(dataRoot, process.env));
    if (reached === null) reapOrphans(join(dataRoot, 'run'));
    return reached;
  };

  const first = await reach();
  if (first === null || isForeign(first)) {
    const { original } = entry;
    if (!original) return refuseToStart(first === null);
    leaveBypassNote(dataRoot, entry, first === null ? 'no hub could be reached' : FOREIGN);
    liveAs(runOriginal(original, withSecrets(dataRoot, entry.secrets, process.env), 'inherit'));
    return;
  }

  /** The original server, once this session has gone around the hub. */
  let bypass: ChildProcess | null = null;
  // The write callback comes after everything written before: pipes are asynchronous on some systems.
  const exit = (code: number): void => void process.stdout.write('', () => process.exit(code));
  const leave = (): void => exit(0);
  relay = new Relay(
    { input: process.stdin, output: process.stdout },
    { lost: () => void onLost(), clientEnded, isClientAlive, clientGone: () => process.exit(0) },
  );
  await use(first);
  setTimeout(hearSignals, SETTLED_MS);

  function hearSignals(): void {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        if (bypass) void stopChild(bypass, SIGNALLED_LADDER).then(leave);
        else setTimeout(leave, NEWS_MS);
      });
    }
  }

  function clientEnded(): void {
    if (bypass) void stopChild(bypass);
    else if (!relay!.attached) leave();
  }

  async function onLost(): Promise<void> {
    if (bypass) return;
    if (relay!.clientHasEnded) return leave();
    relay!.failOpenRequests(LOST);
    hello.resumed += 1;
    await use(await reach());
  }

  /** Takes what the hub said and acts on it; waits and asks again where it says so. */
  async function use(reached: Reached | null): Promise<void> {
    for (;;) {
      if (reached === null || isForeign(reached)) {
        if (entry.original) return bypassInSession(entry.original);
        if (!relay!.established) return refuseToStart(reached === null);
        await refused(reached === null ? NO_HUB : FOREIGN_HUB);
      } else if (reached.welcome.ok) {
        return attach(reached, reached.welcome);
      } else {
        const { welcome, socket } = reached;
        socket.destroy();
        const message = `Patchbay: ${welcome.message}`;
        if (!relay!.established && welcome.retryMs === null) {
          process.stderr.write(`${message}${welcome.hint ? ` ${welcome.hint}` : ''}\n`);
          process.exit(1);
        }
        if (welcome.retryMs === null) await refused(message);
        else await pause(welcome.retryMs);
      }
      reached = await reach();
    }
  }

  /** Answers for a server that is not there, until the client asks for something after a while. */
  async function refused(message: string): Promise<void> {
    await pause(REASK_MS);
    await new Promise<void>((wake) => relay!.refuseRequests(message, wake));
  }

  function attach({ socket, rest }: Reached, { pid, mark }: { pid: number; mark: string | null }): void {
    let notes: Socket | null = null;
    socket.once('close', () => {
      notes?.destroy();
      if (!relay!.clientHasEnded) reapLostServer(pid, mark);
    });
    relay!.attach({ input: socket, output: socket }, rest);
    // What the server says on stderr until then is kept for us.
    setTimeout(() => {
      if (!socket.destroyed) notes = followNotes(address, hello.session, PROTOCOL_VERSION);
    }, SETTLED_MS);
  }

  function bypassInSession(original: OriginalServer): void {
    leaveBypassNote(dataRoot, entry, 'the hub was lost in mid-session');
    const child = runOriginal(original, withSecrets(dataRoot, entry.secrets, process.env), 'piped');
    bypass = child;
    // Whatever ends this process, the server of its own must not stay behind.
    process.once('exit', () => endGroup(child));
    child.on('error', (error) => {
      process.stderr.write(`patchbay: cannot start ${JSON.stringify(original.command)}: ${error.message}\n`);
      process.exit(1);
    });
    const ended = (code: number | null): void => exit(relay!.clientHasEnded ? 0 : (code ?? 1));
    child.on('close', ended);
    // A grandchild may hold the pipes for ever.
    child.on('exit', (code) => setTimeout(ended, LAST_WORDS_MS, code));
    relay!.attach({ input: child.stdin!, output: child.stdout! }, Buffer.alloc(0));
  }
}

/** An entry for all servers has no server of its own to run instead. */
function refuseToStart(isAbsent: boolean): never {
  process.stderr.write(`${isAbsent ? NO_HUB : FOREIGN_HUB}\n`);
  process.exit(1);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function endGroup(child: ChildProcess): void {
  if (hasExited(child) || child.pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGTERM');
  } catch {
    // It went at the same moment.
  }
}

/** The hub could not read our hello: it is older or newer than we are. */
const isForeign = ({ welcome }: Reached): boolean => !welcome.ok && welcome.code === 'USAGE';
