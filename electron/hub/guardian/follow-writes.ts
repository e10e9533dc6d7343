import type { RunningClient } from '../../../shared/model/client.ts';
import type { FollowedWrite } from '../../../shared/model/guardian.ts';
import type { ConfigFile } from '../clients/client-adapter.ts';
import type { Clock } from './clock.ts';

type When = FollowedWrite['checks'][number]['when'];

/** As facts about clients tell: a lost race shows at once, a write from memory within a minute (A16, A17). */
const AFTER_WRITE: readonly (readonly [When, number])[] = [
  ['1s', 1_000],
  ['10s', 10_000],
  ['60s', 60_000],
];
const AFTER_START_MS = 60_000;
/** Asking the system for its processes costs a third of a second of someone's processor. */
const LOOK_FOR_START_MS = 15_000;
/** A client that is not started for this long is looked at when its file changes, as always. */
const WAIT_FOR_START_MS = 24 * 3_600_000;
const MAX_FOLLOWED = 50;

export interface WriteFollower {
  follow(file: ConfigFile, sha256: string): void;
  /** The client has connected: it may have been started, which the list of processes tells at once then. */
  clientConnected(client: ConfigFile['client']): void;
  /** Newest last. */
  list(): FollowedWrite[];
  close(): void;
}

export interface FollowerDeps {
  clock: Clock;
  running(client: ConfigFile['client']): Promise<readonly RunningClient[]>;
  /** Looks at the file now and answers whether all of ours is there as it was written. */
  check(file: ConfigFile, since: number): Promise<boolean>;
  onError(error: unknown): void;
}

interface Followed {
  file: ConfigFile;
  view: FollowedWrite;
  since: number;
  /** Who ran at the time; null until that is known. */
  before: ReadonlySet<string> | null;
}

/** Looks at what we wrote again, at +1, +10 and +60 s and after the next start of its client. Writes nothing. */
export function followWrites({ clock, running, check, onError }: FollowerDeps): WriteFollower {
  const followed: Followed[] = [];
  const cancels = new Set<() => void>();
  let cancelLook: (() => void) | null = null;
  let looking: Promise<void> | null = null;
  let isClosed = false;

  function later(ms: number, run: () => Promise<void>): void {
    if (isClosed) return;
    const cancel = clock.after(ms, () => {
      cancels.delete(cancel);
      run().catch(onError);
    });
    cancels.add(cancel);
  }

  async function look(one: Followed, when: When): Promise<void> {
    const kept = await check(one.file, one.since);
    one.view.checks.push({ when, at: new Date(clock.now()).toISOString(), kept });
  }

  async function started(one: Followed): Promise<void> {
    one.view.waiting = false;
    later(AFTER_START_MS, () => look(one, 'client-start-60s'));
    await look(one, 'client-start');
  }

  async function lookForStarts(): Promise<void> {
    const waiting = followed.filter(({ view }) => view.waiting);
    for (const one of waiting) {
      if (clock.now() - one.since > WAIT_FOR_START_MS) {
        one.view.waiting = false;
        continue;
      }
      const now = await running(one.file.client);
      one.before ??= new Set(now.map(identity));
      if (now.some((client) => !one.before!.has(identity(client)))) await started(one);
    }
  }

  function lookOnce(): Promise<void> {
    looking ??= lookForStarts()
      .catch(onError)
      .finally(() => (looking = null));
    return looking;
  }

  function schedule(): void {
    if (isClosed || cancelLook || !followed.some(({ view }) => view.waiting)) return;
    cancelLook = clock.after(LOOK_FOR_START_MS, () => {
      void lookOnce().then(() => {
        cancelLook = null;
        schedule();
      });
    });
  }

  return {
    follow(file, sha256) {
      const at = clock.now();
      const view: FollowedWrite = {
        path: file.path,
        client: file.client,
        sha256,
        at: new Date(at).toISOString(),
        checks: [],
        waiting: true,
      };
      const one: Followed = { file, view, since: at, before: null };
      // A newer write of the same file is the one that counts.
      for (const older of followed) if (older.file.path === file.path) older.view.waiting = false;
      followed.push(one);
      if (followed.length > MAX_FOLLOWED) followed.shift();
      for (const [when, ms] of AFTER_WRITE) later(ms, () => look(one, when));
      running(file.client)
        .then((now) => (one.before ??= new Set(now.map(identity))))
        .catch(onError);
      schedule();
    },
    clientConnected(client) {
      // One that has been running all the time connects anew as well, such as after a person's `/mcp`.
      const isAwaited = followed.some(({ view, file }) => view.waiting && file.client === client);
      if (isAwaited && !isClosed) void lookOnce();
    },
    list: () => followed.map(({ view }) => ({ ...view, checks: [...view.checks] })),
    close() {
      isClosed = true;
      cancelLook?.();
      for (const cancel of cancels) cancel();
    },
  };
}

/** A pid alone may be another process by now. */
const identity = ({ pid, startedAt }: RunningClient): string => `${pid} ${startedAt ?? ''}`;
