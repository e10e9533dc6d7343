import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runJson } from '../../support/cli.ts';
import type { RunningHub } from '../../support/hub.ts';
import { expectNothingLeft } from '../../support/leak-check.ts';
import { startRawClient, type RawClient } from '../../support/raw-client.ts';
import { installShimFor } from '../../support/shim.ts';
import { temporaryHome, type TemporaryHome } from '../../support/temporary-home.ts';
import { rpc, startClientsHub } from './clients-harness.ts';

let home: TemporaryHome;
let hub: RunningHub;
let client: RawClient | null = null;

beforeEach(async () => {
  home = temporaryHome();
  installShimFor(home);
  hub = await startClientsHub(home);
});
afterEach(async () => {
  await client?.end();
  client = null;
  await hub.stop();
  await expectNothingLeft(home);
  home.dispose();
});

/** The original command is one that would fail: whatever answers came through the hub. */
function start(server: string): RawClient {
  const shim = path.join(home.dataDir, 'shim', 'shim.cjs');
  const single = server === '*' ? [] : ['--', process.execPath, path.join(home.root, 'absent.mjs')];
  client = startRawClient({
    command: process.execPath,
    args: [shim, '--client', 'claude-code', '--server', server, ...single],
    cwd: home.project,
    env: home.env,
  });
  return client;
}

interface SessionRow {
  id: string;
  server: string;
  transport: string;
}

const sessions = (): Promise<SessionRow[]> => runJson<SessionRow[]>(home, ['sessions']);

describe('a shim that has no server of its own', () => {
  it.each(['*', 'shared'])(
    '%s: goes on with the hub that comes after a kill, and is told what was lost',
    async (server) => {
      const own = start(server);
      await own.initialize();
      const tool = (name: string): string => (server === '*' ? `shared__${name}` : name);
      const names = (await own.request('tools/list')).result!.tools as { name: string }[];
      expect(names.map(({ name }) => name)).toContain(tool('echo'));
      expect(await own.callTool(tool('echo'), { message: 'before' })).toBe('before');
      expect(await sessions()).toMatchObject([{ server, transport: 'shim', era: 'legacy' }]);
      const body = rpc('late', 'tools/call', { name: tool('slow'), arguments: { ms: 60_000 } });
      own.send(JSON.stringify(body));
      await own.request('ping');
      const { port } = hub;
      await hub.kill();
      hub = await startClientsHub(home, ['--port', String(port)]);
      expect(await own.line((line) => line.includes('"late"'))).toContain('not repeated');
      expect(await own.callTool(tool('echo'), { message: 'after' })).toBe('after');
      expect(await sessions()).toMatchObject([{ server, transport: 'shim', resumed: 1 }]);
    },
  );

  it('C11: says so before the handshake, and lives', async () => {
    const own = start('*');
    expect((await own.request('tools/list')).error).toBeDefined();
    await own.initialize();
    expect((await own.request('ping')).result).toEqual({});
  });
});

describe('a session that a person ends', () => {
  it('with a process of its own: the next request is told, the one after finds a new process', async () => {
    const own = start('own');
    await own.initialize();
    const pid = await own.callTool('pid');
    const [session] = await sessions();
    await runJson(home, ['sessions', 'end', session!.id]);
    await expect
      .poll(async () => (await own.request('tools/call', { name: 'pid' })).error?.message)
      .toContain('ended');
    const again = await own.callTool('pid');
    expect(again).toMatch(/^\d+$/);
    expect(again).not.toBe(pid);
  });
});
