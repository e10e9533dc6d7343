import path from 'node:path';
import type { Files } from '../files/files.ts';
import { isMissing } from '../files/file-errors.ts';
import type { Entry } from '../migration/entry.ts';
import { condition, presentEntry, type Condition } from './classify-change.ts';
import { recordedEntry } from './entry-record.ts';

/** Index of our shim in an entry's arguments; -1 when it is not there. */
export const shimIndex = (args: readonly string[]): number =>
  args.findIndex((arg) => /(^|[/\\])shim\.cjs$/.test(arg));

/** The routed entries that start something which is no longer there, as after the app was moved; null when none does. */
export async function findMissingShims(files: Files, entries: readonly Entry[]): Promise<Condition | null> {
  const gone: Entry[] = [];
  for (const entry of entries) {
    if (entry.route === null || !entry.stdio || entry.transport !== 'stdio') continue;
    const { command, args } = entry.stdio;
    const shim = args[shimIndex(args)];
    const parts = [command, ...(shim === undefined ? [] : [shim])].filter((part) => isAbsolute(part));
    if (await isAnyMissing(files, parts)) gone.push(entry);
  }
  if (gone.length === 0) return null;
  return condition(
    'shim-missing',
    'warning',
    gone.map((entry) => presentEntry(entry, recordedEntry(entry))),
  );
}

const isAbsolute = (file: string): boolean => path.posix.isAbsolute(file) || path.win32.isAbsolute(file);

async function isAnyMissing(files: Files, paths: readonly string[]): Promise<boolean> {
  for (const file of paths) {
    try {
      await files.facts(file);
    } catch (error) {
      // One that may not be looked at is there.
      if (isMissing(error)) return true;
    }
  }
  return false;
}
