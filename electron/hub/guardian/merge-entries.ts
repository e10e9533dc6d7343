import { PatchbayError } from '../../../shared/model/error.ts';
import type { ConfigFile, ClientAdapter } from '../clients/client-adapter.ts';
import { parseJsonDocument, type JsonDocument } from '../files/json-document.ts';
import { insertAfter, insertLast } from '../files/json-edit.ts';
import { literal, memberText } from '../files/json-literal.ts';
import { endOf, memberOf, nodeAt } from '../files/json-node.ts';
import { styleAt } from '../files/json-style.ts';
import { applySplices, type Splice } from '../files/splice.ts';
import type { Entry } from '../migration/entry.ts';
import { findEntry } from '../migration/entry.ts';
import type { ShimCommand } from '../migration/migration-service.ts';
import { entriesIn, tryParse } from '../time-machine/config-entries.ts';
import { entryText, putEntries, putFields, type EntryText } from '../time-machine/entry-edits.ts';
import type { TimeMachine } from '../time-machine/time-machine.ts';
import type { ConditionEntry } from './classify-change.ts';
import { keyOf, launchHash } from './entry-record.ts';
import { shimIndex } from './missing-shim.ts';

/** An entry of ours as it was when we wrote it. */
interface OwnEntry {
  wanted: ConditionEntry;
  text: EntryText;
  /** Names of variables it has. */
  env: ReadonlyMap<string, string>;
  isStdio: boolean;
}

/** Versions that are searched for an entry, newest first. */
const MAX_SEARCHED = 300;

/**
 * Finds the text of our entries in the versions of their file. Throws BACKUP_MISSING when one was never seen, as when
 * nobody watched between the migration and the wipe.
 */
export async function findOwnEntries(
  timeMachine: TimeMachine,
  file: ConfigFile,
  adapter: ClientAdapter,
  wanted: readonly ConditionEntry[],
): Promise<OwnEntry[]> {
  const open = new Map(wanted.map((entry) => [keyOf(entry), entry]));
  const found: OwnEntry[] = [];
  const versions = (await timeMachine.list(file.path)).filter(({ state }) => state === 'readable');
  for (const { id } of versions.slice(0, MAX_SEARCHED)) {
    if (open.size === 0) break;
    const { bytes } = await timeMachine.read(id);
    const document = bytes && tryParse(bytes, file.path);
    if (!document || typeof document === 'string') continue;
    for (const entry of entriesIn(document, adapter, file)) {
      const key = keyOf({ keys: entry.table.keys, name: entry.name });
      const match = open.get(key);
      if (!match || launchHash(entry) !== match.expected) continue;
      open.delete(key);
      const text = entryText(document, entry.table.keys, entry.name)!;
      const isStdio = entry.transport === 'stdio';
      found.push({ wanted: match, text, env: entry.stdio?.env ?? new Map(), isStdio });
    }
  }
  if (open.size > 0) {
    const names = [...open.values()].map(({ name }) => JSON.stringify(name)).join(', ');
    throw new PatchbayError(
      'BACKUP_MISSING',
      `No saved version of ${file.path} holds ${names} as we wrote it.`,
      {
        path: file.path,
        hint: 'Route it anew: patchbay migrate',
      },
    );
  }
  return found;
}

/**
 * The file with our entries in it again and nothing else changed. Of an entry that is still there, only the fields
 * that say what is started are put back: a variable that somebody renewed since stays.
 */
export function mergeEntries(
  present: Uint8Array | null,
  file: ConfigFile,
  entries: readonly OwnEntry[],
  shim: ShimCommand,
): Uint8Array {
  let document = parseJsonDocument(present ?? Buffer.from('{}\n'), file.path);
  const missing = entries.filter(({ text }) => !standsThere(document, text));
  document = putEntries(
    document,
    missing.map(({ text }) => text),
  );
  for (const { text, env, isStdio } of entries) {
    if (missing.some((entry) => entry.text === text)) continue;
    const fields = isStdio ? ['type', 'command', 'args'] : ['type', 'url', 'headers', 'command', 'args'];
    document = putFields(document, text, fields);
    const ours = Object.entries(shim.env).filter(([name, value]) => env.get(name) === value);
    document = putVariables(document, text, new Map(ours));
  }
  for (const { wanted } of entries) {
    const table = { keys: [...wanted.keys], scope: wanted.scope };
    const entry = findEntry(document.root, table, wanted.name);
    if (!entry || launchHash(entry) !== wanted.expected) {
      throw new Error(`The entry ${JSON.stringify(wanted.name)} does not read as intended after the merge.`);
    }
  }
  return document.bytes;
}

/** An entry that is something else than an object is replaced as a whole. */
const standsThere = ({ root }: JsonDocument, { keys, name }: EntryText): boolean =>
  memberOf(nodeAt(root, keys), name)?.value.type === 'object';

/** A repaired file, and the variables that entries got in the course of it. */
export interface Repaired {
  bytes: Uint8Array;
  added: { keys: readonly string[]; name: string; variables: string[]; hadEnv: boolean }[];
}

/** Lets entries start our shim where it is now. The command behind it and all other fields stay. */
export function repairShims(
  present: Uint8Array,
  file: ConfigFile,
  wanted: readonly ConditionEntry[],
  shim: ShimCommand,
): Repaired {
  let document = parseJsonDocument(present, file.path);
  const added: Repaired['added'] = [];
  for (const { keys, name, scope } of wanted) {
    const entry = findEntry(document.root, { keys: [...keys], scope }, name);
    if (!entry?.stdio || shimIndex(entry.stdio.args) === -1) continue;
    document = spliced(document, shimSplices(document, entry, shim));
    const missing = Object.entries(shim.env).filter(([variable]) => !entry.stdio!.env.has(variable));
    if (missing.length === 0) continue;
    document = putVariables(document, { keys, name }, new Map(missing));
    const hadEnv = memberOf(entry.node, 'env') !== undefined;
    added.push({ keys, name, variables: missing.map(([variable]) => variable), hadEnv });
  }
  return { bytes: document.bytes, added };
}

function shimSplices({ text }: JsonDocument, entry: Entry, shim: ShimCommand): Splice[] {
  const command = memberOf(entry.node, 'command')!.value;
  const elements = memberOf(entry.node, 'args')!.value.children!;
  const [first, second] = elements;
  const shimAt = shimIndex(entry.stdio!.args);
  // Where an AppImage started it, its launcher's switch follows; the way that is written brings its own.
  const last = elements[entry.stdio!.args[shimAt + 1] === '--no-sandbox' ? shimAt + 1 : shimAt]!;
  const gap = second ? text.slice(endOf(first!), second.offset) : ', ';
  const args = shim.args.map((arg) => JSON.stringify(arg)).join(/^,\s*$/.test(gap) ? gap : ', ');
  return [
    { offset: command.offset, length: command.length, text: JSON.stringify(shim.command) },
    { offset: first!.offset, length: endOf(last) - first!.offset, text: args },
  ];
}

/** Adds variables to the environment of an entry, where it has not got them. */
function putVariables(
  document: JsonDocument,
  { keys, name }: Pick<EntryText, 'keys' | 'name'>,
  variables: ReadonlyMap<string, string>,
): JsonDocument {
  const entry = memberOf(nodeAt(document.root, keys), name)?.value;
  const env = memberOf(entry, 'env');
  const missing = [...variables].filter(([variable]) => !memberOf(env?.value, variable));
  if (!entry || missing.length === 0) return document;
  const { text } = document;
  const style = styleAt(text, document.root!, entry);
  if (env) {
    const members = missing.map(([variable, value]) => memberText(variable, JSON.stringify(value), style));
    return spliced(document, [insertLast(text, env.value, members, style)]);
  }
  const command = memberOf(entry, 'command')!.property;
  const place = { text, offset: command.offset, depth: 0 };
  const member = memberText('env', literal(Object.fromEntries(missing), style, place), style);
  return spliced(document, [insertAfter(text, command, [member], style)]);
}

const spliced = (document: JsonDocument, splices: readonly Splice[]): JsonDocument =>
  parseJsonDocument(applySplices(document, splices), document.path);
