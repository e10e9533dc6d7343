// What the planner believes about scopes, policies, plugins and the ways an entry can lead to the hub, held against the
// real Claude Code. Only the model behind it is a fake.
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { silentLogger } from '../../electron/hub/log.ts';
import { dataFolder } from '../../electron/hub/data-folder.ts';
import type { ApplyOptions, MigrationService } from '../../electron/hub/migration/migration-service.ts';
import { openMigrationService } from '../../electron/hub/open-migration-service.ts';
import type { MigrationResult } from '../../shared/model/migration.ts';
import { claudeCode, type ClaudeCode } from '../support/claude-code.ts';
import { runProgram } from '../support/cli.ts';
import { startHub, type RunningHub } from '../support/hub.ts';
import { installClaudeCode } from '../support/install-claude-code.ts';
import { expectNothingLeft } from '../support/leak-check.ts';
import { mcpFixture, startHttpProgram, type HttpServerProgram } from '../support/mcp-fixtures.ts';
import { referenceServer } from '../support/reference-servers.ts';
import { startScriptedModel, type ScriptedModel } from '../support/scripted-model.ts';
import { installShimFor } from '../support/shim.ts';
import { temporaryHome, type TemporaryHome } from '../support/temporary-home.ts';

const [NODE = '', ...MEMORY] = referenceServer('memory');
const server = (...args: string[]): object => ({ command: NODE, args: [...MEMORY, ...args] });

let home: TemporaryHome;
let program: string;
let claude: ClaudeCode;
let service: MigrationService;
let shim: string;
let config: string;
let hub: RunningHub | null;
let model: ScriptedModel | null;
let remote: HttpServerProgram | null;
let gate: Server | null;

beforeAll(async () => {
  program = await installClaudeCode();
}, 400_000);

beforeEach(async () => {
  home = temporaryHome();
  claude = await claudeCode(home);
  shim = installShimFor(home);
  config = path.join(home.home, '.claude.json');
  hub = null;
  model = null;
  remote = null;
  gate = null;
  service = openMigrationService({
    data: dataFolder(home.dataDir),
    platform: { os: process.platform, home: home.home, env: home.env },
    shim: { command: process.execPath, args: [shim], env: {} },
    logger: silentLogger,
    installShim: async () => {},
    version: '0.0.0-test',
  });
});

afterEach(async () => {
  await hub?.stop();
  await model?.close();
  gate?.closeAllConnections();
  gate?.close();
  await remote?.stop();
  await expectNothingLeft(home);
  home.dispose();
});

function put(file: string, content: object): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(content, null, 2));
}

const read = (file: string): string => readFileSync(file, 'utf8');

async function migrate(options: Omit<ApplyOptions, 'witness'>): Promise<MigrationResult> {
  for await (const event of service.apply({ ...options, clients: ['claude-code'], witness: false })) {
    if (event.type === 'result') return event.result;
  }
  throw new Error('The run ended without a result.');
}

/** Lets through to `target` who names this authorization, and nobody else. */
async function openGate(target: string, authorization: string): Promise<string> {
  const { hostname, port, pathname, host } = new URL(target);
  gate = createServer((from, answer) => {
    if (from.headers.authorization !== authorization) return void answer.writeHead(403).end();
    const to = request(
      { hostname, port, path: from.url, method: from.method, headers: { ...from.headers, host } },
      (response) => {
        answer.writeHead(response.statusCode ?? 502, response.headers);
        answer.flushHeaders();
        response.pipe(answer);
      },
    );
    to.on('error', () => answer.destroy());
    answer.on('close', () => to.destroy());
    from.pipe(to);
  }).listen(0, '127.0.0.1');
  await once(gate, 'listening');
  return `http://127.0.0.1:${(gate.address() as AddressInfo).port}${pathname}`;
}

/** `claude mcp list` in a folder, whole: it also says what each name stands for. */
async function listing(folder: string): Promise<string> {
  const { stdout } = await runProgram(program, ['mcp', 'list'], {
    cwd: folder,
    env: home.env,
    timeoutMs: 90_000,
  });
  return stdout;
}

describe('A person’s own entry for a project', () => {
  test('E41 hides the shared one of the same name, below it too, and only while it is there', async () => {
    const shared = path.join(home.project, '.mcp.json');
    const below = path.join(home.project, 'packages', 'one');
    mkdirSync(below, { recursive: true });
    mkdirSync(path.join(home.project, '.git'));
    put(shared, { mcpServers: { approved: server('SHARED'), pending: server() } });
    const project = { hasTrustDialogAccepted: true, enabledMcpjsonServers: ['approved'] };
    put(config, { projects: { [home.project]: project } });
    const before = { shared: read(shared), list: await listing(home.project) };
    expect(before.list).toMatch(/^approved: node .*SHARED - ✔ Connected$/m);
    expect(before.list).toMatch(/^pending: .*Pending approval/m);

    const result = await migrate({ projects: true });
    expect(result.files.map(({ path: file }) => file)).toEqual([config]);
    for (const folder of [home.project, below]) {
      const list = await listing(folder);
      expect(list).toMatch(
        new RegExp(`^approved: .*shim\\.cjs --client claude-code .*SHARED - ✔ Connected$`, 'm'),
      );
      // Nobody was asked about it, so nothing was done about it.
      expect(list).toMatch(/^pending: .*Pending approval/m);
    }
    expect(read(shared)).toBe(before.shared);

    await service.rollback({ dryRun: false });
    expect(await listing(home.project)).toBe(before.list);
  });
});

describe('Rules of the person’s own settings', () => {
  const settings = (): string => path.join(home.home, '.claude', 'settings.json');

  test('an allow list of commands would drop the routed entry, so the plan refuses', async () => {
    put(config, { mcpServers: { memory: server() } });
    put(settings(), { allowedMcpServers: [{ serverCommand: [NODE, ...MEMORY] }] });
    expect(await claude.list()).toEqual({ memory: '✔ Connected' });
    const before = read(config);
    await expect(migrate({})).rejects.toMatchObject({ code: 'MANAGED_POLICY', info: { path: config } });
    expect(read(config)).toBe(before);

    // What it has saved the person from.
    put(config, {
      mcpServers: {
        memory: {
          command: process.execPath,
          args: [shim, '--client', 'claude-code', '--server', 'memory', '--', NODE, ...MEMORY],
        },
      },
    });
    expect(await claude.list()).toEqual({});
  });

  test('an entry that is denied by its command would come back if it were routed, so it stays', async () => {
    put(config, { mcpServers: { memory: server(), denied: server('DENIED') } });
    put(settings(), { deniedMcpServers: [{ serverCommand: [NODE, ...MEMORY, 'DENIED'] }] });
    expect(await claude.list()).toEqual({ memory: '✔ Connected' });
    await migrate({});
    expect(await claude.list()).toEqual({ memory: '✔ Connected' });
    expect(JSON.parse(read(config))).toMatchObject({ mcpServers: { denied: server('DENIED') } });
  });
});

test('Plugins are found where Claude Code keeps them', async () => {
  const market = path.join(home.root, 'market');
  put(path.join(market, '.claude-plugin', 'marketplace.json'), {
    name: 'market',
    owner: { name: 'tests' },
    plugins: [{ name: 'notes', source: './notes', description: 'x' }],
  });
  put(path.join(market, 'notes', '.claude-plugin', 'plugin.json'), { name: 'notes', version: '1.0.0' });
  put(path.join(market, 'notes', '.mcp.json'), { mcpServers: { memory: server() } });
  for (const args of [
    ['plugin', 'marketplace', 'add', market],
    ['plugin', 'install', 'notes@market'],
  ]) {
    const { code, stderr } = await runProgram(program, args, {
      cwd: home.project,
      env: home.env,
      timeoutMs: 90_000,
    });
    expect({ code, stderr }).toMatchObject({ code: 0 });
  }
  expect(await listing(home.project)).toMatch(/^plugin:notes:memory: .*✔ Connected$/m);
  const code = (await service.clients()).find(({ id }) => id === 'claude-code');
  expect(code!.sources).toEqual([
    expect.objectContaining({ kind: 'plugin', name: 'notes@market', servers: ['memory'], enabled: true }),
  ]);
});

describe('With a hub', () => {
  test('an entry by HTTP connects with its own command still in it, and comes back', async () => {
    put(config, { mcpServers: { memory: { type: 'stdio', ...server() } } });
    const before = await listing(home.project);
    hub = await startHub(home);
    await migrate({ transport: 'http' });
    expect(await listing(home.project)).toContain(
      `memory: http://127.0.0.1:${hub.port}/servers/memory/mcp (HTTP) - ✔ Connected`,
    );
    await service.rollback({ dryRun: false });
    expect(await listing(home.project)).toBe(before);
  });

  test('the entry of a remote server connects through the shim, with its header', async () => {
    const { command, args } = mcpFixture('legacy', 'http');
    remote = await startHttpProgram({ command, args }, home.env);
    const url = await openGate(remote.url, 'Bearer some-secret-value');
    const entry = { type: 'http', url, headers: { Authorization: 'Bearer some-secret-value' } };
    put(config, { mcpServers: { far: entry } });
    expect(await claude.list()).toEqual({ far: '✔ Connected' });
    hub = await startHub(home);
    await migrate({ remotes: true });
    const list = await listing(home.project);
    expect(list).toMatch(/^far: .*shim\.cjs --client claude-code --server far --remote http - ✔ Connected$/m);
    await service.rollback({ dryRun: false });
    expect(JSON.parse(read(config))).toMatchObject({ mcpServers: { far: entry } });
  });

  test('merged: the rewritten rule lets the same tools run, and no others', async () => {
    const rules = path.join(home.home, '.claude', 'settings.json');
    put(config, {
      mcpServers: {
        memory: server(),
        every: { command: NODE, args: referenceServer('everything').slice(1) },
      },
    });
    put(rules, { permissions: { allow: ['mcp__memory__read_*', 'mcp__every__echo'] } });
    hub = await startHub(home);
    const plan = await service.plan({ mode: 'merged', rewriteRules: true, clients: ['claude-code'] });
    expect(plan.consequences).toMatchObject({ mentionsBroken: 2, mentionsRewritten: 2, namesChanged: 2 });
    await migrate({ mode: 'merged', rewriteRules: true });
    expect(await claude.list()).toEqual({ patchbay: '✔ Connected' });

    model = await startScriptedModel();
    const results = await claude.runScript(
      model,
      [],
      [
        'CALL mcp__patchbay__memory__read_graph {}',
        'CALL mcp__patchbay__every__echo {"message":"merged"}',
        'CALL mcp__patchbay__memory__create_entities {"entities":[]}',
      ],
    );
    expect(results.map(({ is_error }) => is_error)).toEqual([false, false, true]);
    expect(results[1]!.text).toBe('Echo: merged');

    await service.rollback({ dryRun: false });
    expect(await claude.list()).toEqual({ memory: '✔ Connected', every: '✔ Connected' });
    expect(JSON.parse(read(rules))).toMatchObject({
      permissions: { allow: ['mcp__memory__read_*', 'mcp__every__echo'] },
    });
  });
});
