import { describe, expect, it } from 'vitest';
import { claudeCode } from '../../../electron/hub/clients/claude-code.ts';
import { claudeDesktop } from '../../../electron/hub/clients/claude-desktop.ts';
import type { Plan } from '../../../shared/model/migration.ts';
import { applyAll, engineFixture, testAdapter } from './engine-fixture.ts';
import { MemoryFiles } from './memory-files.ts';

const CODE = '/home/ada/.claude.json';

async function planOf(config: object, shimEnv: Record<string, string> = {}, indent = 2): Promise<Plan> {
  const disk = new MemoryFiles();
  disk.put(CODE, JSON.stringify(config, null, indent));
  const shim = { command: '/usr/bin/node', args: ['/data/shim/shim.cjs'], env: shimEnv };
  return await engineFixture({
    files: disk,
    adapters: [testAdapter('claude-code', CODE)],
    shim,
  }).service.plan({});
}

describe('plan', () => {
  it('says for each entry whether it moves, and why not', async () => {
    const { files, servers } = await planOf(
      {
        mcpServers: {
          a: { command: 'npx', args: ['-y', 'a', '--api-key', 'k-123'], env: { X: '1' } },
          remote: { type: 'http', url: 'https://x.example' },
          events: { type: 'sse', url: 'https://x.example' },
          old: { url: 'https://x.example' },
          socket: { type: 'ws', url: 'wss://x.example' },
          routed: {
            command: 'node',
            args: ['/old/place/shim.cjs', '--client', 'c', '--server', 'r', '--', 'r'],
          },
          odd: { type: 'carrier-pigeon' },
          numbers: { command: 'n', args: [1] },
          '--': { command: 'n' },
          own: { command: 'n', env: { ELECTRON_RUN_AS_NODE: '0' } },
        },
        projects: {
          '/p': {
            mcpServers: { a: { command: 'npx', args: ['-y', 'a', '--api-key', 'k-123'], env: { X: '1' } } },
          },
        },
      },
      { ELECTRON_RUN_AS_NODE: '1' },
    );
    const [file] = files;
    expect(file!.entries.map(({ name, action, server }) => [name, action, server])).toEqual([
      ['a', 'move', 'a'],
      ['remote', 'leave', undefined],
      ['events', 'leave', undefined],
      ['old', 'leave', undefined],
      ['socket', 'leave', undefined],
      ['routed', 'leave', 'r'],
      ['odd', 'leave', undefined],
      ['numbers', 'leave', undefined],
      ['--', 'leave', undefined],
      ['own', 'leave', undefined],
      ['a', 'move', 'a'],
    ]);
    expect(file!.warnings.map(({ code, entry }) => `${code} ${entry}`)).toEqual([
      'SECRET_IN_CLEAR a',
      'LOGIN_LEFT_DIRECT remote',
      'LOGIN_LEFT_DIRECT events',
      'REMOTE_LEFT_DIRECT old',
      'REMOTE_LEFT_DIRECT socket',
      'ALREADY_ROUTED routed',
      'UNKNOWN_LEFT_DIRECT odd',
      'UNKNOWN_LEFT_DIRECT numbers',
      'UNKNOWN_LEFT_DIRECT --',
      'UNKNOWN_LEFT_DIRECT own',
      'SECRET_IN_CLEAR a',
    ]);
    expect(servers).toEqual([
      {
        name: 'a',
        command: 'npx',
        args: ['-y', 'a', '--api-key', '••••••'],
        envNames: ['X'],
        usedBy: [
          { client: 'claude-code', entry: 'a', scope: 'user' },
          { client: 'claude-code', entry: 'a', scope: 'local', project: '/p' },
        ],
      },
    ]);
  });

  it('E16: shows no secret in its diff', async () => {
    const config = {
      apiKey: 'top-secret-1',
      mcpServers: {
        a: {
          command: 'a',
          args: [
            '--token=top-secret-2',
            '--header',
            'Authorization: Bearer top-secret-3',
            '--password',
            'top-secret-4',
          ],
          env: {
            GITHUB_TOKEN: 'top-secret-5',
            DATABASE: 'postgres://ada:top-secret-6@db/x',
            LOG: 'visible',
            REF: '${TOKEN}',
          },
        },
      },
    };
    // On one line, so that all of it is in the diff.
    const { files } = await planOf(config, {}, 0);
    expect(files[0]!.diff).not.toContain('top-secret');
    expect(files[0]!.diff).toContain('visible');
    expect((await planOf(config)).files[0]!.diff).toContain('+        "/data/shim/shim.cjs",');
  });

  it('gives every definition its own name in the catalog', async () => {
    const { files } = await planOf({
      mcpServers: { 'x-2': { command: 'first' }, x: { command: 'a' } },
      projects: {
        '/1': { mcpServers: { x: { command: 'b' } } },
        '/2': { mcpServers: { x: { command: 'b' } } },
        '/3': { mcpServers: { x: { command: 'a', env: { A: '1' } } } },
      },
    });
    expect(files[0]!.entries.map(({ server }) => server)).toEqual(['x-2', 'x', 'x-3', 'x-3', 'x-4']);
  });

  it('writes nothing', async () => {
    const disk = new MemoryFiles();
    disk.put(CODE, '{"mcpServers":{"a":{"command":"a"}}}');
    const tree = disk.tree('/');
    const { service } = engineFixture({ files: disk, adapters: [testAdapter('claude-code', CODE)] });
    await service.plan({});
    await service.clients();
    await service.history();
    expect(disk.tree('/')).toEqual(tree);
  });
});

describe('with the real adapters', () => {
  const disk = (): MemoryFiles => {
    const files = new MemoryFiles();
    files.put(
      CODE,
      JSON.stringify({
        mcpServers: { a: { command: 'a' } },
        projects: { '/p': { mcpServers: { b: { command: 'b' } } }, '/q': {} },
      }),
    );
    return files;
  };
  const adapters = [claudeDesktop, claudeCode];

  it('lists clients, scopes and absent files', async () => {
    const { service } = engineFixture({ files: disk(), adapters });
    expect(await service.clients()).toMatchObject([
      {
        id: 'claude-desktop',
        installed: false,
        configs: [
          {
            path: '/home/ada/.config/Claude/claude_desktop_config.json',
            scope: 'user',
            exists: false,
            entries: [],
          },
        ],
      },
      {
        id: 'claude-code',
        installed: true,
        configs: [
          {
            path: CODE,
            scope: 'user',
            exists: true,
            entries: [{ name: 'a', transport: 'stdio', routed: false }],
          },
          { path: CODE, scope: 'local', project: '/p', entries: [{ name: 'b', routed: false }] },
        ],
      },
    ]);
  });

  it('migrates user and local scope of one file and shows both as routed', async () => {
    const files = disk();
    const { service, witness } = engineFixture({ files, adapters });
    const { result } = await applyAll(service, { witness: true });
    expect(result.parity.map(({ server, scope, project }) => [server, scope, project])).toEqual([
      ['a', 'user', undefined],
      ['b', 'local', '/p'],
    ]);
    expect(witness.launches[3]).toMatchObject({
      cwd: '/p',
      env: { CLAUDECODE: '1', CLAUDE_PROJECT_DIR: '/p' },
    });
    const [, code] = await service.clients();
    expect(code!.configs.flatMap(({ entries }) => entries.map(({ routed }) => routed))).toEqual([true, true]);
  });
});
