import { isDeepStrictEqual } from 'node:util';
import type { ConfigChange, ServerChange } from '../../../shared/model/config-version.ts';
import type { ClientAdapter, ConfigFile } from '../clients/client-adapter.ts';
import type { JsonDocument } from '../files/json-document.ts';
import { valueOf } from '../files/json-node.ts';
import type { Entry } from '../migration/entry.ts';
import { entriesIn, entryKey } from './config-entries.ts';

/** Names listed per version; a file of 10,000 servers must not fill the index (A20). */
const MAX_SERVERS = 100;

/** What differs between two states of one config: servers by name, everything else in counts, values never. */
export function summarizeChange(
  before: JsonDocument,
  after: JsonDocument,
  adapter: ClientAdapter,
  file: Pick<ConfigFile, 'project'>,
): ConfigChange {
  const old = byKey(entriesIn(before, adapter, file));
  const fresh = byKey(entriesIn(after, adapter, file));
  const servers: ServerChange[] = [];
  for (const key of new Set([...old.keys(), ...fresh.keys()])) {
    const change = changeOf(old.get(key), fresh.get(key));
    if (change) servers.push(change);
  }
  const tables = new Set([...old.values(), ...fresh.values()].map(({ table }) => JSON.stringify(table.keys)));
  const otherKeys = { added: 0, removed: 0, changed: 0 };
  countOthers([valueOf(before.root), valueOf(after.root)], [], tables, otherKeys);
  return {
    servers: servers.slice(0, MAX_SERVERS),
    moreServers: Math.max(0, servers.length - MAX_SERVERS),
    otherKeys,
  };
}

const byKey = (entries: readonly Entry[]): Map<string, Entry> =>
  new Map(entries.map((entry) => [entryKey(entry.table.keys, entry.name), entry]));

function changeOf(before: Entry | undefined, after: Entry | undefined): ServerChange | null {
  const { name, table } = (after ?? before)!;
  const where = {
    name,
    scope: table.scope,
    ...(table.project !== undefined && { project: table.project }),
  };
  if (!before) return { ...where, change: 'added', fields: [] };
  if (!after) return { ...where, change: 'removed', fields: [] };
  const [old, fresh] = [valueOf(before.node), valueOf(after.node)];
  if (isDeepStrictEqual(old, fresh)) return null;
  const fields = isRecord(old) && isRecord(fresh) ? differingKeys(old, fresh) : [];
  return { ...where, change: 'changed', fields: fields.slice(0, 20) };
}

const differingKeys = (old: Record<string, unknown>, fresh: Record<string, unknown>): string[] =>
  [...new Set([...Object.keys(old), ...Object.keys(fresh)])].filter(
    (key) => !isDeepStrictEqual(old[key], fresh[key]),
  );

/** A key with all below it counts once where it appears or goes, and each differing leaf where both sides have it. */
function countOthers(
  [before, after]: readonly [unknown, unknown],
  keys: readonly string[],
  tables: ReadonlySet<string>,
  counts: ConfigChange['otherKeys'],
): void {
  if (!isRecord(before) || !isRecord(after)) {
    if (!isDeepStrictEqual(before, after)) counts.changed += 1;
    return;
  }
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const here = [...keys, key];
    if (tables.has(JSON.stringify(here))) continue;
    if (!Object.hasOwn(before, key)) counts.added += 1;
    else if (!Object.hasOwn(after, key)) counts.removed += 1;
    else countOthers([before[key], after[key]], here, tables, counts);
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
