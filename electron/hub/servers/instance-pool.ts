import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { PatchbayError } from '../../../shared/model/error.ts';
import type { InstanceView, ServerDefinition } from '../../../shared/model/server.ts';
import { createUsageSampler, type ProcessUsage } from '../supervisor/process-usage.ts';
import { lastWords } from '../supervisor/last-words.ts';
import { spawnPatiently, type Launch, type ServerChild } from '../supervisor/spawn-server.ts';
import { createStartSlots } from '../supervisor/start-slots.ts';
import type { StderrRing } from '../supervisor/stderr-ring.ts';
import { DEFAULT_STOP_LADDER, type StopLadder } from '../supervisor/stop-ladder.ts';
import { createSurvivorSweep, INSTANCE_VARIABLE, type SurvivorSweep } from '../supervisor/survivors.ts';
import type { ChildRecords } from './child-records.ts';
import { describeEnd } from './describe-end.ts';
import { superviseChild, type Instance, type InstanceEnd, type PooledInstance } from './instance.ts';
import { createMemoryWatch, type MemoryWatch } from './memory-watch.ts';
import { ServerNotes } from './server-notes.ts';
import { createSpareInstances } from './spare-instances.ts';
import { createUsageHistory, type UsageHistory } from './usage-history.ts';
import { makeWorkFolder, removeWorkFolder } from './work-folders.ts';

export type { Instance, InstanceEnd } from './instance.ts';

export interface StartRequest {
  server: string;
  client: string;
  sessionId: string;
  /** May still be resolving; what it rejects with, `start` does. */
  launch: Launch | Promise<Launch>;
  onStderr(chunk: Buffer): void;
}

export interface InstancePoolOptions {
  ladder?: StopLadder;
  /** What the catalog says of a server, as it is now. */
  definition?(server: string): ServerDefinition | undefined;
  /** Calls an instance has to answer; null when nobody knows. */
  callsInFlight?(instanceId: string): number | null;
}

/** More children than this on one machine is a leak of somebody's, not work. */
const MAX_INSTANCES = 1_000;
/** A start that has written nothing by then waits for something else than the processor: a download, its first request. */
const START_HOLDS_SLOT_MS = 1_000;
const LAST_LINES = 5;

/** All live children of the hub, by server; their stderr; and what went wrong last. */
export class InstancePool {
  readonly #instances = new Map<string, PooledInstance>();
  readonly #notes = new ServerNotes();
  readonly #usage = createUsageSampler({ os: process.platform });
  /** What the instances used lately. */
  readonly usage: UsageHistory = createUsageHistory({ look: (ids) => this.#look(ids) });
  readonly #slots = createStartSlots(2 * availableParallelism());
  readonly #ending = new AbortController();
  readonly #changed: () => void;
  readonly #records: ChildRecords | null;
  readonly #options: InstancePoolOptions;
  readonly #ladder: StopLadder;
  readonly #survivors: SurvivorSweep;
  readonly #memory: MemoryWatch;
  readonly #spares = createSpareInstances<PooledInstance>({
    start: (server, launch) => this.#spawn(server, launch, 'ahead'),
    stop: (spare) => void spare.stop(),
  });
  /** Starts, and ends whose child has gone: its group, its strays, its folder. The hub's own end waits for them. */
  readonly #underWay = new Set<Promise<void>>();

  constructor(changed: () => void, records: ChildRecords | null = null, options: InstancePoolOptions = {}) {
    this.#changed = changed;
    this.#records = records;
    this.#options = options;
    this.#ladder = options.ladder ?? DEFAULT_STOP_LADDER;
    this.#survivors = createSurvivorSweep(this.#ladder.termMs);
    this.#memory = createMemoryWatch({
      usage: this.#usage,
      limit: (server) => options.definition?.(server)?.memoryLimit ?? null,
      callsInFlight: (id) => options.callsInFlight?.(id) ?? null,
      warn: (server, message) => {
        this.#notes.warn(server, message);
        this.#changed();
      },
      recycle: (instance) => {
        this.#notes.countRestart(instance.server);
        void instance.stop();
      },
    });
  }

  /** Gives a running process: one started ahead where there is one, else a new one. Throws SERVER_CANNOT_START. */
  async start(request: StartRequest): Promise<Instance> {
    const { server } = request;
    const launch = await request.launch;
    const spare = this.#spares.take(server, launch);
    const instance = spare ?? (await this.#spawn(server, launch, 'now'));
    instance.view.sessionId = request.sessionId;
    instance.view.client = request.client;
    instance.listen(request.onStderr);
    const { isolation = 'session', warm = 0 } = this.#options.definition?.(server) ?? {};
    // A shared process serves the next session too; only a private one needs a successor.
    if (isolation === 'session') this.#spares.keep(server, launch, warm);
    this.#notes.runs(server);
    this.#changed();
    return instance;
  }

  /** Starts processes ahead for a launch that is known before anybody asks, as many as the catalog says. */
  warmUp(server: string, launch: Launch): void {
    this.#spares.keep(server, launch, this.#options.definition?.(server)?.warm ?? 0);
  }

  /** Their definitions changed: what was started ahead is of no use any more. Live instances stay. */
  definitionsChanged(servers: readonly string[]): void {
    for (const server of servers) this.#spares.drop(server);
  }

  /** The one place where a server's process is started. */
  #spawn(server: string, launch: Launch, urgency: 'now' | 'ahead'): Promise<PooledInstance> {
    const starting = this.#spawnNow(server, launch, urgency);
    this.#track(starting);
    return starting;
  }

  async #spawnNow(server: string, launch: Launch, urgency: 'now' | 'ahead'): Promise<PooledInstance> {
    const giveBack = await this.#slots.take(urgency);
    const id = randomUUID();
    const mark = this.#records?.mark(id) ?? null;
    let child: ServerChild;
    try {
      this.#refuseIfFull();
      if (launch.workdir !== undefined) makeWorkFolder(launch.workdir);
      const env = mark === null ? launch.env : { ...launch.env, [INSTANCE_VARIABLE]: mark };
      child = await spawnPatiently({ ...launch, env }, this.#ending.signal);
    } catch (error) {
      giveBack();
      if (launch.workdir !== undefined) void removeWorkFolder(launch.workdir);
      if (urgency === 'now') this.fail(server, (error as Error).message);
      throw error;
    }
    const pid = child.pid!;
    this.#records?.add(pid);
    const ring = this.#notes.ring(server);
    const instance = superviseChild(child, {
      id,
      server,
      launch,
      ladder: this.#ladder,
      onStderr: (chunk) => ring.push(id, chunk, Date.now()),
      exited: () => {
        giveBack();
        this.#spares.lost(instance);
        this.#memory.forget(instance);
        this.#changed();
      },
      gone: () => this.#track(this.#leave(instance, mark)),
    });
    this.#instances.set(id, instance);
    this.#memory.watch(instance);
    this.#noteWhenUp(instance, giveBack);
    void instance.ended.then((end) => this.#noteCrash(instance, end));
    // The hub began to end while it started.
    if (this.#ending.signal.aborted) void instance.stop();
    this.#changed();
    return instance;
  }

  #refuseIfFull(): void {
    if (this.#ending.signal.aborted) {
      throw new PatchbayError('SERVER_CANNOT_START', 'The hub is ending: no server is started any more.');
    }
    if (this.#instances.size >= MAX_INSTANCES) {
      throw new PatchbayError('SERVER_CANNOT_START', `There are already ${MAX_INSTANCES} server processes.`);
    }
  }

  #noteWhenUp(instance: PooledInstance, giveBack: () => void): void {
    const { child, view } = instance;
    const isUp = (): void => {
      giveBack();
      if (view.state !== 'starting') return;
      view.state = 'running';
      this.#changed();
    };
    const holding = setTimeout(() => {
      giveBack();
      // Nobody speaks to a spare, so it never answers.
      if (view.sessionId === '') isUp();
    }, START_HOLDS_SLOT_MS).unref();
    void instance.ended.then(() => clearTimeout(holding));
    // Listening for output would set it flowing before its session listens: wait until somebody does.
    const watch = (event: string | symbol): void => {
      if (event !== 'data') return;
      child.stdout.off('newListener', watch);
      child.stdout.once('data', isUp);
    };
    child.stdout.on('newListener', watch);
  }

  /** At once, since its session may come back any moment; and again when its last words are read. */
  async #noteCrash({ server, id, view, child }: PooledInstance, end: InstanceEnd): Promise<void> {
    if (end.asked || view.sessionId === '') return;
    const message = (): string => {
      const tail = this.ring(server).tail(LAST_LINES, id);
      return `The server ${describeEnd(end)}.${tail === '' ? '' : ` It last wrote:\n${tail}`}`;
    };
    this.fail(server, message());
    await lastWords(child.stderr);
    // Another one may run by now: this one's words are no news of that.
    this.#notes.warn(server, message());
    this.#changed();
  }

  async #leave({ id, launch, child, server }: PooledInstance, mark: string | null): Promise<void> {
    if (mark !== null) await this.#survivors.end(mark);
    if (launch.workdir !== undefined) await removeWorkFolder(launch.workdir);
    this.#notes.ring(server).end(id, Date.now());
    this.#instances.delete(id);
    this.#records?.remove(child.pid!);
    this.#changed();
  }

  #track(work: Promise<unknown>): void {
    const settled: Promise<void> = work.then(noop, noop).then(() => void this.#underWay.delete(settled));
    this.#underWay.add(settled);
  }

  ring(server: string): StderrRing {
    return this.#notes.ring(server);
  }

  /** Remembers why a server is down; a later successful start forgets that it is. */
  fail(server: string, message: string): void {
    this.#notes.fail(server, message);
    this.#changed();
  }

  countRestart(server: string): void {
    this.#notes.countRestart(server);
  }

  isFailed(server: string): boolean {
    return this.#notes.isFailed(server);
  }

  lastError(server: string): string | null {
    return this.#notes.lastError(server);
  }

  restarts(server: string): number {
    return this.#notes.restarts(server);
  }

  /** The newest line an instance has written to stderr, for errors of a start that takes too long (B02). */
  lastLine(server: string, instanceId: string): string {
    return this.ring(server).newest(instanceId);
  }

  /** Live instances of one server, with what they and all they started use where the platform tells. */
  views(server: string): InstanceView[] {
    const live = [...this.#instances.values()].filter(
      (instance) => instance.server === server && instance.view.state !== 'exited',
    );
    if (live.length === 0) return [];
    const usage = this.#look(live.map(({ id }) => id));
    for (const [id, one] of usage) this.usage.note(id, one);
    return live.map(({ id, view }) => {
      const { rssBytes = null, cpuPercent = null } = usage.get(id) ?? {};
      return { ...view, rssBytes, cpuPercent };
    });
  }

  #look(ids: readonly string[]): Map<string, ProcessUsage> {
    const pids = new Map(ids.map((id) => [id, this.#instances.get(id)?.child.pid]));
    const usage = this.#usage.look([...pids.values()].filter((pid) => pid !== undefined));
    const found = new Map<string, ProcessUsage>();
    for (const [id, pid] of pids) {
      const own = pid === undefined ? undefined : usage.get(pid);
      if (own) found.set(id, own);
    }
    return found;
  }

  get size(): number {
    return this.#instances.size;
  }

  /** Ends every instance of a server and forgets its failures. */
  async stopServer(server: string): Promise<void> {
    this.#notes.forgive(server);
    this.#spares.drop(server);
    const own = [...this.#instances.values()].filter((instance) => instance.server === server);
    await Promise.all(own.map((instance) => instance.stop()));
    this.#changed();
  }

  /** Ends all and starts nothing more; resolves when no process, stray or folder is left. */
  async stopAll(): Promise<void> {
    this.#ending.abort();
    this.usage.dispose();
    this.#spares.close();
    do {
      await Promise.all([...this.#instances.values()].map((instance) => instance.stop()));
      await Promise.all(this.#underWay);
    } while (this.#underWay.size > 0);
  }
}

const noop = (): void => {};
