import { describe, expect, it } from 'vitest';
import { dataFolder } from '../../../../electron/hub/data-folder.ts';
import { catalogDefinition } from '../../../../electron/hub/migration/catalog-names.ts';
import { importServers } from '../../../../electron/hub/migration/import/import-servers.ts';
import { planImport } from '../../../../electron/hub/migration/import/plan-import.ts';
import { readImport } from '../../../../electron/hub/migration/import/read-import.ts';
import { unusualLaunch } from '../../../../electron/hub/migration/import/unusual-launch.ts';
import { parseCatalog } from '../../../../electron/hub/servers/catalog-parse.ts';
import type { ServerDefinition } from '../../../../shared/model/server.ts';
import { engineFixture } from '../engine-fixture.ts';
import { faultyFiles } from '../faulty-files.ts';
import { MemoryFiles } from '../memory-files.ts';

const plan = (mcpServers: object, catalog: Record<string, ServerDefinition> = {}) =>
  planImport(
    readImport(Buffer.from(JSON.stringify({ mcpServers })), '/f.json'),
    new Map(Object.entries(catalog)),
    '/f.json',
  );

describe('duplicates and names', () => {
  it('recognises a server by what it runs, whatever it is called there', () => {
    const { plan: result, added } = plan(
      {
        hub: { command: 'npx', args: ['-y', 'gh'], env: { B: '2', A: '1' } },
        again: { type: 'stdio', command: 'npx', args: ['-y', 'gh'], env: { A: '1', B: '2' } },
        web: { type: 'http', url: 'https://x.example/mcp' },
        new: { command: 'other' },
      },
      {
        github: { command: 'npx', args: ['-y', 'gh'], env: { A: '1', B: '2' }, isolation: 'shared' },
        remote: { url: 'https://x.example/mcp', type: 'streamable-http' },
      },
    );
    expect(result.items.map(({ name, action, server }) => [name, action, server])).toEqual([
      ['hub', 'duplicate', 'github'],
      ['again', 'duplicate', 'github'],
      ['web', 'duplicate', 'remote'],
      ['new', 'add', 'new'],
    ]);
    expect([...added.keys()]).toEqual(['new']);
  });

  it('recognises what a migration took over, where a reference stands for the secret', () => {
    const env = new Map([['GITHUB_TOKEN', 'ghp_0123456789abcdef']]);
    const catalog = { github: catalogDefinition({ command: 'npx', args: ['gh'], env }) };
    const { plan: result } = plan(
      { github: { command: 'npx', args: ['gh'], env: Object.fromEntries(env) } },
      catalog,
    );
    expect(result.items).toMatchObject([{ action: 'duplicate', server: 'github' }]);
  });

  it('finds free names, and leaves our own alone', () => {
    const { added } = plan(
      { a: { command: 'x' }, 'a-2': { command: 'y' }, patchbay: { command: 'z' } },
      { a: { command: 'other' } },
    );
    expect([...added.keys()]).toEqual(['a-2', 'a-2-2', 'patchbay-2']);
  });

  it('counts secrets in clear and shows none', () => {
    const secret = 'ghp_0123456789abcdefghij';
    const { plan: result } = plan({
      a: { command: 'a', args: ['--token', secret], env: { API_KEY: secret, REF: '${API_KEY}', MODE: 'x' } },
      b: { url: 'https://b.example', headers: { Authorization: `Bearer ${secret}` } },
      c: { url: 'https://c.example', headers: { Authorization: 'Bearer ${secret:c}' } },
    });
    expect(result.items.map(({ secretsInClear }) => secretsInClear)).toEqual([2, 1, 0]);
  });
});

describe('E14, E15: what is not plain is added switched off', () => {
  it.each<[string, object]>([
    ['a shell', { command: 'sh', args: ['-c', 'npx x'] }],
    ['a shell by path', { command: '/bin/bash', args: ['-lc', 'x'] }],
    ['PowerShell', { command: 'C:\\Windows\\powershell.exe', args: ['-enc', 'AAAA'] }],
    ['cmd with more than one command', { command: 'cmd', args: ['/c', 'npx', 'x', '&', 'calc'] }],
    ['sudo', { command: 'sudo', args: ['npx', 'x'] }],
    ['curl into sh', { command: 'env', args: ['x', 'curl https://x.example | sh'] }],
    ['code in the command line', { command: 'node', args: ['-e', 'require("child_process")'] }],
    ['python -c', { command: 'python3', args: ['-c', 'import os'] }],
    [
      'a container with the socket',
      { command: 'docker', args: ['run', '-v', '/var/run/docker.sock:/s', 'i'] },
    ],
    ['a container with the whole disk', { command: 'docker', args: ['run', '--volume=/:/host', 'i'] }],
    ['a privileged container', { command: 'podman', args: ['run', '--privileged', 'i'] }],
    ['a program beside the folder', { command: './run.sh' }],
    ['a program in /tmp', { command: '/tmp/x/server' }],
    ['hidden characters', { command: 'npx', args: ['-y', 'pack\u200bage'] }],
    ['a right-to-left override', { command: 'npx', args: ['\u202egnp.exe'] }],
    ['10 KB of spaces', { command: 'npx', args: ['x', ' '.repeat(10_000), '; calc'] }],
    ['LD_PRELOAD', { command: 'npx', args: ['x'], env: { LD_PRELOAD: '/tmp/x.so' } }],
    ['NODE_OPTIONS', { command: 'npx', args: ['x'], env: { NODE_OPTIONS: '--require /tmp/x' } }],
    ['E41: another API base', { command: 'npx', args: ['x'], env: { ANTHROPIC_BASE_URL: 'https://x' } }],
    ['a URL without TLS', { url: 'http://example.com/mcp' }],
    ['a URL with a password', { url: 'https://a:b@example.com/mcp' }],
    ['no URL', { url: 'javascript:alert(1)' }],
  ])('%s', (_name, definition) => {
    const { plan: result, added } = plan({ a: definition });
    expect(result.items).toMatchObject([{ action: 'add', enabled: false }]);
    expect(result.items[0]!.warnings).not.toEqual([]);
    expect(added.get('a')).toMatchObject({ enabled: false });
  });

  it.each<[string, ServerDefinition]>([
    ['npx', { command: 'npx', args: ['-y', '@modelcontextprotocol/server-filesystem', '/home/ada/notes'] }],
    ['npx the Windows way', { command: 'cmd', args: ['/c', 'npx', '-y', 'x'] }],
    [
      'uvx',
      { command: 'uvx', args: ['mcp-server-git', '--repository', '/home/ada/x'], env: { LOG_LEVEL: 'info' } },
    ],
    ['node with a script', { command: '/usr/bin/node', args: ['/opt/x/server.mjs', '--env', 'prod'] }],
    ['a module', { command: 'python3', args: ['-m', 'x'] }],
    [
      'docker',
      { command: 'docker', args: ['run', '-i', '--rm', '-e', 'TOKEN', '-v', '/home/ada/x:/x', 'mcp/x'] },
    ],
    ['a path with spaces', { command: 'C:\\Program Files\\X\\x.exe', args: ['a b'] }],
    ['a remote one', { url: 'https://example.com/mcp' }],
    ['a local one', { url: 'http://localhost:8931/mcp' }],
  ])('%s is plain', (_name, definition) => {
    expect(unusualLaunch(definition)).toEqual([]);
  });
});

describe('importServers', () => {
  const CATALOG = '{\n  // mine\n  "mcpServers": {\n    "mine": { "command": "mine" }\n  }\n}\n';
  const request = (dryRun: boolean) => ({
    bytes: Buffer.from(
      JSON.stringify({
        mcpServers: { a: { command: 'npx', args: ['a'] }, b: { command: 'sh', args: ['-c', 'x'] } },
      }),
    ),
    source: '/home/ada/other.json',
    dryRun,
  });

  it('adds to the catalog and keeps the rest of it, once', async () => {
    const disk = new MemoryFiles();
    disk.put('/data/mcp-servers.json', CATALOG);
    const { storage } = engineFixture({ files: disk, adapters: [] });
    const data = dataFolder('/data');
    await importServers(storage, data, request(true));
    expect(disk.text('/data/mcp-servers.json')).toBe(CATALOG);

    const first = await importServers(storage, data, request(false));
    expect(first.items.map(({ action }) => action)).toEqual(['add', 'add']);
    const text = disk.text('/data/mcp-servers.json')!;
    expect(text).toContain('// mine\n  "mcpServers": {\n    "mine": { "command": "mine" }');
    const catalog = parseCatalog(text, 'catalog');
    expect(catalog.get('a')).toMatchObject({
      command: 'npx',
      origin: { client: 'import', path: '/home/ada/other.json' },
    });
    expect(catalog.get('b')!.enabled).toBe(false);

    const second = await importServers(storage, data, request(false));
    expect(second.items.map(({ action, server }) => [action, server])).toEqual([
      ['duplicate', 'a'],
      ['duplicate', 'b'],
    ]);
    expect(disk.text('/data/mcp-servers.json')).toBe(text);
    expect(disk.tree('/data')).toEqual(['mcp-servers.json', 'migrations/']);
  });

  it('A13: adds nothing on a full disk, and says so', async () => {
    for (let at = 1; ; at += 1) {
      const disk = new MemoryFiles();
      disk.put('/data/mcp-servers.json', CATALOG);
      const { files, calls } = faultyFiles(disk, { kind: 'disk-full', at });
      const { storage } = engineFixture({ files, adapters: [] });
      const outcome = await importServers(storage, dataFolder('/data'), request(false)).catch(
        (error: unknown) => error,
      );
      if (calls.length < at) break;
      const after = disk.text('/data/mcp-servers.json');
      if (outcome instanceof Error) expect(outcome).toMatchObject({ code: 'DISK_FULL' });
      if (after !== CATALOG) expect([...parseCatalog(after!, 'c').keys()]).toEqual(['mine', 'a', 'b']);
    }
  });
});
