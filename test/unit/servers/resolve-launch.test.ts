import { describe, expect, it } from 'vitest';
import { definitionHash } from '../../../electron/hub/servers/definition-hash.ts';
import { createLaunchResolver } from '../../../electron/hub/servers/resolve-launch.ts';
import type { ShimHello } from '../../../electron/hub/sessions/shim-protocol.ts';
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
  createLaunchResolver(() => new Map(definition ? [['files', definition]] : []), platform);

const imported = { command: 'npx', args: ['-y', 'files', '${ROOT}'], env: { TOKEN: '${TOKEN}' } };
const origin = { client: 'claude-code', path: '/x', scope: 'user', sha256: definitionHash(imported) };

describe('what is run for a session', () => {
  it('runs an imported definition in the client’s own words', () => {
    expect(resolver({ ...imported, origin }).forShim(hello)).toEqual({
      command: 'npx',
      args: ['-y', 'files', '/expanded/by/the/client'],
      cwd: '/work/project',
      env: hello.env,
    });
  });

  it('lets the catalog rule once somebody has edited it', () => {
    const edited = { ...imported, args: ['-y', 'files@2', '${HOME}'], origin };
    expect(resolver(edited).forShim(hello)).toMatchObject({
      args: ['-y', 'files@2', '/home/a'],
      cwd: '/work/project',
    });
  });

  it('runs what the client asked for when the catalog does not know the server', () => {
    expect(resolver().forShim(hello)).toMatchObject({ command: 'npx', args: hello.args });
  });

  it('refuses a server that was switched off, and one that is not there', () => {
    expect(() => resolver({ ...imported, enabled: false, origin }).forShim(hello)).toThrow('switched off');
    expect(() => resolver().forHttp('files')).toThrow('There is no server "files" in the catalog.');
  });

  it('B30: an HTTP session’s server gets the safe part of the environment only', () => {
    const launch = resolver({ command: 'x', env: { A: '${HOME}/a' } }).forHttp('files');
    expect(launch).toEqual({
      command: 'x',
      args: [],
      cwd: '/home/a',
      env: { HOME: '/home/a', PATH: '/bin', A: '/home/a/a' },
    });
  });

  it('names the variable an HTTP session lacks', () => {
    expect(() => resolver(imported).forHttp('files')).toThrow('TOKEN, which is not set');
  });
});
