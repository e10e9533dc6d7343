import { randomUUID } from 'node:crypto';
import type { InstanceView } from '../../../shared/model/server.ts';
import { PatchbayError } from '../../../shared/model/error.ts';
import type { ChildRecords } from './child-records.ts';
import { readRssBytes } from '../supervisor/process-memory.ts';
import { spawnServer, type Launch, type ServerChild } from '../supervisor/spawn-server.ts';
import { StderrRing } from '../supervisor/stderr-ring.ts';
import { DEFAULT_STOP_LADDER, hasExited, stopChild, type StopLadder } from '../supervisor/stop-ladder.ts';

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
  /** Walks the stop ladder; resolves when the whole group is gone. */
  stop(): Promise<void>;
}

export interface StartRequest {
  server: string;
  client: string;
  sessionId: string;
  launch: Launch;
  onStderr(chunk: Buffer): void;
}

interface Entry {
  view: InstanceView;
  server: string;
  instance: Instance;
  stopping: Promise<void> | null;
}

/** More children than this on one machine is a leak of somebody's, not work. */
const MAX_INSTANCES = 1_000;

/** All live children of the hub, by server; their stderr; and what went wrong last. */
export class InstancePool {
  readonly #entries = new Map<string, Entry>();
  readonly #rings = new Map<string, StderrRing>();
  readonly #lastErrors = new Map<string, string>();
  readonly #failed = new Set<string>();
  readonly #restarts = new Map<string, number>();
  readonly #changed: () => void;
  readonly #ladder: StopLadder;
  readonly #records: ChildRecords | null;

  constructor(
    changed: () => void,
    records: ChildRecords | null = null,
    ladder: StopLadder = DEFAULT_STOP_LADDER,
  ) {
    this.#changed = changed;
    this.#records = records;
    this.#ladder = ladder;
  }

  /** Throws SERVER_CANNOT_START. */
  async start(request: StartRequest): Promise<Instance> {
    if (this.#entries.size >= MAX_INSTANCES) {
      throw new PatchbayError('SERVER_CANNOT_START', `There are already ${MAX_INSTANCES} server processes.`);
    }
    const { server, launch } = request;
    let child: ServerChild;
    try {
      child = await spawnServer(launch);
    } catch (error) {
      this.fail(server, (error as Error).message);
      throw error;
    }
    const pid = child.pid!;
    this.#records?.add(pid);
    const id = randomUUID();
    const ring = this.ring(server);
    child.stderr.on('data', (chunk: Buffer) => {
      ring.push(id, chunk, Date.now());
      request.onStderr(chunk);
    });
    child.stderr.on('error', () => {});

    let entry: Entry | null = null;
    const ended = new Promise<InstanceEnd>((resolve) => {
      const finish = (code: number | null, signal: NodeJS.Signals | null): void => {
        const asked = entry !== null && entry.stopping !== null;
        if (entry) entry.view.state = 'exited';
        // Grandchildren of the same group end with it; the entry goes when they are gone.
        void stopChild(child, this.#ladder).then(() => {
          this.#entries.delete(id);
          this.#records?.remove(pid);
          this.#changed();
        });
        resolve({ code, signal, asked });
      };
      if (hasExited(child)) finish(child.exitCode, child.signalCode);
      else child.once('exit', finish);
    });
    const instance: Instance = {
      id,
      child,
      ended,
      stop: () => {
        entry!.stopping ??= stopChild(child, this.#ladder).then(() => undefined);
        if (entry!.view.state !== 'exited') entry!.view.state = 'stopping';
        return entry!.stopping;
      },
    };
    entry = {
      server,
      instance,
      stopping: null,
      view: {
        id,
        state: 'running',
        pid,
        startedAt: Date.now(),
        sessionId: request.sessionId,
        client: request.client,
        cwd: launch.cwd,
        rssBytes: null,
      },
    };
    this.#entries.set(id, entry);
    this.#failed.delete(server);
    this.#changed();
    return instance;
  }

  ring(server: string): StderrRing {
    let ring = this.#rings.get(server);
    if (!ring) this.#rings.set(server, (ring = new StderrRing()));
    return ring;
  }

  /** Remembers why a server is down; a later successful start forgets it. */
  fail(server: string, message: string): void {
    this.#failed.add(server);
    this.#lastErrors.set(server, message);
    this.#changed();
  }

  countRestart(server: string): void {
    this.#restarts.set(server, this.restarts(server) + 1);
  }

  isFailed(server: string): boolean {
    return this.#failed.has(server);
  }

  lastError(server: string): string | null {
    return this.#lastErrors.get(server) ?? null;
  }

  restarts(server: string): number {
    return this.#restarts.get(server) ?? 0;
  }

  /** Live instances of one server, with their memory where the platform tells. */
  views(server: string): InstanceView[] {
    const views: InstanceView[] = [];
    for (const entry of this.#entries.values()) {
      if (entry.server !== server || entry.view.state === 'exited') continue;
      views.push({ ...entry.view, rssBytes: entry.view.pid === null ? null : readRssBytes(entry.view.pid) });
    }
    return views;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Ends every instance of a server and forgets its failures. */
  async stopServer(server: string): Promise<void> {
    this.#failed.delete(server);
    this.#lastErrors.delete(server);
    const own = [...this.#entries.values()].filter((entry) => entry.server === server);
    await Promise.all(own.map((entry) => entry.instance.stop()));
    this.#changed();
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.#entries.values()].map((entry) => entry.instance.stop()));
  }
}
