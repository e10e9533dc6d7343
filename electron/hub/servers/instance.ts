import type { InstanceView } from '../../../shared/model/server.ts';
import type { Launch, ServerChild } from '../supervisor/spawn-server.ts';
import { hasExited, stopChild, type StopLadder } from '../supervisor/stop-ladder.ts';

/** How a child ended. `asked`: the hub or its user wanted it. */
export interface InstanceEnd {
  code: number | null;
  signal: NodeJS.Signals | null;
  asked: boolean;
}

export interface Instance {
  readonly id: string;
  readonly child: ServerChild;
  /** Resolves on the child's exit, also when a grandchild still holds its pipes (B15). */
  readonly ended: Promise<InstanceEnd>;
  /** Walks the stop ladder; resolves when the whole group is gone. Safe to call at any time. */
  stop(): Promise<void>;
}

/** An instance as its pool sees it. */
export interface PooledInstance extends Instance {
  readonly server: string;
  readonly launch: Launch;
  readonly view: InstanceView;
  /** What a session wants to hear of stderr; what came before the session did is told first. */
  listen(onStderr: (chunk: Buffer) => void): void;
}

export interface InstanceOptions {
  id: string;
  server: string;
  launch: Launch;
  ladder: StopLadder;
  onStderr(chunk: Buffer): void;
  /** The child has exited; its group and its last words may still be under way. */
  exited(end: InstanceEnd): void;
  /** Its whole group is gone and all it wrote has been read. Once. */
  gone(): void;
}

/** Of stderr, kept for a session that comes later. */
const MAX_EARLY_STDERR = 64 * 1024;

/** Takes charge of a child that has just been started. */
export function superviseChild(child: ServerChild, options: InstanceOptions): PooledInstance {
  const { id, server, launch, ladder } = options;
  const view: InstanceView = {
    id,
    state: 'starting',
    pid: child.pid!,
    startedAt: Date.now(),
    sessionId: '',
    client: '',
    cwd: launch.cwd,
    rssBytes: null,
    cpuPercent: null,
  };
  const early: Buffer[] = [];
  let earlyBytes = 0;
  let listener: ((chunk: Buffer) => void) | null = null;
  child.stderr.on('data', (chunk: Buffer) => {
    options.onStderr(chunk);
    if (listener) return listener(chunk);
    if (earlyBytes >= MAX_EARLY_STDERR) return;
    early.push(chunk);
    earlyBytes += chunk.length;
  });
  child.stderr.on('error', () => {});

  /** One walk for all who ask: a second one, after the end, could meet a stranger under the same id (B28). */
  let stopping: Promise<void> | null = null;
  const walk = (): Promise<void> => (stopping ??= stopChild(child, ladder).then(options.gone));

  const ended = new Promise<InstanceEnd>((resolve) => {
    const finish = (code: number | null, signal: NodeJS.Signals | null): void => {
      const end = { code, signal, asked: stopping !== null };
      view.state = 'exited';
      options.exited(end);
      // Grandchildren of the same group end with it.
      void walk();
      resolve(end);
    };
    if (hasExited(child)) finish(child.exitCode, child.signalCode);
    else child.once('exit', finish);
  });

  return {
    id,
    server,
    launch,
    view,
    child,
    ended,
    stop() {
      if (view.state !== 'exited') view.state = 'stopping';
      return walk();
    },
    listen(onStderr) {
      for (const chunk of early.splice(0)) onStderr(chunk);
      listener = onStderr;
    },
  };
}
