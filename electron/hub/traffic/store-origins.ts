import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import type { Origin } from './exchange-record.ts';

type Statement = ReturnType<DatabaseSyncInstance['prepare']>;

/** How many ids ahead the use of an origin is noted, so that it is not noted for each row. */
const AHEAD = 10_000;
const MAX_REMEMBERED = 5_000;

interface Used {
  id: number;
  firstId: number;
  untilId: number;
}

/** Ids of the exchanges that want an origin. */
export interface IdSpan {
  smallest: number;
  largest: number;
}

/** The table of who spoke to whom, with a memory of what was lately written and read. */
export class StoreOrigins {
  readonly #insert: Statement;
  readonly #extend: Statement;
  readonly #select: Statement;
  readonly #used = new Map<string, Used>();
  readonly #read = new Map<number, Origin>();

  constructor(db: DatabaseSyncInstance) {
    this.#insert = db.prepare(
      `INSERT INTO origins (first_id, until_id, session, client, project, server, instance)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#extend = db.prepare('UPDATE origins SET first_id = ?, until_id = ? WHERE id = ?');
    this.#select = db.prepare(
      'SELECT session AS sessionId, client, project, server, instance AS instanceId FROM origins WHERE id = ?',
    );
  }

  /** The number under which these five texts stand in the table, for these exchanges. */
  numberOf(texts: readonly (string | null)[], { smallest, largest }: IdSpan): number {
    const key = JSON.stringify(texts);
    const known = this.#used.get(key);
    if (known && known.firstId <= smallest && largest <= known.untilId) return known.id;
    const firstId = Math.min(known?.firstId ?? smallest, smallest);
    const untilId = Math.max(known?.untilId ?? 0, largest + AHEAD);
    if (known) {
      this.#extend.run(firstId, untilId, known.id);
      known.firstId = firstId;
      known.untilId = untilId;
      return known.id;
    }
    const id = Number(this.#insert.run(firstId, untilId, ...texts).lastInsertRowid);
    if (this.#used.size >= MAX_REMEMBERED) this.#used.clear();
    this.#used.set(key, { id, firstId, untilId });
    return id;
  }

  get(id: number): Origin {
    const known = this.#read.get(id);
    if (known) return known;
    const origin = this.#select.get(id) as Origin | undefined;
    if (!origin) return { sessionId: '', client: '', project: null, server: '', instanceId: '' };
    if (this.#read.size >= MAX_REMEMBERED) this.#read.clear();
    this.#read.set(id, origin);
    return origin;
  }

  /** After a transaction was undone, or rows of the table were deleted. */
  forget(): void {
    this.#used.clear();
    this.#read.clear();
  }
}
