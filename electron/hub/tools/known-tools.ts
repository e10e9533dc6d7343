import { createHash } from 'node:crypto';
import { z } from 'zod';
import { ToolChangeKind } from '../../../shared/model/server-tools.ts';
import type { SeenTool } from './read-definition.ts';

/** Ways in which one tool may look without being a change: environments and projects differ. */
const MAX_VARIANTS = 8;
/** Sets of capabilities a server was told; one more makes the oldest a stranger again. */
const MAX_AUDIENCES = 8;
/** As many as the hub takes of a list. */
const MAX_TOOLS = 10_000;
/** Noted at a time; the rest is noted once these are accepted. */
const MAX_CHANGES = 1_000;
/** Characters of definitions kept for one server; a tool beyond them is compared by its hash alone. */
const MAX_TEXTS = 512 * 1024;

const Hash = z.string().length(64);
const KnownTool = z.object({
  name: z.string(),
  /** The newest first. */
  accepted: z.array(Hash).min(1),
  /** Of the newest. */
  text: z.string().nullable(),
  /** Audiences that were offered it. */
  seenBy: z.array(z.string()),
  /** That it is gone has been accepted. */
  mayBeAbsent: z.boolean(),
});
type KnownTool = z.infer<typeof KnownTool>;

const OpenChange = z.object({
  tool: z.string(),
  kind: ToolChangeKind,
  since: z.number(),
  hash: Hash.nullable(),
  text: z.string().nullable(),
  isBack: z.boolean(),
});
export type OpenChange = z.infer<typeof OpenChange>;

/** One server as it is kept in the file. */
export const StoredTools = z.object({
  server: z.string(),
  /** Hash of what is run or reached. Another definition is another server. */
  definition: Hash,
  audiences: z.array(z.string()),
  tools: z.array(KnownTool),
  changes: z.array(OpenChange),
});
export type StoredTools = z.infer<typeof StoredTools>;

/** Who was given a list, and how it is to be judged. */
export interface Sight {
  audience: string;
  /** Epoch milliseconds. */
  at: number;
  /** What a new audience is offered counts as a change too: nobody has accepted it. */
  isStrict: boolean;
}

/** What is known of the tools of one server: what was accepted, and what has changed since (B23). */
export class KnownTools {
  readonly server: string;
  readonly definition: string;
  #audiences: string[];
  readonly #tools: Map<string, KnownTool>;
  readonly #changes: Map<string, OpenChange>;
  #textLength = 0;

  constructor({ server, definition, audiences, tools, changes }: StoredTools) {
    this.server = server;
    this.definition = definition;
    this.#audiences = [...audiences];
    this.#tools = new Map(tools.map((tool) => [tool.name, tool]));
    this.#changes = new Map(changes.map((change) => [change.tool, change]));
    this.#countTexts();
  }

  /** Nothing has been listed yet. */
  get isNew(): boolean {
    return this.#audiences.length === 0;
  }

  get size(): number {
    return this.#tools.size;
  }

  /** In the order in which they were seen. */
  get changes(): OpenChange[] {
    return [...this.#changes.values()];
  }

  /** Stands for exactly these changes. */
  get changesId(): string {
    const facts = this.changes.map(({ tool, kind, hash, isBack }) => [tool, kind, hash, isBack]);
    return createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 16);
  }

  change(tool: string): OpenChange | null {
    return this.#changes.get(tool) ?? null;
  }

  /** The newest accepted definition; null where it is not kept. */
  acceptedText(tool: string): string | null {
    return this.#tools.get(tool)?.text ?? null;
  }

  isAccepted(tool: string, hash: string): boolean {
    return this.#tools.get(tool)?.accepted.includes(hash) ?? false;
  }

  /**
   * Takes in a whole list. What is seen for the first time, by the first audience or by a new one, is accepted
   * quietly; false when nothing is to be written down.
   */
  see(list: ReadonlyMap<string, SeenTool>, { audience, at, isStrict }: Sight): boolean {
    const isFirst = this.isNew;
    const isNewAudience = !this.#audiences.includes(audience);
    const isQuiet = isFirst || (isNewAudience && !isStrict);
    let isDirty = isNewAudience;
    if (isNewAudience) this.#meet(audience);
    for (const [name, seen] of list) {
      const tool = this.#tools.get(name);
      if (tool) isDirty = this.#seeKnown(tool, seen, { audience, at, isStrict }) || isDirty;
      else if (isQuiet && !this.#changes.has(name)) isDirty = this.#learn(name, seen, [audience]) || isDirty;
      else isDirty = this.#note(name, 'added', { seen, at }) || isDirty;
    }
    for (const { name, mayBeAbsent, seenBy } of this.#tools.values()) {
      if (list.has(name) || mayBeAbsent || !seenBy.includes(audience) || this.#changes.has(name)) continue;
      isDirty = this.#note(name, 'removed', { seen: null, at }) || isDirty;
    }
    return isDirty;
  }

  #seeKnown(tool: KnownTool, seen: SeenTool, { audience, at }: Sight): boolean {
    let isDirty = false;
    if (!tool.seenBy.includes(audience)) {
      tool.seenBy.push(audience);
      isDirty = true;
    }
    if (!tool.accepted.includes(seen.hash)) return this.#note(tool.name, 'changed', { seen, at }) || isDirty;
    const change = this.#changes.get(tool.name);
    if (!change || change.isBack) return isDirty;
    // Gone and back is nothing to look at; another definition that was there for a while is.
    if (change.kind === 'removed') this.#changes.delete(tool.name);
    else change.isBack = true;
    return true;
  }

  #note(
    tool: string,
    kind: OpenChange['kind'],
    { seen, at }: { seen: SeenTool | null; at: number },
  ): boolean {
    const before = this.#changes.get(tool);
    const hash = seen?.hash ?? null;
    if (before?.kind === kind && before.hash === hash && !before.isBack) return false;
    if (!before && this.#changes.size >= MAX_CHANGES) return false;
    const text = seen && this.#keepText(seen.text);
    const since = before?.kind === kind && before.hash === hash ? before.since : at;
    this.#changes.set(tool, { tool, kind, since, hash, text, isBack: false });
    return true;
  }

  #learn(name: string, { hash, text }: SeenTool, seenBy: string[]): boolean {
    if (this.#tools.size >= MAX_TOOLS) return false;
    const kept = this.#keepText(text);
    this.#tools.set(name, { name, accepted: [hash], text: kept, seenBy, mayBeAbsent: false });
    return true;
  }

  #meet(audience: string): void {
    this.#audiences.push(audience);
    if (this.#audiences.length <= MAX_AUDIENCES) return;
    const [forgotten] = this.#audiences.splice(0, 1);
    for (const tool of this.#tools.values()) tool.seenBy = tool.seenBy.filter((one) => one !== forgotten);
  }

  #keepText(text: string | null): string | null {
    if (text === null || this.#textLength + text.length > MAX_TEXTS) return null;
    this.#textLength += text.length;
    return text;
  }

  #countTexts(): void {
    this.#textLength = [...this.#tools.values(), ...this.#changes.values()].reduce(
      (sum, { text }) => sum + (text?.length ?? 0),
      0,
    );
  }

  /** A person agrees to all that has changed. */
  accept(): void {
    for (const { tool: name, kind, hash, text } of this.#changes.values()) {
      const tool = this.#tools.get(name);
      if (kind === 'removed' && tool) tool.mayBeAbsent = true;
      else if (hash !== null && tool) {
        tool.accepted = [hash, ...tool.accepted.filter((one) => one !== hash)].slice(0, MAX_VARIANTS);
        tool.text = text;
      } else if (hash !== null) this.#learn(name, { hash, text }, []);
    }
    this.#changes.clear();
    this.#countTexts();
  }

  stored(): StoredTools {
    const { server, definition } = this;
    return {
      server,
      definition,
      audiences: this.#audiences,
      tools: [...this.#tools.values()],
      changes: this.changes,
    };
  }
}
