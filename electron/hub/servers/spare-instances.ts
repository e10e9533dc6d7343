import { createHash } from 'node:crypto';
import type { Launch } from '../supervisor/spawn-server.ts';

/** More than this many processes without a session are no help any more. The longest unused go first. */
const MAX_SPARES = 16;
/** A spare nobody has asked for in this time ends. */
const UNUSED_MS = 30 * 60_000;

/** Processes started ahead, so that a session finds its server up. Each is handed out once. */
export interface SpareInstances<T> {
  /** One that was started from exactly this launch, or null. */
  take(server: string, launch: Launch): T | null;
  /** From now on `count` are kept ready for this launch. */
  keep(server: string, launch: Launch, count: number): void;
  /** It ended by itself. It is not replaced before somebody asks for its launch: a crash must not become a loop. */
  lost(spare: T): void;
  /** Ends those of a server whose definition has changed. */
  drop(server: string): void;
  close(): void;
}

export interface SpareOptions<T> {
  /** Starts one when the machine has time; may reject. */
  start(server: string, launch: Launch): Promise<T>;
  stop(spare: T): void;
}

interface Shelf<T> {
  server: string;
  spares: T[];
  starting: number;
  unused: NodeJS.Timeout | undefined;
}

/** Nothing is started before `keep` is called. */
export function createSpareInstances<T>({ start, stop }: SpareOptions<T>): SpareInstances<T> {
  /** By launch; the longest unused first. */
  const shelves = new Map<string, Shelf<T>>();

  const clear = (key: string, shelf: Shelf<T>): void => {
    clearTimeout(shelf.unused);
    if (shelves.get(key) === shelf) shelves.delete(key);
    for (const spare of shelf.spares.splice(0)) stop(spare);
  };
  const size = (): number =>
    [...shelves.values()].reduce((sum, { spares, starting }) => sum + spares.length + starting, 0);

  const fill = async (key: string, shelf: Shelf<T>, launch: Launch): Promise<void> => {
    shelf.starting += 1;
    try {
      const spare = await start(shelf.server, launch);
      // Its definition changed, or the hub ends, while it started.
      if (shelves.get(key) !== shelf) stop(spare);
      else shelf.spares.push(spare);
    } catch {
      // Whoever needs the server is told why it does not start; a spare that fails is only not there.
    } finally {
      shelf.starting -= 1;
    }
  };

  return {
    take(server, launch) {
      return shelves.get(keyOf(server, launch))?.spares.shift() ?? null;
    },
    keep(server, launch, count) {
      if (count === 0 || launch.isPersonal || launch.workdir !== undefined) return;
      const key = keyOf(server, launch);
      const shelf = shelves.get(key) ?? { server, spares: [], starting: 0, unused: undefined };
      shelves.delete(key);
      shelves.set(key, shelf);
      clearTimeout(shelf.unused);
      shelf.unused = setTimeout(() => clear(key, shelf), UNUSED_MS).unref();
      while (shelf.spares.length + shelf.starting < count) {
        if (size() >= MAX_SPARES) {
          const [oldest] = shelves;
          if (!oldest || oldest[1] === shelf) return;
          clear(...oldest);
        } else void fill(key, shelf, launch);
      }
    },
    lost(spare) {
      for (const { spares } of shelves.values()) {
        const index = spares.indexOf(spare);
        if (index !== -1) spares.splice(index, 1);
      }
    },
    drop(server) {
      for (const [key, shelf] of shelves) if (shelf.server === server) clear(key, shelf);
    },
    close() {
      for (const [key, shelf] of shelves) clear(key, shelf);
    },
  };
}

function keyOf(server: string, { command, args, cwd, env }: Launch): string {
  const sorted = Object.entries(env).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([server, command, args, cwd, sorted]))
    .digest('hex');
}
