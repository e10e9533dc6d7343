import { Finding, type FollowedWrite } from '../../../shared/model/guardian.ts';
import type { ConfigAuthor, ConfigWrite } from '../../../shared/model/config-version.ts';
import { PatchbayError, toErrorInfo } from '../../../shared/model/error.ts';
import type { ClientId } from '../../../shared/model/client.ts';
import type { ConfigFile } from '../clients/client-adapter.ts';
import { tryDataLock } from '../files/data-lock.ts';
import type { Engine } from '../migration/engine.ts';
import { readJournal } from '../migration/journal.ts';
import { findRunning } from '../migration/running-clients.ts';
import { habitOf, knownConfigFiles, projectConfigFiles } from '../time-machine/known-config-files.ts';
import { entriesIn, tryParse } from '../time-machine/config-entries.ts';
import { ownFolder } from '../time-machine/own-folder.ts';
import type { TimeMachine } from '../time-machine/time-machine.ts';
import { readConfig } from '../migration/load-configs.ts';
import {
  acceptFinding,
  agree,
  close as closeFinding,
  mergeFinding,
  removeAdded,
  type ActionDeps,
  type ActionOptions,
} from './act-on-finding.ts';
import { systemClock, type Clock } from './clock.ts';
import { findingsFile, type GuardianState, type StoredFinding } from './findings-file.ts';
import { followWrites } from './follow-writes.ts';
import { judgeFile } from './judge-file.ts';
import { DEFAULT_SETTLE, isWhole, readSettled, type Content, type SettleTiming } from './read-settled.ts';
import { watchConfigs, type ConfigWatch, type WatchedConfig } from './watch-configs.ts';

/**
 * Tells what happens to the clients' configs after a migration, and does about it what a person says. Writes nothing
 * to a client's file by itself, ever.
 */
export interface Guardian {
  /** Watches from here on; resolves once every config was looked at. */
  start(): Promise<void>;
  /** Looks at every config, or one, now. */
  check(path?: string): Promise<void>;
  /** Open ones and those that settled lately, newest first. */
  findings(): Promise<Finding[]>;
  /** Puts our entries back, or lets them start the shim where it is now. Throws NOTHING_TO_DO, BACKUP_MISSING, … */
  mergeBack(id: string, options: ActionOptions): Promise<ConfigWrite>;
  /** Agrees to what the file holds. */
  accept(id: string): Promise<Finding>;
  /** Takes an added server out. */
  remove(id: string, options: ActionOptions): Promise<ConfigWrite>;
  /** A write of ours: looked at again at +1, +10 and +60 s and after the client's next start. */
  followWrite(path: string, sha256: string, author?: ConfigAuthor): Promise<void>;
  followed(): FollowedWrite[];
  /** A client has connected to the hub: it may have been started. Costs nothing while no write is followed. */
  clientConnected(client: ClientId): void;
  /** Called for each finding that is new or has changed. Returns the way to stop. */
  onFinding(listener: (finding: Finding) => void): () => void;
  close(): Promise<void>;
}

export interface GuardianOptions {
  clock?: Clock;
  settle?: SettleTiming;
  /** How often each config is looked at whatever the watcher says; with the reading itself it stays below 5 s. */
  pollMs?: number;
}

const FOLDER = 'guardian';
const POLL_MS = 2_000;
/** Folders of projects come and go with the client's own list of them. */
const RELIST_MS = 30_000;
/**
 * A file of a megabyte costs a fifth of a second to compare, and its client may write it all the time: traffic goes
 * first, so that such a file is looked at once in some seconds.
 */
const REST_BYTES_PER_MS = 1_000;
const MAX_REST_MS = 2_000;
/** While a migration or rollback is at work on a file, its outcome is not known. */
const POSTPONED_MS = 1_000;

export function createGuardian(
  engine: Engine,
  timeMachine: TimeMachine,
  { clock = systemClock, settle = DEFAULT_SETTLE, pollMs = POLL_MS }: GuardianOptions = {},
): Guardian {
  const { storage, data, logger } = engine;
  const folder = ownFolder(storage, data, FOLDER);
  const state = findingsFile(storage, folder.path, logger);
  const listeners = new Set<(finding: Finding) => void>();
  const files = new Map<string, { file: ConfigFile; watched: WatchedConfig }>();
  /** The one look at each file that is under way, and whether another is wanted after it. */
  const looks = new Map<string, { done: Promise<void>; again: boolean }>();
  /** Files that were looked for in vain: one that appears there later was made under our eyes. */
  const absent = new Set<string>();
  const cancels = new Set<() => void>();
  let watch: ConfigWatch | null = null;
  /** What a killed hub left is gone even where this one ends before it has looked at anything. */
  let tidied: Promise<unknown> = Promise.resolve();
  let isClosed = false;

  const follower = followWrites({
    clock,
    running: async (client) => (await findRunning(engine)).of(client),
    check: async (file, since) => {
      await look(file.path);
      const { findings } = await state.load();
      return !findings.some((finding) => finding.path === file.path && isLoss(finding, since));
    },
    onError: failed,
  });

  function failed(error: unknown): void {
    logger.log('warn', 'guardian.check-failed', { message: toErrorInfo(error).message });
  }

  function later(ms: number, run: () => void): void {
    if (isClosed) return;
    const cancel = clock.after(ms, () => {
      cancels.delete(cancel);
      run();
    });
    cancels.add(cancel);
  }

  async function listFiles(): Promise<void> {
    const own = await knownConfigFiles(engine);
    const projects = await projectConfigFiles(engine, own);
    const before = new Set(files.keys());
    files.clear();
    for (const file of [...own, ...projects]) {
      const target = await storage.files.realPath(file.path).catch(() => file.path);
      files.set(file.path, {
        file,
        watched: { path: file.path, target, isQuiet: file.project !== undefined },
      });
    }
    watch?.follow([...files.values()].map(({ watched }) => watched));
    // One that is new to the list has been there unseen.
    if (watch) for (const path of files.keys()) if (!before.has(path)) touched(path);
  }

  function touched(path: string): void {
    look(path).catch(failed);
  }

  /** One look at a file at a time; what happens meanwhile is looked at afterwards. */
  async function look(path: string): Promise<void> {
    const running = looks.get(path);
    if (running) {
      running.again = true;
      return await running.done;
    }
    if (isClosed || !files.has(path)) return;
    const entry = { done: Promise.resolve(), again: false };
    looks.set(path, entry);
    entry.done = (async () => {
      try {
        do {
          entry.again = false;
          const bytes = await lookOnce(path);
          if (entry.again) await storage.sleep(Math.min(MAX_REST_MS, bytes / REST_BYTES_PER_MS));
        } while (entry.again && !isClosed);
      } finally {
        looks.delete(path);
      }
    })();
    await entry.done;
  }

  /** Answers how much there was to read. */
  async function lookOnce(path: string): Promise<number> {
    const known = files.get(path);
    if (!known) return 0;
    const { file, watched } = known;
    const see = async ({ bytes, document }: Content): Promise<void> => {
      const traces = watch?.takeTraces(watched) ?? [];
      await timeMachine.see({ file, bytes, document, isFresh: absent.has(path), traces });
    };
    const isExpected = ((await timeMachine.list(path))[0]?.state ?? 'gone') !== 'gone';
    const content = await readSettled(storage, path, { ...settle, isExpected }, see);
    // What its writer tidied up behind itself must not speak for the next one.
    if (isWhole(content)) watch?.takeTraces(watched);
    else if (content.bytes || (content.error === null && isExpected)) await see(content);
    if (content.bytes === null && content.error === null) absent.add(path);
    if ((await isBeingChanged(watched.target)) || (await isBeingSettled(path))) {
      later(POSTPONED_MS, () => touched(path));
    } else {
      await changeState('judging a config', (now) => judgeFile({ engine, timeMachine }, now, file, content));
    }
    return content.bytes?.length ?? 0;
  }

  /** An open journal speaks of work under way only while somebody holds the lock; else of a crash, settled later. */
  async function isBeingChanged(target: string): Promise<boolean> {
    const journal = await readJournal(storage, data);
    if (journal === null || journal === 'damaged' || !journal.targets.includes(target)) return false;
    return (await tryDataLock(storage, data, 'a look at a config', async () => true)) === null;
  }

  /** What we wrote for a finding a moment ago is about to be agreed to, maybe by another process. */
  async function isBeingSettled(path: string): Promise<boolean> {
    const newest = (await timeMachine.list(path))[0];
    if (newest?.author.kind !== 'patchbay') return false;
    const isAction = ['merge', 'repair', 'removal'].includes(newest.author.action);
    return isAction && storage.now() - Date.parse(newest.at) < POSTPONED_MS;
  }

  async function changeState(
    purpose: string,
    work: (now: GuardianState) => Promise<StoredFinding[]>,
  ): Promise<void> {
    const told = await folder.locked(purpose, async () => {
      const now = await state.load();
      const before = JSON.stringify(now);
      const findings = await work(now);
      if (JSON.stringify(now) !== before) await state.save(now);
      return findings;
    });
    for (const finding of told) for (const listener of listeners) listener(viewOf(finding));
  }

  async function find(id: string): Promise<{ finding: StoredFinding; deps: ActionDeps }> {
    const { findings } = await state.load();
    const finding = findings.find((candidate) => candidate.id === id);
    if (!finding) {
      throw new PatchbayError('NOT_FOUND', `There is no finding ${JSON.stringify(id)}.`, {
        hint: 'See: patchbay guardian',
      });
    }
    const known = await knownConfigFiles(engine);
    const { path, client } = finding;
    const file = known.find((candidate) => candidate.path === path) ?? habitOf(engine, client, path);
    const adapter = engine.adapters.find((candidate) => candidate.id === client);
    if (!adapter) throw new PatchbayError('NOT_SUPPORTED', `There is no adapter for the client ${client}.`);
    return { finding, deps: { engine, timeMachine, file, adapter } };
  }

  /** After a write for a finding: its entries are as agreed, whatever else is in the file. */
  async function settleFinding(id: string, deps: ActionDeps, how: 'merged-back' | 'removed'): Promise<void> {
    await changeState('settling a finding', async (now) => {
      const finding = now.findings.find((candidate) => candidate.id === id);
      if (!finding) return [];
      const bytes = await readConfig(storage.files, deps.file.path);
      const document = bytes && tryParse(bytes, deps.file.path);
      if (document && typeof document !== 'string') {
        agree(now, finding, entriesIn(document, deps.adapter, deps.file));
      }
      if (how === 'merged-back') finding.mergedAt = clock.now();
      closeFinding(finding, how, clock.now());
      return [finding];
    });
  }

  async function act(
    id: string,
    options: ActionOptions,
    [how, work]: ['merged-back' | 'removed', typeof mergeFinding],
  ): Promise<ConfigWrite> {
    const { finding, deps } = await find(id);
    const done = await work(deps, finding, options);
    if (options.dryRun) return done;
    await settleFinding(id, deps, how);
    if (done.sha256After !== null && files.has(done.path)) follower.follow(deps.file, done.sha256After);
    return done;
  }

  return {
    async start() {
      tidied = Promise.all([folder, timeMachine].map((place) => place.tidy().catch(failed)));
      watch = watchConfigs({ files: storage.files, logger, clock, onTouched: touched, pollMs });
      await listFiles();
      const relist = (): void =>
        later(RELIST_MS, () => {
          listFiles().catch(failed).finally(relist);
        });
      relist();
      await Promise.all([...files.keys()].map((path) => look(path).catch(failed)));
    },
    async check(path) {
      if (!watch) await listFiles();
      const wanted = path === undefined ? [...files.keys()] : [path];
      await Promise.all(wanted.map(look));
    },
    async findings() {
      return (await state.load()).findings.map(viewOf).reverse();
    },
    mergeBack: (id, options) => act(id, options, ['merged-back', mergeFinding]),
    remove: (id, options) => act(id, options, ['removed', removeAdded]),
    async accept(id) {
      const { deps } = await find(id);
      let accepted: StoredFinding | null = null;
      await changeState('accepting a finding', async (now) => {
        accepted = now.findings.find((candidate) => candidate.id === id)!;
        await acceptFinding(deps, now, accepted);
        return [accepted];
      });
      return viewOf(accepted!);
    },
    async followWrite(path, sha256, author) {
      const known =
        files.get(path)?.file ?? (await knownConfigFiles(engine)).find((file) => file.path === path);
      if (!known) return;
      if (author) await timeMachine.noteAuthor(known, sha256, author);
      if (!files.has(path)) await listFiles();
      follower.follow(known, sha256);
      touched(path);
    },
    followed: () => follower.list(),
    clientConnected: (client) => follower.clientConnected(client),
    onFinding(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async close() {
      isClosed = true;
      follower.close();
      for (const cancel of cancels) cancel();
      await watch?.close();
      await tidied;
      await Promise.allSettled([...looks.values()].map(({ done }) => done));
    },
  };
}

/** Without what only the guardian needs. */
const viewOf = (finding: StoredFinding): Finding => Finding.parse(finding);

const LOSSES: ReadonlySet<Finding['kind']> = new Set(['wiped', 'removed', 'edited', 'turned-direct']);

const isLoss = ({ kind, state, settledAt }: StoredFinding, since: number): boolean =>
  LOSSES.has(kind) &&
  (state === 'open' || (state === 'accepted' && settledAt !== null && Date.parse(settledAt) >= since));
