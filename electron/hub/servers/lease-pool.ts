import { PatchbayError } from '../../../shared/model/error.ts';

/** One caller's hold on a shared thing. */
export interface Lease<T> {
  readonly value: T;
  /** Safe to call twice. */
  release(): void;
}

export interface LeasePoolOptions<T> {
  /** Starts one; single flight per key unless `copies` allows more. What it throws, every waiting caller gets. */
  open(key: string): Promise<T>;
  /** How much it has to do; the next lease of a key goes to the least. */
  load(value: T): number;
  close(value: T): Promise<void>;
}

export interface LeaseTerms {
  /** How many of one key may be open side by side; another is opened only when all have work. */
  copies: number;
  /** Milliseconds a value without leases is kept. */
  idleMs: number;
}

/** Things that are costly to start, shared by key: single flight, least busy first, closed when idle. */
export interface LeasePool<T> {
  acquire(key: string, terms: LeaseTerms): Promise<Lease<T>>;
  /** It is gone (crashed, restarted): never handed out again; leases on it stay valid to release. */
  forget(value: T): void;
  values(): T[];
  close(): Promise<void>;
}

/** Node's timers hold no longer time; a value that is kept longer is kept for good. */
const MAX_TIMER_MS = 2 ** 31 - 1;

interface Held<T> {
  value: T;
  leases: number;
  idle: NodeJS.Timeout | undefined;
}

interface Opening<T> {
  /** How many wait for it: the work it will have. */
  callers: number;
  held: Promise<Held<T>>;
}

interface Group<T> {
  held: Held<T>[];
  openings: Opening<T>[];
}

/** An empty pool; nothing is opened before somebody asks. */
export function createLeasePool<T>(options: LeasePoolOptions<T>): LeasePool<T> {
  const groups = new Map<string, Group<T>>();
  let isClosed = false;

  const groupOf = (key: string): Group<T> => {
    let group = groups.get(key);
    if (!group) groups.set(key, (group = { held: [], openings: [] }));
    return group;
  };
  const drop = (key: string, held: Held<T>): void => {
    clearTimeout(held.idle);
    const group = groups.get(key);
    if (!group) return;
    group.held = group.held.filter((other) => other !== held);
    if (group.held.length === 0 && group.openings.length === 0) groups.delete(key);
  };
  const isHeld = (key: string, held: Held<T>): boolean => groups.get(key)?.held.includes(held) ?? false;

  const open = (key: string, group: Group<T>): Opening<T> => {
    const opening: Opening<T> = {
      callers: 0,
      held: (async () => options.open(key))().then(
        async (value) => {
          const held: Held<T> = { value, leases: 0, idle: undefined };
          group.openings = group.openings.filter((other) => other !== opening);
          if (isClosed) {
            await options.close(value);
            throw closedError();
          }
          group.held.push(held);
          return held;
        },
        (error: unknown) => {
          group.openings = group.openings.filter((other) => other !== opening);
          if (group.held.length === 0 && group.openings.length === 0) groups.delete(key);
          throw error;
        },
      ),
    };
    group.openings.push(opening);
    return opening;
  };

  const watchIdle = (key: string, held: Held<T>, idleMs: number): void => {
    if (idleMs > MAX_TIMER_MS) return;
    held.idle = setTimeout(() => {
      // Somebody without a lease still waits for it: a call outlives the conversation that made it.
      if (options.load(held.value) > 0) return watchIdle(key, held, idleMs);
      drop(key, held);
      void options.close(held.value);
    }, idleMs).unref();
  };

  const lease = (key: string, held: Held<T>, { idleMs }: LeaseTerms): Lease<T> => {
    clearTimeout(held.idle);
    held.leases += 1;
    let isReleased = false;
    return {
      value: held.value,
      release() {
        if (isReleased) return;
        isReleased = true;
        held.leases -= 1;
        if (held.leases === 0 && isHeld(key, held)) watchIdle(key, held, idleMs);
      },
    };
  };

  /** By work first; among equals the one with fewer leases, since work comes after the lease. */
  const leastBusy = ({ held }: Group<T>): { held: Held<T>; load: number } | null => {
    let best: { held: Held<T>; load: number } | null = null;
    for (const candidate of held) {
      const load = options.load(candidate.value);
      if (!best || load < best.load || (load === best.load && candidate.leases < best.held.leases)) {
        best = { held: candidate, load };
      }
    }
    return best;
  };

  const acquire = async (key: string, terms: LeaseTerms): Promise<Lease<T>> => {
    if (isClosed) throw closedError();
    const group = groupOf(key);
    const best = leastBusy(group);
    const opening = group.openings.toSorted((a, b) => a.callers - b.callers)[0];
    const mayOpen = group.held.length + group.openings.length < terms.copies;
    if (best && (best.load === 0 || (!mayOpen && (!opening || best.load <= opening.callers)))) {
      return lease(key, best.held, terms);
    }
    const awaited = mayOpen || !opening ? open(key, group) : opening;
    awaited.callers += 1;
    try {
      const held = await awaited.held;
      // It may have gone between its opening and this turn.
      return isHeld(key, held) ? lease(key, held, terms) : await acquire(key, terms);
    } catch (error) {
      // One more copy is a comfort: whoever can be served without it is.
      const spare = isClosed ? null : leastBusy(group);
      if (!spare) throw error;
      return lease(key, spare.held, terms);
    }
  };

  return {
    acquire,
    forget(value) {
      for (const [key, group] of groups) {
        const held = group.held.find((other) => other.value === value);
        if (held) drop(key, held);
      }
    },
    values: () => [...groups.values()].flatMap(({ held }) => held.map(({ value }) => value)),
    async close() {
      isClosed = true;
      const all = [...groups.values()];
      groups.clear();
      for (const { held } of all) for (const { idle } of held) clearTimeout(idle);
      await Promise.all([
        ...all.flatMap(({ held }) => held.map(({ value }) => options.close(value))),
        // Those that open now close themselves; their callers are told.
        ...all.flatMap(({ openings }) => openings.map(({ held }) => held.then(noop, noop))),
      ]);
    },
  };
}

const noop = (): void => {};

const closedError = (): PatchbayError =>
  new PatchbayError('SERVER_CANNOT_START', 'The hub is ending: no server is started any more.');
