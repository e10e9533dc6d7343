import { PatchbayError } from '../../../shared/model/error.ts';
import type { ClientId } from '../../../shared/model/client.ts';
import type { EntryTable } from '../clients/client-adapter.ts';
import { findEntry, type StdioCommand } from './entry.ts';
import { rewriteEntry, type Additions } from './entry-rewrite.ts';
import { parseJsonDocument, type JsonDocument } from '../files/json-document.ts';
import type { ShimCommand } from './migration-service.ts';
import { readRoutedEntry } from './routed-entry.ts';
import { applySplices, type Splice } from '../files/splice.ts';

/** An entry to be routed, and what it must still be when that happens. */
export interface Move {
  table: EntryTable;
  name: string;
  original: StdioCommand;
  /** Name in the catalog. */
  server: string;
}

/** A file's bytes with its entries routed. */
export interface RewrittenFile {
  bytes: Uint8Array;
  /** What was added per move; null for one that was routed this way already. */
  additions: (Additions | null)[];
}

/**
 * Routes the entries of one file and proves that the result reads as intended. Throws CONFIG_CHANGED when an entry
 * is no longer what the plan saw.
 */
export function rewriteFile(
  document: JsonDocument,
  moves: readonly Move[],
  client: ClientId,
  shim: ShimCommand,
): RewrittenFile {
  const splices: Splice[] = [];
  const additions = moves.map((move): Additions | null => {
    const entry = findEntry(document.root, move.table, move.name);
    if (!entry?.stdio) throw entryChanged(document.path, move.name);
    if (isRoutedAs(entry.stdio, move)) return null;
    if (!isSame(entry.stdio, move.original)) throw entryChanged(document.path, move.name);
    const rewrite = rewriteEntry(document, entry, { client, server: move.server }, shim);
    splices.push(...rewrite.splices);
    return rewrite.additions;
  });
  const bytes = applySplices(document, splices);
  const after = parseJsonDocument(bytes, document.path);
  for (const move of moves) {
    const stdio = findEntry(after.root, move.table, move.name)?.stdio;
    if (!stdio || !isRoutedAs(stdio, move)) {
      throw new Error(`The rewritten entry ${JSON.stringify(move.name)} does not read as intended.`);
    }
  }
  return { bytes, additions };
}

function isRoutedAs(stdio: StdioCommand, { server, original }: Move): boolean {
  const routed = readRoutedEntry(stdio);
  return (
    routed !== null &&
    routed.server === server &&
    routed.command === original.command &&
    sameList(routed.args, original.args)
  );
}

function isSame(a: StdioCommand, b: StdioCommand): boolean {
  return (
    a.command === b.command && sameList(a.args, b.args) && sameList([...a.env].flat(), [...b.env].flat())
  );
}

const sameList = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((item, index) => item === b[index]);

const entryChanged = (path: string, name: string): PatchbayError =>
  new PatchbayError(
    'CONFIG_CHANGED',
    `The entry ${JSON.stringify(name)} in ${path} is no longer what the plan showed.`,
    {
      path,
      hint: 'Look at the new plan and try again.',
    },
  );
