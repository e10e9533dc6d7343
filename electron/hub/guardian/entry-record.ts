import { z } from 'zod';
import { Scope } from '../../../shared/model/client.ts';
import { sha256 } from '../files/sha256.ts';
import { valueOf } from '../files/json-node.ts';
import type { Entry } from '../migration/entry.ts';
import { readRoutedEntry } from '../migration/routed-entry.ts';
import { entryKey } from '../time-machine/config-entries.ts';

/** An entry as it was when somebody last agreed to it. Hashes only: the config itself may hold secrets. */
export const RecordedEntry = z.object({
  keys: z.array(z.string()),
  name: z.string(),
  scope: Scope,
  project: z.string().optional(),
  /** Of what it starts or where it leads. */
  launch: z.string(),
  /** Of the command behind our shim; null for entries without one. */
  original: z.string().nullable(),
  /** Its server in the catalog, for an entry that leads to the hub; null for others. */
  server: z.string().nullable(),
  /** It went, and would be no news if it came back as it was. Never set for one that leads to the hub. */
  absent: z.boolean(),
});
export type RecordedEntry = z.infer<typeof RecordedEntry>;

/** The entries of one file that need no further words. */
export const FileRecord = z.object({
  /** The newest migration of this file that was not taken back when this was recorded. */
  migration: z.string().nullable(),
  /** Number of the newest version of the file that is taken into account; 0 for none. */
  version: z.number(),
  entries: z.array(RecordedEntry),
});
export type FileRecord = z.infer<typeof FileRecord>;

/** What an entry starts, or where it leads; its other fields may change as they like. */
export function launchHash({ stdio, remote, transport, node }: Entry): string {
  if (transport === 'stdio' && stdio) return commandHash(stdio);
  if (remote) return hashOf([transport, remote.url]);
  return hashOf(valueOf(node));
}

/** The same for a bare command, such as one of the catalog. */
export const commandHash = ({ command, args }: { command: string; args: readonly string[] }): string =>
  hashOf([command, ...args]);

/** The same for a bare address. */
export const addressHash = (transport: string, url: string): string => hashOf([transport, url]);

const hashOf = (value: unknown): string => sha256(Buffer.from(JSON.stringify(value)));

/** Hash of the command that an entry of ours would start without the hub; null when none stands in it. */
export function originalHash({ stdio }: Entry): string | null {
  const routed = stdio && readRoutedEntry(stdio);
  return routed ? commandHash(routed) : null;
}

export const recordedEntry = (entry: Entry): RecordedEntry => ({
  keys: [...entry.table.keys],
  name: entry.name,
  scope: entry.table.scope,
  ...(entry.table.project !== undefined && { project: entry.table.project }),
  launch: launchHash(entry),
  original: originalHash(entry),
  server: entry.route?.server ?? null,
  absent: false,
});

export const keyOf = ({ keys, name }: { keys: readonly string[]; name: string }): string =>
  entryKey(keys, name);
