// The main job on real input: the real Claude Code with real servers from npm. Only the model behind it is a fake.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Exchange } from '../../shared/model/exchange.ts';
import type { HubStatus } from '../../shared/model/hub.ts';
import { isParityKept, type MigrationResult, type RollbackResult } from '../../shared/model/migration.ts';
import { claudeCode, type ClaudeCode } from '../support/claude-code.ts';
import { runJson } from '../support/cli.ts';
import { startHub, type RunningHub } from '../support/hub.ts';
import { installClaudeCode } from '../support/install-claude-code.ts';
import { expectNothingLeft } from '../support/leak-check.ts';
import { endMarked, processesOf } from '../support/process-tree.ts';
import { referenceServer } from '../support/reference-servers.ts';
import { startScriptedModel, type ScriptedModel } from '../support/scripted-model.ts';
import { temporaryHome, type TemporaryHome } from '../support/temporary-home.ts';

interface ClaudeEntry {
  command: string;
  args: string[];
  env?: Record<string, string>;
}
interface ClaudeFile {
  mcpServers: Record<string, ClaudeEntry>;
  projects: Record<string, { mcpServers: Record<string, ClaudeEntry> }>;
}

const ALL = ['everything', 'filesystem', 'memory', 'notes'];
const ALL_CONNECTED = Object.fromEntries(ALL.map((name) => [name, '✔ Connected']));

const sha256 = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');
const readClaudeFile = (file: string): ClaudeFile => JSON.parse(readFileSync(file, 'utf8')) as ClaudeFile;

let home: TemporaryHome;
let claude: ClaudeCode;
let model: ScriptedModel;
let hub: RunningHub | null = null;
let configFile: string;

/** Three servers for the user; `memory` once more, with a file of its own, and `notes` for this project only. */
async function addServers(): Promise<void> {
  const graph = (name: string) => ({ MEMORY_FILE_PATH: path.join(home.root, `${name}.jsonl`) });
  const memory = referenceServer('memory');
  await claude.add({ scope: 'user', name: 'everything', command: referenceServer('everything') });
  await claude.add({
    scope: 'user',
    name: 'filesystem',
    command: referenceServer('filesystem', home.project),
    env: { NOTE: 'kept as it is: ${HOME}' },
  });
  await claude.add({ scope: 'user', name: 'memory', command: memory, env: graph('user') });
  await claude.add({ scope: 'local', name: 'memory', command: memory, env: graph('local') });
  await claude.add({ scope: 'local', name: 'notes', command: memory, env: graph('notes') });
}

const migrate = (env?: Record<string, string>): Promise<MigrationResult> =>
  runJson<MigrationResult>(home, ['migrate', '--client', 'claude-code', '--yes'], { env });
const rollbackAll = (env?: Record<string, string>): Promise<RollbackResult> =>
  runJson<RollbackResult>(home, ['rollback', '--all'], { env });

/** One call of each server; the answers show which process gave them. */
const CALL_EACH = [
  'CALL mcp__everything__echo {"message":"through the hub"}',
  'CALL mcp__filesystem__list_allowed_directories {}',
  'CALL mcp__memory__create_entities {"entities":[{"name":"Patchbay","entityType":"hub","observations":[]}]}',
  'CALL mcp__notes__read_graph {}',
];

/** A session that makes two calls, during which `change` happens to the world, and two more. */
async function callAround(gateName: string, change: () => Promise<void>): Promise<void> {
  const gate = path.join(home.root, gateName);
  const run = claude.runScript(model, ALL, [
    'PAR mcp__everything__echo {"message":"before"} || mcp__memory__read_graph {}',
    `WAITFILE ${gate}`,
    'CALL mcp__everything__echo {"message":"after"}',
    'CALL mcp__memory__read_graph {}',
  ]);
  await Promise.race([model.waitingFor(gate), run]);
  await change();
  writeFileSync(gate, '');
  const results = await run;
  expect(results.map((result) => result.is_error)).toEqual([false, false, false, false]);
  expect(results[2]!.text).toBe('Echo: after');
  expect(results[3]!.text).toContain('Patchbay');
}

/** Ends the hub that a shim has started; it is nobody's child here. */
async function killBackgroundHub(): Promise<void> {
  const { pid } = await runJson<HubStatus>(home, ['status']);
  const found = processesOf(home).find((candidate) => candidate.pid === pid);
  endMarked(found!, home, 'SIGKILL');
  const isGone = () => expect(processesOf(home).map((candidate) => candidate.pid)).not.toContain(pid);
  await vi.waitFor(isGone, { timeout: 5_000, interval: 20 });
}

beforeAll(async () => {
  await installClaudeCode();
}, 400_000);

async function open(): Promise<void> {
  home = temporaryHome();
  model = await startScriptedModel();
  claude = await claudeCode(home);
  configFile = path.join(home.home, '.claude.json');
  await addServers();
}

async function close(): Promise<void> {
  await hub?.stop();
  hub = null;
  await model.close();
  // A hub that a shim started in place of a killed one belongs to nobody here.
  for (const found of processesOf(home)) endMarked(found, home, 'SIGTERM');
  try {
    await expectNothingLeft(home);
  } finally {
    home.dispose();
  }
}

describe('a person routes Claude Code through the hub and works', () => {
  let before: ClaudeFile;

  beforeAll(async () => {
    await open();
    before = readClaudeFile(configFile);
    hub = await startHub(home);
  });
  afterAll(close);

  test('migrate keeps every tool of every entry, in user and local scope', async () => {
    expect(await claude.list()).toEqual(ALL_CONNECTED);
    const shaBefore = sha256(configFile);
    const result = await migrate();

    expect(result.state).toBe('applied');
    expect(result.files).toEqual([
      expect.objectContaining({
        path: configFile,
        sha256Before: shaBefore,
        sha256After: sha256(configFile),
        backup: expect.any(String),
      }),
    ]);
    expect(sha256(result.files[0]!.backup)).toBe(shaBefore);
    expect(result.parity).toHaveLength(5);
    for (const row of result.parity) {
      expect(row, row.server).toMatchObject({ route: 'hub', missing: [], changed: [] });
      expect(row.toolsBefore, row.server).toBeGreaterThan(0);
      expect(row.toolsAfter, row.server).toBe(row.toolsBefore);
      expect(isParityKept(row)).toBe(true);
    }
  });

  test('each entry keeps its name and env, and carries the original command after "--"', () => {
    const after = readClaudeFile(configFile);
    const pairs = [
      [before.mcpServers, after.mcpServers],
      [before.projects[home.project]!.mcpServers, after.projects[home.project]!.mcpServers],
    ] as const;
    for (const [old, routed] of pairs) {
      expect(Object.keys(routed)).toEqual(Object.keys(old));
      for (const [name, entry] of Object.entries(routed)) {
        const { command, args, ...rest } = old[name]!;
        expect(entry).toEqual({ command: expect.any(String), args: expect.any(Array), ...rest });
        expect(entry.args.slice(entry.args.indexOf('--') + 1)).toEqual([command, ...args]);
        expect(path.isAbsolute(entry.command) && existsSync(entry.command)).toBe(true);
      }
    }
  });

  test('Claude Code finds all servers connected', async () => {
    expect(await claude.list()).toEqual(ALL_CONNECTED);
  });

  test('a session calls a tool of each server, and the log shows these calls', async () => {
    const results = await claude.runScript(model, ALL, CALL_EACH);
    expect(results).toHaveLength(4);
    for (const result of results) expect(result).toMatchObject({ is_error: false });
    expect(results[0]!.text).toBe('Echo: through the hub');
    expect(results[1]!.text).toContain(home.project);
    // The local entry shadows the user's of the same name, and each has kept its own file.
    expect(readFileSync(path.join(home.root, 'local.jsonl'), 'utf8')).toContain('Patchbay');
    expect(existsSync(path.join(home.root, 'user.jsonl'))).toBe(false);

    const calls = await vi.waitFor(
      async () => {
        const exchanges = await runJson<Exchange[]>(home, ['logs', '--limit', '500']);
        const found = exchanges.filter((exchange) => exchange.method === 'tools/call');
        expect(found.filter((call) => call.outcome === 'ok')).toHaveLength(4);
        return found;
      },
      { timeout: 10_000, interval: 250 },
    );
    const byTool = new Map(calls.map((call) => [call.tool, call]));
    expect(new Set(byTool.keys())).toEqual(
      new Set(['create_entities', 'echo', 'list_allowed_directories', 'read_graph']),
    );
    for (const call of calls) {
      expect(call).toMatchObject({ client: 'claude-code', project: home.project, errorCode: null });
      expect(call.durationMs).toBeGreaterThan(0);
    }
    expect(byTool.get('echo')!.server).toBe('everything');
    expect(byTool.get('list_allowed_directories')!.server).toBe('filesystem');
    expect(byTool.get('read_graph')!.server).toBe('notes');

    const filtered = await runJson<Exchange[]>(home, ['logs', '--filter', 'tool:echo']);
    expect(filtered.map((exchange) => exchange.server)).toEqual(['everything']);
  });

  test('D01 the hub is killed in mid-session: a new one is started and the next call works', async () => {
    const { pid } = hub!;
    await callAround('the-hub-is-dead', () => hub!.kill());
    hub = null;
    const status = await runJson<HubStatus>(home, ['status']);
    expect(status).toMatchObject({ running: true });
    expect(status.pid).not.toBe(pid);
  });

  test('D01 killed with nothing to start a new one: the session goes on with the original servers', async () => {
    rmSync(path.join(home.dataDir, 'launch.json'));
    await callAround('no-hub-again', killBackgroundHub);
    expect(await runJson(home, ['status'])).toMatchObject({ running: false });
  });

  test('the hub is absent and nothing can start one: all servers are still connected', async () => {
    // A server that ignores the end of its input is given the stop ladder's time.
    await vi.waitFor(() => expect(processesOf(home)).toEqual([]), { timeout: 8_000, interval: 50 });
    expect(await claude.list()).toEqual(ALL_CONNECTED);
    expect((await claude.runScript(model, ALL, CALL_EACH)).map((result) => result.is_error)).toEqual([
      false,
      false,
      false,
      false,
    ]);
    expect(await runJson(home, ['status'])).toMatchObject({ running: false });
  });

  test('the next hub tells that the servers ran without it', async () => {
    hub = await startHub(home);
    const { bypasses } = await runJson<HubStatus>(home, ['status']);
    expect(new Set(bypasses.map((bypass) => bypass.server)).size).toBeGreaterThanOrEqual(ALL.length);
    expect(bypasses.every((bypass) => bypass.client === 'claude-code')).toBe(true);
  });

  test('A24 Claude Code has rewritten the file since: roll back takes out what is ours and keeps the rest', async () => {
    await claude.add({ scope: 'user', name: 'later', command: referenceServer('memory') });
    const changed = readClaudeFile(configFile);
    const { files } = await rollbackAll();
    expect(files).toEqual([
      expect.objectContaining({ path: configFile, result: 'merged', sha256: sha256(configFile) }),
    ]);

    const after = readClaudeFile(configFile);
    const { later, ...originals } = after.mcpServers;
    expect(originals).toEqual(before.mcpServers);
    expect(later).toEqual(changed.mcpServers.later);
    const local = after.projects[home.project]!.mcpServers;
    expect(local).toEqual(before.projects[home.project]!.mcpServers);
    expect({ ...after, mcpServers: null, projects: null }).toEqual({
      ...changed,
      mcpServers: null,
      projects: null,
    });
    expect(readFileSync(configFile, 'utf8')).not.toContain('shim.cjs');
    expect(await claude.list()).toEqual({ ...ALL_CONNECTED, later: '✔ Connected' });
  });
});

describe('a person changes their mind', () => {
  afterEach(close);

  test('A25 roll back of an untouched file gives back the very bytes', async () => {
    await open();
    hub = await startHub(home);
    const shaBefore = sha256(configFile);
    await migrate();
    expect(sha256(configFile)).not.toBe(shaBefore);

    const { files } = await rollbackAll();
    expect(files).toEqual([
      expect.objectContaining({ path: configFile, result: 'exact', sha256: shaBefore }),
    ]);
    expect(sha256(configFile)).toBe(shaBefore);
    // A28: once more changes nothing.
    await rollbackAll();
    expect(sha256(configFile)).toBe(shaBefore);
  });

  test('roll back works without a hub', async () => {
    await open();
    hub = await startHub(home);
    const shaBefore = sha256(configFile);
    await migrate();
    await hub.stop();
    hub = null;

    await rollbackAll();
    expect(sha256(configFile)).toBe(shaBefore);
  });

  test('CLAUDE_CONFIG_DIR moves the file, and everything follows it', async () => {
    await open();
    const elsewhere = path.join(home.home, 'claude elsewhere');
    mkdirSync(elsewhere);
    const env = { CLAUDE_CONFIG_DIR: elsewhere };
    claude = await claudeCode(home, env);
    const untouched = sha256(configFile);
    await claude.add({ scope: 'user', name: 'everything', command: referenceServer('everything') });
    const moved = path.join(elsewhere, '.claude.json');
    // Its first health check writes into the file.
    await claude.list();
    const shaBefore = sha256(moved);
    hub = await startHub(home, { env });

    const result = await migrate(env);
    expect(result.files.map((file) => file.path)).toEqual([moved]);
    expect(await claude.list()).toEqual({ everything: '✔ Connected' });
    const listed = await runJson<Exchange[]>(home, ['logs', '--filter', 'server:everything'], { env });
    expect(listed.length).toBeGreaterThan(0);

    const { files } = await rollbackAll(env);
    expect(files).toMatchObject([{ path: moved, result: 'exact', sha256: shaBefore }]);
    expect(sha256(moved)).toBe(shaBefore);
    expect(sha256(configFile)).toBe(untouched);
  });
});
