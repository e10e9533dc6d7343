import { mkdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { findJsonFault } from '../../shared/json-rpc/find-json-fault.ts';
import { PatchbayError } from '../../shared/model/error.ts';
import type { Logger } from './log.ts';

/** A short list that people keep in a file of the data folder, all of it in memory. */
export interface ListFile<T> {
  items(): readonly T[];
  /** `edit` makes the next list of the one there is, or throws; changes take their turn. On disk when it resolves. */
  change(edit: (items: readonly T[]) => T[]): Promise<void>;
}

export interface ListFileOptions<T> {
  file: string;
  /** The member that holds the list. */
  member: string;
  item: z.ZodType<T>;
  /** Of these, the first count; a person may have written more by hand. */
  max: number;
  /** A larger file is not read; 1 MiB when absent. */
  maxBytes?: number;
  logger: Logger;
}

const DEFAULT_MAX_BYTES = 1024 * 1024;
/** Below the data folder. */
const DAMAGED_FOLDER = 'damaged';

/**
 * A file that is damaged is set aside in a folder `damaged` beside it, never written over, and the log says where it is and
 * what is wrong; entries that are sound are kept.
 */
export function openListFile<T>(options: ListFileOptions<T>): ListFile<T> {
  const { file, member, logger } = options;
  let problem: string | null = null;
  let items: readonly T[] = [];
  let writing: Promise<void> = Promise.resolve();

  const write = async (next: readonly T[]): Promise<void> => {
    const handle = await open(`${file}.new`, 'w', 0o600);
    try {
      for (const piece of jsonPieces(member, next)) await handle.writeFile(piece);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(`${file}.new`, file);
  };

  const read = readList(options);
  items = read.items;
  if (read.fault) {
    const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-');
    const aside = path.join(path.dirname(file), DAMAGED_FOLDER, `${stamp}-${path.basename(file)}`);
    const { message, line } = read.fault;
    try {
      mkdirSync(path.dirname(aside), { recursive: true, mode: 0o700 });
      renameSync(file, aside);
      logger.log('error', 'list.set-aside', { path: file, keptAs: aside, message, line });
      // What is sound must be there at the next start as well.
      if (items.length > 0) writing = write(items).catch(() => {});
    } catch (error) {
      problem = `${path.basename(file)} is damaged and cannot be set aside: ${(error as Error).message}`;
      logger.log('error', 'list.unreadable', { path: file, message: problem, line });
    }
  }

  return {
    items: () => items,
    change(edit) {
      const before = writing;
      const turn = (async () => {
        await before;
        if (problem !== null) throw new PatchbayError('CONFIG_UNREADABLE', problem, { path: file });
        const next = edit(items);
        await write(next);
        items = next;
      })();
      writing = turn.catch(() => {});
      return turn;
    },
  };
}

/** Characters of one write, and one item more: calls wait while they are made into bytes. */
const PIECE_CHARACTERS = 64 * 1024;

/** The file as `JSON.stringify` indents it, in pieces: known tools of many servers are megabytes. */
function* jsonPieces(member: string, items: readonly unknown[]): Iterable<string> {
  let piece = `{\n  ${JSON.stringify(member)}: [`;
  for (const [index, item] of items.entries()) {
    const text = JSON.stringify(item, null, 2).replaceAll('\n', '\n    ');
    piece += `${index === 0 ? '' : ','}\n    ${text}`;
    if (piece.length < PIECE_CHARACTERS) continue;
    yield piece;
    piece = '';
  }
  yield `${piece}${items.length === 0 ? '' : '\n  '}]\n}\n`;
}

interface ReadList<T> {
  items: T[];
  fault: { message: string; line: number | null } | null;
}

function readList<T>({
  file,
  member,
  item,
  max,
  maxBytes = DEFAULT_MAX_BYTES,
}: ListFileOptions<T>): ReadList<T> {
  let text: string;
  try {
    text = readBounded(file, maxBytes);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { items: [], fault: null };
    return { items: [], fault: { message: (error as Error).message, line: null } };
  }
  let data: unknown;
  try {
    data = JSON.parse(text) as unknown;
  } catch {
    const fault = findJsonFault(text);
    return { items: [], fault: { message: fault?.message ?? 'It is not JSON.', line: fault?.line ?? null } };
  }
  const list = z.object({ [member]: z.array(z.unknown()) }).safeParse(data);
  if (!list.success) return { items: [], fault: { message: `It has no list of ${member}.`, line: null } };
  const items: T[] = [];
  let fault: ReadList<T>['fault'] = null;
  for (const [index, value] of list.data[member]!.entries()) {
    const known = item.safeParse(value);
    if (known.success && items.length < max) items.push(known.data);
    else {
      const why = known.success ? 'is one too many' : 'does not fit';
      fault ??= { message: `Entry ${index + 1} of ${member} ${why}.`, line: null };
    }
  }
  return { items, fault };
}

function readBounded(file: string, maxBytes: number): string {
  const { size } = statSync(file);
  if (size > maxBytes) throw new Error(`It has ${size} bytes; more than ${maxBytes} are not read.`);
  return readFileSync(file, 'utf8');
}
