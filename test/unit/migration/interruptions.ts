import { expect } from 'vitest';
import { PatchbayError } from '../../../shared/model/error.ts';
import { applyAll, engineFixture, testAdapter, type EngineFixture } from './engine-fixture.ts';
import { Crash, faultyFiles, type Fault } from './faulty-files.ts';
import { MemoryFiles, type Aftermath } from './memory-files.ts';

const CODE = '/home/ada/.claude.json';
const DESKTOP = '/home/ada/.config/Claude/claude_desktop_config.json';
const ADAPTERS = [testAdapter('claude-code', CODE), testAdapter('claude-desktop', DESKTOP)];

/** Two configs of different style and what they hold before a migration. */
export const ORIGINALS: Readonly<Record<string, string>> = {
  [CODE]: `{
  "numStartups": 12345678901234567890,
  "mcpServers": { "github": { "command": "npx", "args": ["-y", "github"], "env": { "GITHUB_TOKEN": "ghp_0123456789abcdef" } } },
  "projects": { "/home/ada/work": { "mcpServers": { "files": { "type": "stdio", "command": "files" } } } }
}`,
  [DESKTOP]:
    '{\r\n\t"mcpServers": {\r\n\t\t"memory": {\r\n\t\t\t"command": "memory",\r\n\t\t\t"args": []\r\n\t\t}\r\n\t}\r\n}\r\n',
};
const CATALOG = '{\n  "mcpServers": {\n    "mine": { "command": "mine" }\n  }\n}\n';

export function freshDisk(): MemoryFiles {
  const disk = new MemoryFiles();
  for (const [file, text] of Object.entries(ORIGINALS)) disk.put(file, text);
  disk.put('/data/mcp-servers.json', CATALOG);
  disk.put('/data/migrations/.keep', '');
  return disk;
}

/** A Patchbay of its own process; those with another pid are dead to it. */
export const engineOn = (files: EngineFixture['storage']['files'], pid: number): EngineFixture =>
  engineFixture({ files, adapters: ADAPTERS, pid });

export const textsOf = (disk: MemoryFiles): Record<string, string | null> =>
  Object.fromEntries(Object.keys(ORIGINALS).map((file) => [file, disk.text(file)]));

/** What a migration that nobody disturbs makes of the files. Always the same, so it is asked once. */
export function migratedTexts(): Promise<Record<string, string | null>> {
  migrated ??= (async () => {
    const disk = freshDisk();
    await applyAll(engineOn(disk, 1).service);
    return textsOf(disk);
  })();
  return migrated;
}
let migrated: Promise<Record<string, string | null>> | null = null;

/** The outcome of a run, an error as a value. */
export async function outcomeOf(run: Promise<unknown>): Promise<unknown> {
  try {
    return await run;
  } catch (error) {
    return error;
  }
}

/** Everything that must hold right after the end, and once the next start has repaired what was left. */
export async function expectSettled(disk: MemoryFiles, label: string): Promise<void> {
  const after = await migratedTexts();
  const { service } = engineOn(disk, 2);
  for (const [file, original] of Object.entries(ORIGINALS)) {
    const now = disk.text(file);
    const state = now === original ? 'before' : now === after[file] ? 'after' : now;
    expect(['before', 'after'], `${label}: ${file} right after the end`).toContain(state);
  }

  await service.recover();
  expect(await service.recover(), `${label}: a second repair has nothing to do`).toEqual([]);
  const history = await service.history();
  for (const item of history) {
    expect(item.state, label).not.toBe('applying');
    for (const { path, backup } of item.files) {
      expect(disk.text(backup), `${label}: backup of ${path}`).toBe(ORIGINALS[path]);
    }
  }
  for (const [file, original] of Object.entries(ORIGINALS)) {
    const saved = history.some(({ files }) => files.some(({ path }) => path === file));
    const allowed = saved ? [original, after[file]] : [original];
    expect(allowed, `${label}: ${file} after the repair`).toContain(disk.text(file));
  }
  const litter = [...disk.tree('/home'), ...disk.tree('/data')].filter((name) =>
    /\.tmp$|lock|journal/.test(name),
  );
  // Claude Code itself clears its lock folder away once it is 15 seconds old.
  expect(
    litter.filter((name) => !name.endsWith('.claude.json.lock/')),
    `${label}: nothing lies about`,
  ).toEqual([]);
}

/** What is interrupted: an operation on a disk that was prepared for it. */
export interface Interrupted {
  prepare(disk: MemoryFiles): Promise<unknown>;
  run(engine: EngineFixture): Promise<unknown>;
}

export const MIGRATION: Interrupted = { prepare: async () => {}, run: ({ service }) => applyAll(service) };

export const ROLLBACK: Interrupted = {
  prepare: (disk) => applyAll(engineOn(disk, 1).service),
  run: ({ service }) => service.rollback({ dryRun: false }),
};

/**
 * Runs an operation again and again with a fault at its first, second, … file-system call, until there is no such
 * call. Returns how many there were.
 */
export async function atEveryCall(
  { prepare, run }: Interrupted,
  faultAt: (at: number) => Fault,
  check: (disk: MemoryFiles, outcome: unknown, label: string) => Promise<void>,
): Promise<number> {
  for (let at = 1; ; at += 1) {
    const disk = freshDisk();
    await prepare(disk);
    const { files, calls } = faultyFiles(disk, faultAt(at));
    const outcome = await outcomeOf(run(engineOn(files, 1)));
    if (calls.length < at) return at - 1;
    await check(disk, outcome, `call ${at} (${calls[at - 1]})`);
  }
}

/** An end of the process, or of the power, at every call; then the next start. */
export async function endAtEveryCall(
  interrupted: Interrupted,
  kind: 'crash' | 'torn-crash',
  aftermath: Aftermath,
): Promise<number> {
  return await atEveryCall(
    interrupted,
    (at) => ({ kind, at }),
    async (disk, _outcome, label) => {
      disk.endSuddenly(aftermath);
      await expectSettled(disk, `${aftermath} at ${label}`);
      await engineOn(disk, 3).service.rollback({ dryRun: false });
      expect(textsOf(disk), `taken back after ${label}`).toEqual(ORIGINALS);
      expect(disk.text('/data/mcp-servers.json'), label).toBe(CATALOG);
    },
  );
}

/** A disk that fails at every call in turn; the process lives on and must say what happened. */
export async function failAtEveryCall(
  interrupted: Interrupted,
  faultAt: (at: number) => Fault,
): Promise<number> {
  return await atEveryCall(interrupted, faultAt, async (disk, outcome, label) => {
    if (outcome instanceof Crash) throw outcome;
    const told = !(outcome instanceof Error) || outcome instanceof PatchbayError || 'code' in outcome;
    if (!told) throw new Error(`${label}: ${String(outcome)}`);
    await expectSettled(disk, label);
    await engineOn(disk, 3).service.rollback({ dryRun: false });
    expect(textsOf(disk), `taken back after ${label}`).toEqual(ORIGINALS);
    expect(disk.text('/data/mcp-servers.json'), label).toBe(CATALOG);
  });
}
