import { parseTree, type Node, type ParseError } from 'jsonc-parser';
import { expect } from 'vitest';
import { sha256 } from '../../electron/hub/files/sha256.ts';
import { PatchbayError } from '../../shared/model/error.ts';
import { engineFixture, testAdapter, type EngineFixture } from '../unit/migration/engine-fixture.ts';
import { Crash, faultyFiles, type Fault } from '../unit/migration/faulty-files.ts';
import { MemoryFiles, type Aftermath } from '../unit/migration/memory-files.ts';

export const CODE = '/home/ada/.claude.json';
export const DESKTOP = '/home/ada/.config/Claude/claude_desktop_config.json';
export const CONFIGS = [CODE, DESKTOP] as const;
export type ConfigPath = (typeof CONFIGS)[number];
export const CATALOG = '/data/mcp-servers.json';

/** What the files hold at first. Numbers that JSON.parse would change are in there, and both kinds of line ends. */
export const ORIGINALS: Readonly<Record<ConfigPath, string>> = {
  [CODE]: `{
  "numStartups": 3,
  "big": 12345678901234567890,
  "mcpServers": { "github": { "command": "npx", "args": ["-y", "github"], "env": { "GITHUB_TOKEN": "ghp_0123456789abcdef" }, "extra": 1.0 } },
  "projects": { "/home/ada/work": { "mcpServers": { "files": { "type": "stdio", "command": "files" } }, "history": [] } }
}`,
  [DESKTOP]:
    '{\r\n\t"mcpServers": {\r\n\t\t"memory": {\r\n\t\t\t"command": "memory",\r\n\t\t\t"args": []\r\n\t\t}\r\n\t},\r\n\t"preferences": { "sidebarMode": "x" }\r\n}\r\n',
};
const OWN_CATALOG = '{\n  // mine\n  "mcpServers": {\n    "mine": { "command": "mine" }\n  }\n}\n';

export interface JsonObject {
  [key: string]: JsonValue;
}
export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;

/** What a config holds when nothing is routed, as a person or a client left it. */
export type Wanted =
  | { kind: 'value'; value: JsonObject }
  /** Not to be read by anybody; to be left alone. */
  | { kind: 'raw'; text: string }
  | { kind: 'gone' };

const ADAPTERS = [testAdapter('claude-code', CODE), testAdapter('claude-desktop', DESKTOP)];

/** The machine, and beside it what must be true of it. */
export class World {
  readonly disk = new MemoryFiles();
  readonly wanted = new Map<ConfigPath, Wanted>();
  /** The bytes to which a rollback must lead: of before the first migration, while nobody else has written since. */
  readonly pristine = new Map<ConfigPath, string>();
  /** Servers a person put into the catalog. */
  readonly ownServers = new Set(['mine']);
  #pid = 1;

  constructor() {
    for (const path of CONFIGS) {
      this.disk.put(path, ORIGINALS[path]);
      this.wanted.set(path, { kind: 'value', value: JSON.parse(ORIGINALS[path]) as JsonObject });
    }
    this.disk.put(CATALOG, OWN_CATALOG);
    this.disk.put('/data/migrations/.keep', '');
  }

  /** Patchbay as the process that runs now; `neighbour` is another one that is alive too. */
  engine(fault: Fault = { kind: 'none' }, neighbour?: number): EngineFixture & { hasEnded(): boolean } {
    const { files, calls } = faultyFiles(this.disk, fault);
    const pid = this.#pid;
    const fixture = engineFixture({
      files,
      adapters: ADAPTERS,
      pid,
      alive: (candidate) => candidate === pid || candidate === neighbour,
    });
    // Whatever the program makes of it, as it may where a failure does not matter.
    const hasEnded = (): boolean =>
      (fault.kind === 'crash' || fault.kind === 'torn-crash') && calls.length >= fault.at;
    return { ...fixture, hasEnded };
  }

  /** Another Patchbay, in a process of its own. */
  neighbour(pid: number): EngineFixture {
    return engineFixture({ files: this.disk, adapters: ADAPTERS, pid, alive: () => true });
  }

  /**
   * Lets Patchbay do something that may go wrong or end suddenly, and checks what must hold whatever happens. Refusals
   * in words are fine. Tells whether it ended before its time.
   */
  async doOurs(
    work: (engine: EngineFixture) => Promise<unknown>,
    { fault, aftermath = 'killed' }: { fault?: Fault; aftermath?: Aftermath } = {},
  ): Promise<'done' | 'refused' | 'ended'> {
    const before = new Map(CONFIGS.map((path) => [path, this.disk.text(path)]));
    const engine = this.engine(fault);
    let outcome: 'done' | 'refused' | 'ended' = 'done';
    try {
      await work(engine);
    } catch (error) {
      const isTold = error instanceof PatchbayError || (error instanceof Error && 'code' in error);
      if (!isTold && !(error instanceof Crash)) throw error;
      outcome = 'refused';
    }
    if (engine.hasEnded()) outcome = 'ended';
    if (outcome === 'ended') {
      this.disk.endSuddenly(aftermath);
      this.#pid += 1;
    }
    for (const path of CONFIGS) {
      const text = this.disk.text(path);
      expect(foreignParts(text), `foreign bytes of ${path}`).toBe(foreignParts(before.get(path)!));
      this.expectWanted(path);
    }
    return outcome;
  }

  /** A config is what everybody else left, with or without our routing in it. */
  expectWanted(path: ConfigPath): void {
    const wanted = this.wanted.get(path)!;
    const text = this.disk.text(path);
    if (wanted.kind === 'gone') return expect(text, path).toBeNull();
    if (wanted.kind === 'raw') return expect(text, path).toBe(wanted.text);
    expect(tidy(unrouted(JSON.parse(text!) as JsonObject)), path).toEqual(tidy(wanted.value));
  }

  /** Somebody else writes a config: `change` is done to the file and to what must be true of it alike. */
  writeAsOther(
    path: ConfigPath,
    change: (value: JsonObject) => void,
    print: (value: JsonObject) => string,
  ): void {
    const wanted = this.wanted.get(path)!;
    if (wanted.kind !== 'value') return;
    const present = JSON.parse(this.disk.text(path)!) as JsonObject;
    change(present);
    change(wanted.value);
    this.disk.put(path, print(present));
    this.pristine.delete(path);
  }

  replace(path: ConfigPath, text: string | null): void {
    this.pristine.delete(path);
    if (text === null) {
      this.disk.drop(path);
      this.wanted.set(path, { kind: 'gone' });
      return;
    }
    this.disk.put(path, text);
    try {
      this.wanted.set(path, { kind: 'value', value: JSON.parse(text) as JsonObject });
    } catch {
      this.wanted.set(path, { kind: 'raw', text });
    }
  }

  /** What must hold whenever nothing is under way. */
  async expectSettled(): Promise<void> {
    const { service } = this.engine();
    expect(await service.recover(), 'nothing left to repair').toEqual([]);
    expect(this.disk.tree('/data').filter((name) => /journal\.json|lock\.json|\.tmp$/.test(name))).toEqual(
      [],
    );
    for (const { id, state, files } of await service.history()) {
      expect(state, id).not.toBe('applying');
      for (const { backup, sha256Before } of files) {
        const saved = this.disk.text(backup);
        expect(saved !== null && sha256(Buffer.from(saved)), `backup ${backup}`).toBe(sha256Before);
      }
    }
    const catalog = this.disk.text(CATALOG)!;
    for (const name of this.ownServers) expect(catalog, 'own servers stay').toContain(`"${name}": {`);
  }

  /** Everything of ours can be taken out, and what nobody else touched is byte for byte what it was. */
  async expectRemovable(): Promise<void> {
    await this.engine().service.recover();
    await this.engine().service.rollback({ dryRun: false });
    for (const path of CONFIGS) {
      const text = this.disk.text(path);
      this.expectWanted(path);
      if (this.wanted.get(path)!.kind === 'value') expect(text, path).not.toContain('shim.cjs');
      const pristine = this.pristine.get(path);
      if (pristine !== undefined) expect(text, `${path} is byte for byte what it was`).toBe(pristine);
    }
    const catalog = this.disk.text(CATALOG)!;
    for (const name of this.ownServers) expect(catalog).toContain(`"${name}": {`);
    expect(catalog).toContain('// mine');
  }
}

const tablesOf = (value: JsonObject): JsonObject[] => {
  const projects = (value.projects ?? {}) as Record<string, JsonObject>;
  return [value, ...Object.values(projects)].flatMap(({ mcpServers }) =>
    mcpServers ? [mcpServers as JsonObject] : [],
  );
};

/** The value with every routed entry as it was: what follows `--` is the original command. Our own code has no part in this. */
function unrouted(value: JsonObject): JsonObject {
  const copy = structuredClone(value);
  for (const table of tablesOf(copy)) {
    for (const entry of Object.values(table) as JsonObject[]) {
      const args = (entry.args ?? []) as string[];
      if (!args.some((arg) => arg.endsWith('shim.cjs'))) continue;
      const [command, ...rest] = args.slice(args.indexOf('--') + 1);
      entry.command = command!;
      entry.args = rest;
    }
  }
  return copy;
}

/** Without the difference between an empty list and none, which a rollback without its backup cannot know. */
function tidy(value: JsonObject): JsonObject {
  const copy = structuredClone(value);
  for (const table of tablesOf(copy)) {
    for (const entry of Object.values(table) as JsonObject[]) {
      if (Array.isArray(entry.args) && entry.args.length === 0) delete entry.args;
    }
  }
  return copy;
}

/** The text with command, arguments and variables of every entry taken out: nothing else is ours to change. */
function foreignParts(text: string | null): string | null {
  const errors: ParseError[] = [];
  const root = text === null ? undefined : parseTree(text, errors);
  if (text === null || root?.type !== 'object' || errors.length > 0) return text;
  const member = (node: Node | undefined, name: string): Node | undefined =>
    node?.children?.find(({ children }) => children?.[0]?.value === name)?.children?.[1];
  const tables = [
    root,
    ...(member(root, 'projects')?.children ?? []).map(({ children }) => children![1]!),
  ].flatMap((node) => member(node, 'mcpServers') ?? []);
  const entries = tables.flatMap((table) => (table.children ?? []).map(({ children }) => children![1]!));
  let rest = text;
  for (const entry of entries.toSorted((a, b) => b.offset - a.offset)) {
    const kept = (entry.children ?? [])
      .filter(({ children }) => !['command', 'args', 'env'].includes(String(children![0]!.value)))
      .map(({ offset, length }) => text.slice(offset, offset + length));
    rest = `${rest.slice(0, entry.offset)}<${kept.join('|')}>${rest.slice(entry.offset + entry.length)}`;
  }
  return rest;
}
