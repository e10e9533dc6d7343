import { describe, expect, it } from 'vitest';
import { definitionHash } from '../../../electron/hub/servers/definition-hash.ts';
import { createLaunchResolver } from '../../../electron/hub/servers/resolve-launch.ts';
import type { CallerIdentity } from '../../../electron/hub/servers/server-connection.ts';
import type { ShimHello } from '../../../electron/hub/sessions/shim-protocol.ts';
import { PatchbayError } from '../../../shared/model/error.ts';
import type { ServerDefinition } from '../../../shared/model/server.ts';

const hello: ShimHello = {
  patchbay: 1,
  kind: 'shim',
  client: 'claude-code',
  server: 'files',
  session: '0'.repeat(36),
  resumed: 0,
  pid: 2,
  ppid: 1,
  cwd: '/work/project',
  env: { HOME: '/home/a', TOKEN: 'from-client' },
  witness: false,
  command: 'npx',
  args: ['-y', 'files', '/expanded/by/the/client'],
};
const platform = {
  os: 'linux' as const,
  home: '/home/a',
  env: { HOME: '/home/a', PATH: '/bin', PATCHBAY_SECRET: 'hub', TOKEN: 'of-the-hub' },
};
const resolver = (definition?: ServerDefinition) =>
  createLaunchResolver(() => new Map(definition ? [['files', definition]] : []), {
    platform,
    secrets: async (name) => {
      if (name === 'gone') throw new PatchbayError('SECRET_MISSING', 'There is no secret gone.');
      return `secret of ${name}`;
    },
    hubEnvironment: () => platform.env,
    workFolder: '/data/run/work',
  });
const http: CallerIdentity = {
  sessionId: 's1',
  client: 'claude-code',
  user: 'local',
  transport: 'http',
  cwd: null,
  env: null,
};
const shim: CallerIdentity = { ...http, transport: 'shim', cwd: '/work/project', env: hello.env };

const imported = { command: 'npx', args: ['-y', 'files', '${ROOT}'], env: { TOKEN: '${TOKEN}' } };
const origin = { client: 'claude-code', path: '/x', scope: 'user', sha256: definitionHash(imported) };

describe('what is run for a session', () => {
  it('runs an imported definition in the client’s own words', async () => {
    expect(await resolver({ ...imported, origin }).forShim(hello)).toEqual({
      command: 'npx',
      args: ['-y', 'files', '/expanded/by/the/client'],
      cwd: '/work/project',
      env: hello.env,
    });
  });

  it('lets the catalog rule once somebody has edited it', async () => {
    const edited = { ...imported, args: ['-y', 'files@2', '${HOME}', '{SESSION_ID}'], origin };
    expect(await resolver(edited).forShim(hello)).toMatchObject({
      args: ['-y', 'files@2', '/home/a', hello.session],
      cwd: '/work/project',
      isPersonal: true,
    });
  });

  it('runs what the client asked for when the catalog does not know the server', async () => {
    expect(await resolver().forShim(hello)).toMatchObject({ command: 'npx', args: hello.args });
  });

  it('refuses a server that was switched off, one that is not there, and a remote one', async () => {
    const off = resolver({ ...imported, enabled: false, origin });
    await expect(off.forShim(hello)).rejects.toThrow('switched off');
    await expect(off.forCaller('files', http)).rejects.toThrow('switched off');
    expect(() => off.key('files', http)).toThrow('switched off');
    await expect(resolver().forCaller('files', http)).rejects.toThrow('no server "files" in the catalog.');
    await expect(resolver({ url: 'https://x' }).forCaller('files', http)).rejects.toMatchObject({
      code: 'NOT_SUPPORTED',
    });
  });

  it('B30: a server without a client’s environment gets the safe part of the hub’s only', async () => {
    const launch = await resolver({ command: 'x', env: { A: '${HOME}/a' } }).forCaller('files', http);
    expect(launch).toEqual({
      command: 'x',
      args: [],
      cwd: '/home/a',
      env: { HOME: '/home/a', PATH: '/bin', A: '/home/a/a' },
    });
  });

  it('finds a variable that a definition names wherever the hub was started', async () => {
    const { env } = await resolver({ command: 'x', env: { T: '${TOKEN}' } }).forCaller('files', http);
    expect(env).toEqual({ HOME: '/home/a', PATH: '/bin', T: 'of-the-hub' });
    await expect(resolver({ command: '${NOPE}' }).forCaller('files', http)).rejects.toThrow(
      'Server files, command, needs the environment variable NOPE, which is not set.',
    );
  });

  it('fills in secrets, and names the one that is missing', async () => {
    const definition = { command: 'x', env: { KEY: 'k=${secret:one}' }, args: ['${secret:two}'] };
    expect(await resolver(definition).forCaller('files', shim)).toMatchObject({
      args: ['secret of two'],
      env: { KEY: 'k=secret of one' },
    });
    await expect(resolver({ command: '${secret:gone}' }).forShim(hello)).rejects.toMatchObject({
      code: 'SECRET_MISSING',
    });
  });

  it('fills in URL and headers of a remote server', async () => {
    const definition = {
      url: 'https://${HOST:-example.org}/mcp',
      type: 'http',
      headers: { Authorization: 'Bearer ${secret:one}', 'X-Token': '${TOKEN}' },
    };
    expect(await resolver(definition).remote('files', shim)).toEqual({
      url: 'https://example.org/mcp',
      type: 'http',
      headers: { Authorization: 'Bearer secret of one', 'X-Token': 'from-client' },
    });
  });

  it('gives each instance a folder of its own where the definition asks for one', async () => {
    const files = resolver({ command: 'x', args: ['--db', '{WORKDIR}/db'], cwd: '{WORKDIR}' });
    const [a, b] = await Promise.all([files.forCaller('files', http), files.forCaller('files', http)]);
    expect(a.workdir).toMatch(/^\/data\/run\/work\/[0-9a-f]{16}$/);
    expect([a.args[1], a.cwd]).toEqual([`${a.workdir}/db`, a.workdir]);
    expect(b.workdir).not.toBe(a.workdir);
  });

  it('keeps what tells one terminal from another out of a process that sessions share', async () => {
    const env = { ...hello.env, PATH: '/of/the/client', WINDOWID: '7' };
    const caller = { ...shim, env };
    const own = resolver({ command: 'x' });
    const shared = resolver({ command: 'x', isolation: 'shared', env: { T: '${TOKEN}' } });
    expect((await own.forCaller('files', caller)).env).toEqual(env);
    expect((await shared.forCaller('files', caller)).env).toEqual({
      HOME: '/home/a',
      PATH: '/of/the/client',
      T: 'from-client',
    });
  });
});

describe('launch keys', () => {
  const keysOf = (definition: ServerDefinition, callers: readonly CallerIdentity[]): number =>
    new Set(callers.map((caller) => resolver(definition).key('files', caller))).size;
  const other = { ...shim, sessionId: 's2' };

  it.each([
    ['session', 4],
    ['client', 3],
    ['user', 2],
    ['shared', 1],
  ] as const)('%s: four callers need %i processes', (isolation, processes) => {
    const callers = [
      shim,
      other,
      { ...shim, sessionId: 's3', client: 'claude-desktop' },
      { ...shim, sessionId: 's4', client: 'zed', user: 'guest' },
    ];
    expect(keysOf({ command: 'x', isolation }, callers)).toBe(processes);
  });

  it('keeps apart what differs in working folder or in a variable that the definition names', () => {
    const definition: ServerDefinition = { command: 'x', isolation: 'shared', env: { T: '${TOKEN}' } };
    expect(keysOf(definition, [shim, { ...other, cwd: '/elsewhere' }])).toBe(2);
    for (const cwd of ['/fixed', '{WORKDIR}']) {
      expect(keysOf({ ...definition, cwd }, [shim, { ...other, cwd: '/elsewhere' }])).toBe(1);
    }
    expect(keysOf({ url: 'https://a', isolation: 'shared' }, [shim, { ...other, cwd: '/elsewhere' }])).toBe(
      1,
    );
    expect(keysOf(definition, [shim, { ...other, env: { ...hello.env, TOKEN: 'another' } }])).toBe(2);
    expect(keysOf(definition, [shim, { ...other, env: { ...hello.env, WINDOWID: '7' } }])).toBe(1);
  });

  it('are the same for all callers over HTTP, before the hub’s environment is known', () => {
    const definition: ServerDefinition = { command: '${NOPE}', isolation: 'shared' };
    expect(keysOf(definition, [http, { ...http, sessionId: 's2', client: 'other' }])).toBe(1);
    expect(keysOf({ ...definition, isolation: 'client' }, [http, { ...http, client: 'other' }])).toBe(2);
  });

  it('follows the definition, and needs no secret to be read', () => {
    const key = (definition: ServerDefinition): string => resolver(definition).key('files', shim);
    const base: ServerDefinition = {
      command: 'x',
      args: ['${secret:gone}', '{WORKDIR}'],
      isolation: 'shared',
    };
    expect(key(base)).toBe(key({ ...base }));
    expect(key({ ...base, args: ['y'] })).not.toBe(key(base));
    expect(key({ url: 'https://a', headers: { A: '1' } })).not.toBe(
      key({ url: 'https://a', headers: { A: '2' } }),
    );
    expect(() => key({ command: '${NOPE}' })).toThrow('NOPE, which is not set');
  });
});
