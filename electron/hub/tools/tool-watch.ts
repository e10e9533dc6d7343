import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { PatchbayError, toErrorInfo } from '../../../shared/model/error.ts';
import type { ToolChange, ToolChanges, ToolFinding } from '../../../shared/model/server-tools.ts';
import { openListFile } from '../list-file.ts';
import type { Logger } from '../log.ts';
import { unifiedDiff } from '../migration/line-diff.ts';
import type { Catalog } from '../servers/catalog-parse.ts';
import { definitionHash } from '../servers/definition-hash.ts';
import { KnownTools, StoredTools, type OpenChange } from './known-tools.ts';
import {
  audienceOf,
  changedParts,
  definitionLines,
  readDefinition,
  type SeenTool,
} from './read-definition.ts';
import type { ListedTool, ToolObserver } from './tool-observer.ts';

/** Compares what servers say of their tools with what they said before (B23), and keeps what has changed. */
export interface ToolWatch extends ToolObserver {
  /** Servers of the catalog whose changes nobody has accepted yet. */
  findings(): ToolFinding[];
  /** After the lists that have come were compared. */
  changes(server: string): Promise<ToolChanges>;
  /** Agrees to exactly the changes of this finding. Throws NOTHING_TO_DO or PLAN_STALE. */
  accept(server: string, id: string): Promise<void>;
  /** All lists that have come were compared and written down. */
  settled(): Promise<void>;
}

export interface ToolWatchOptions {
  file: string;
  catalog(): Catalog;
  logger: Logger;
  /** Findings have changed. */
  changed(): void;
  /** Clients may see and call other tools of this server than before. */
  released(server: string): void;
  now(): number;
}

const MAX_SERVERS = 200;
/** Of all servers; a server beyond them is not watched. */
const MAX_TOOLS = 50_000;
const MAX_FILE_BYTES = 128 * 1024 * 1024;
/** Lists that wait to be compared, one of each server and audience; more are dropped, and the log says so. */
const MAX_WAITING = MAX_SERVERS;
const MAX_WAITING_BYTES = 64 * 1024 * 1024;
/** Compared in one turn of the event loop: about a millisecond. */
const SLICE = 50;
/** The file holds all servers and is written as a whole, so once for many lists; but not never while lists keep coming. */
const LISTS_PER_WRITE = 64;
const MAX_SHOWN = 200;
/** Remembered of one server until its list was compared; a server may make up new names for ever. */
const MAX_HELD_NAMES = 10_000;

interface Waiting {
  server: string;
  audience: string;
  tools: readonly ListedTool[];
  bytes: number;
}

export function openToolWatch(options: ToolWatchOptions): ToolWatch {
  const { file, catalog, logger, changed, released, now } = options;
  const kept = openListFile({
    file,
    member: 'servers',
    item: StoredTools,
    max: MAX_SERVERS,
    maxBytes: MAX_FILE_BYTES,
    logger,
  });
  const known = new Map(kept.items().map((stored) => [stored.server, new KnownTools(stored)]));
  /** Of each server, tools whose newest definition was held back; before their list has been compared, too. */
  const heldBack = new Map<string, Set<string>>();
  /** The newest list of each server and audience, to pass over the same one again. */
  const newest = new Map<string, string>();
  const waiting: Waiting[] = [];
  let waitingBytes = 0;
  let working: Promise<void> | null = null;
  const hashes = new WeakMap<object, string>();

  /** Null for what is not in the catalog: the hub's own server, and what a client brought itself. */
  const hashOf = (server: string): string | null => {
    const definition = catalog().get(server);
    if (!definition) return null;
    let hash = hashes.get(definition);
    if (hash === undefined) hashes.set(definition, (hash = definitionHash(definition)));
    return hash;
  };
  const isHolding = (server: string): boolean => catalog().get(server)?.holdChangedTools === true;
  /** As long as it is run the way it was. */
  const recordOf = (server: string): KnownTools | null => {
    const record = known.get(server);
    return record && record.definition === hashOf(server) ? record : null;
  };

  const write = async (): Promise<void> => {
    try {
      await kept.change(() => [...known.values()].map((record) => record.stored()));
    } catch (error) {
      logger.log('error', 'tools.not-written', { path: file, message: toErrorInfo(error).message });
    }
  };

  /** The record to compare with; a new one where there is none, null where there is no room for it. */
  const recordFor = (server: string, definition: string): KnownTools | null => {
    const before = recordOf(server);
    if (before) return before;
    const fresh = new KnownTools({ server, definition, audiences: [], tools: [], changes: [] });
    known.delete(server);
    known.set(server, fresh);
    heldBack.delete(server);
    if (known.size <= MAX_SERVERS) return fresh;
    const gone = [...known.keys()].find((name) => !catalog().has(name));
    known.delete(gone ?? server);
    if (gone === undefined) logger.log('warn', 'tools.not-watched', { server });
    return gone === undefined ? null : fresh;
  };

  /** True when there is something to write down. */
  const compare = async ({ server, audience, tools }: Waiting): Promise<boolean> => {
    const digest = createHash('sha256');
    for (const { bytes } of tools) digest.update(bytes);
    const definition = hashOf(server);
    if (definition === null) return false;
    const who = audienceOf(audience);
    const place = `${server}\0${who}`;
    const list = `${definition} ${digest.digest('hex')}`;
    if (newest.get(place) === list && recordOf(server)) return false;
    const seen = new Map<string, SeenTool>();
    for (const [index, tool] of tools.entries()) {
      if (index % SLICE === SLICE - 1) await nextTurn();
      // A name that stands twice is the first, as in the lists that the hub makes.
      if (!seen.has(tool.key)) seen.set(tool.key, readDefinition(tool.bytes));
    }
    const total = [...known.values()].reduce((sum, { size }) => sum + size, 0);
    const record = hashOf(server) === definition ? recordFor(server, definition) : null;
    if (!record) return false;
    if (record.isNew && total + seen.size > MAX_TOOLS) {
      known.delete(server);
      logger.log('warn', 'tools.not-watched', { server });
      return false;
    }
    const before = record.changesId;
    const isDirty = record.see(seen, { audience: who, at: now(), isStrict: isHolding(server) });
    newest.delete(place);
    newest.set(place, list);
    if (newest.size > 2 * MAX_SERVERS) newest.delete(newest.keys().next().value!);
    if (record.changesId !== before) {
      logger.log('warn', 'tools.changed', { server, tools: record.changes.length });
      changed();
    }
    return isDirty;
  };

  const work = async (): Promise<void> => {
    // Whoever told of the list is answering somebody: nothing of this is to delay that.
    await nextTurn();
    let compared = 0;
    let isDirty = false;
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      waitingBytes -= next.bytes;
      try {
        isDirty = (await compare(next)) || isDirty;
      } catch (error) {
        logger.log('error', 'tools.not-compared', {
          server: next.server,
          message: toErrorInfo(error).message,
        });
      }
      compared += 1;
      if (!isDirty || (waiting.length > 0 && compared % LISTS_PER_WRITE > 0)) continue;
      await write();
      isDirty = false;
    }
    working = null;
  };

  const settled = async (): Promise<void> => {
    while (working) await working;
  };

  const findingOf = (server: string): ToolFinding | null => {
    const record = recordOf(server);
    const changes = record?.changes ?? [];
    if (!record || changes.length === 0) return null;
    return {
      server,
      id: record.changesId,
      since: Math.min(...changes.map(({ since }) => since)),
      count: changes.length,
      isHeld: isHolding(server),
    };
  };

  return {
    listed(server, audience, tools) {
      if (hashOf(server) === null) return;
      const bytes = tools.reduce((sum, tool) => sum + tool.bytes.length, 0);
      // What was to be compared with the same is out of date.
      const older = waiting.findIndex((list) => list.server === server && list.audience === audience);
      if (older >= 0) waitingBytes -= waiting.splice(older, 1)[0]!.bytes;
      if (waiting.length >= MAX_WAITING || waitingBytes + bytes > MAX_WAITING_BYTES) {
        return logger.log('warn', 'tools.not-compared', {
          server,
          message: 'Too many lists came at a time.',
        });
      }
      waiting.push({ server, audience, tools, bytes });
      waitingBytes += bytes;
      working ??= work();
    },
    isHeld(server, { key, bytes }) {
      if (!isHolding(server)) return false;
      const record = recordOf(server);
      if (!record || record.isNew) return false;
      const isHeld = !record.isAccepted(key, readDefinition(bytes).hash);
      const names = heldBack.get(server) ?? new Set();
      heldBack.set(server, names);
      if (!isHeld) names.delete(key);
      else if (names.size < MAX_HELD_NAMES) names.add(key);
      return isHeld;
    },
    refusal(server, tool) {
      if (!isHolding(server)) return null;
      const change = recordOf(server)?.change(tool);
      const isOpen = change !== undefined && change !== null && !change.isBack && change.kind !== 'removed';
      if (!isOpen && !heldBack.get(server)?.has(tool)) return null;
      return (
        `Patchbay holds the tool ${tool} of ${server}: its definition is not the one that was accepted. ` +
        `Look at the change and accept it: patchbay servers tools ${server} --accept`
      );
    },
    findings: () => [...catalog().keys()].flatMap((server) => findingOf(server) ?? []),
    async changes(server) {
      await settled();
      const record = recordOf(server);
      const changes = record ? shownFirst(record.changes).map((change) => describe(record, change)) : [];
      return { finding: findingOf(server), changes };
    },
    async accept(server, id) {
      const record = recordOf(server);
      if (!record || record.changes.length === 0) {
        throw new PatchbayError('NOTHING_TO_DO', `No tool of ${server} has changed.`);
      }
      if (record.changesId !== id) {
        throw new PatchbayError('PLAN_STALE', `The tools of ${server} have changed once more meanwhile.`, {
          hint: 'Look at the changes again, then accept them.',
        });
      }
      record.accept();
      heldBack.delete(server);
      await write();
      changed();
      released(server);
    },
    settled,
  };
}

const RANK: Readonly<Record<OpenChange['kind'], number>> = { changed: 0, added: 1, removed: 2 };

const shownFirst = (changes: readonly OpenChange[]): OpenChange[] =>
  changes.toSorted((a, b) => RANK[a.kind] - RANK[b.kind]).slice(0, MAX_SHOWN);

function describe(record: KnownTools, { tool, kind, since, text, isBack }: OpenChange): ToolChange {
  const before = kind === 'added' ? null : record.acceptedText(tool);
  const isWhole = (kind === 'added' || before !== null) && (kind === 'removed' || text !== null);
  return {
    tool,
    kind,
    since,
    parts: changedParts(before, text),
    diff: isWhole ? unifiedDiff(tool, definitionLines(before), definitionLines(text)) : '',
    isBack,
  };
}
