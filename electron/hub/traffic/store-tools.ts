import type { DatabaseSyncInstance } from '@photostructure/sqlite';

type Statement = ReturnType<DatabaseSyncInstance['prepare']>;

/** Consecutive ids that share their entries: an index by row would cost as much as the row itself. */
export const BLOCK_IDS = 256;
/** Tools kept of one block; a hostile client can name as many as it makes calls. */
const MAX_TOOLS = 64;
/** Stands for any tool. */
const ANY = '';

export const blockOf = (id: number): number => Math.floor(id / BLOCK_IDS);

/** Which tools occur in which block of ids. */
export class ToolBlocks {
  readonly #insert: Statement;
  #block = -1;
  /** Written for the block under way. */
  readonly #written = new Set<string>();

  constructor(db: DatabaseSyncInstance) {
    this.#insert = db.prepare('INSERT OR IGNORE INTO tool_blocks (tool, block) VALUES (?, ?)');
  }

  add(tool: string, id: number): void {
    const block = blockOf(id);
    if (block > this.#block) {
      this.#block = block;
      this.#written.clear();
    }
    // An earlier block's call that is answered now was written before, but its first state may have been dropped.
    if (block < this.#block) return void this.#insert.run(tool, block);
    if (this.#written.has(tool) || this.#written.has(ANY)) return;
    const entry = this.#written.size < MAX_TOOLS ? tool : ANY;
    this.#insert.run(entry, block);
    this.#written.add(entry);
  }

  /** After a transaction was undone. */
  forget(): void {
    this.#block = -1;
    this.#written.clear();
  }
}

/** Ids `from` to `to`, both included. */
export interface IdRange {
  from: number;
  to: number;
}

/** Blocks that one statement looks for: with several names it has to sort what it finds. */
const PAGE = 1_024;

/** Where exchanges of these tools (whole names) may stand, newest first; nowhere else. */
export function* toolRanges(
  db: DatabaseSyncInstance,
  tools: readonly string[],
  within: IdRange,
): Generator<IdRange> {
  const names = [...tools, ANY];
  const statement = db.prepare(
    `SELECT DISTINCT block FROM tool_blocks WHERE tool IN (${names.map(() => '?').join(', ')})
     AND block BETWEEN ? AND ? ORDER BY block DESC`,
  );
  const first = blockOf(within.from);
  for (let last = blockOf(within.to); last >= first; last -= PAGE) {
    const page = [Math.max(first, last - PAGE + 1), last];
    const blocks = (statement.all(...names, ...page) as { block: number }[]).map(({ block }) => block);
    for (const { from, to } of joined(blocks))
      yield { from: Math.max(from, within.from), to: Math.min(to, within.to) };
  }
}

/** Blocks side by side are one range. */
function* joined(blocks: readonly number[]): Generator<IdRange> {
  let range: IdRange | null = null;
  for (const block of blocks) {
    const from = block * BLOCK_IDS;
    if (range && range.from === from + BLOCK_IDS) {
      range.from = from;
      continue;
    }
    if (range) yield range;
    range = { from, to: from + BLOCK_IDS - 1 };
  }
  if (range) yield range;
}
