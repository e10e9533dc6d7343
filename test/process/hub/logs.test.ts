import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Exchange } from '../../../shared/model/exchange.ts';
import type { ToolLatency } from '../../../shared/model/latency.ts';
import { cliScript, runCli, runJson } from '../../support/cli.ts';
import { startHub, type RunningHub } from '../../support/hub.ts';
import { expectNothingLeft } from '../../support/leak-check.ts';
import type { RawClient } from '../../support/raw-client.ts';
import { installShimFor, startFixture } from '../../support/shim.ts';
import { temporaryHome, type TemporaryHome } from '../../support/temporary-home.ts';

const SECRET = 'ghp_0123456789abcdefghijABCDEFGHIJ012345';

let home: TemporaryHome;
let hub: RunningHub;
let client: RawClient;

beforeAll(async () => {
  home = temporaryHome();
  installShimFor(home);
  hub = await startHub(home);
  client = startFixture(home, 'echo-server');
  await client.initialize();
  await client.callTool('echo', { message: 'first', api_key: SECRET });
  await client.request('tools/call', { name: 'fail', arguments: {} });
  await client.request('acme/unknown');
});

afterAll(async () => {
  await client.end();
  await hub.stop();
  await expectNothingLeft(home);
  home.dispose();
});

const logs = (filter: string): Promise<Exchange[]> => runJson(home, ['logs', '--filter', filter]);

describe('what went through the hub', () => {
  it('is listed newest first, with client, server, tool, outcome and time', async () => {
    await expect.poll(async () => (await logs('method:tools/call')).length).toBe(2);
    const [failed, echoed] = await logs('method:tools/call');
    expect(echoed).toMatchObject({
      client: 'claude-code',
      server: 'echo-server',
      project: home.project,
      tool: 'echo',
      outcome: 'ok',
      rpcId: '1001',
      kind: 'request',
    });
    expect(echoed!.durationMs).toBeGreaterThan(0);
    expect(echoed!.hubMs).toBeLessThan(echoed!.durationMs!);
    expect(failed).toMatchObject({ tool: 'fail', outcome: 'tool-error' });
  });

  it('holds nothing of our own comparisons, and their servers know nothing of it', async () => {
    const witness = startFixture(home, 'echo-server', { PATCHBAY_WITNESS: '1' });
    await witness.initialize();
    expect(await witness.callTool('env', { name: 'PATCHBAY_WITNESS' })).toBe(
      await client.callTool('env', { name: 'PATCHBAY_WITNESS' }),
    );
    await witness.end();
    await expect.poll(async () => (await logs('tool:env')).length).toBe(1);
  });

  it('is found by the filter language; a broken filter is named with its place', async () => {
    expect(await logs('tool:ech* status:ok')).toHaveLength(1);
    expect(await logs('status:error')).toMatchObject([
      { method: 'acme/unknown', errorCode: -32_601 },
      { tool: 'fail', errorCode: null },
    ]);
    expect(await logs('server:other')).toEqual([]);
    const broken = await runCli(home, ['logs', '--filter', 'dur:>abc']);
    expect(broken.code).toBe(2);
    expect(broken.stderr).toContain('FILTER_INVALID');
  });

  it('E16: holds no secret, in no file of ours', async () => {
    const har = path.join(home.root, 'out.har');
    await runJson(home, ['logs', '--export', 'har', '--out', har]);
    const text = readFileSync(har, 'utf8');
    expect(JSON.parse(text)).toMatchObject({ log: { version: '1.2' } });
    expect(text).toContain('first');
    for (const file of [
      har,
      ...['traffic.db', 'traffic.db-wal'].map((name) => path.join(home.dataDir, 'traffic', name)),
    ]) {
      expect(readFileSync(file, 'latin1').includes(SECRET)).toBe(false);
    }
  });

  it('is summed up per tool', async () => {
    const rows = await runJson<ToolLatency[]>(home, ['stats', '--filter', 'server:echo-server']);
    expect(rows.find((row) => row.tool === 'echo')).toMatchObject({
      server: 'echo-server',
      count: 1,
      errors: 0,
    });
    expect(rows.find((row) => row.tool === 'fail')).toMatchObject({ count: 1, errors: 1 });
  });

  it('is followed as it happens, one line per exchange', async () => {
    const follower = spawn(
      process.execPath,
      [cliScript, 'logs', '--follow', '--json', '--filter', 'tool:echo'],
      {
        cwd: home.project,
        env: home.env,
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const seen = once(createInterface({ input: follower.stdout }), 'line');
    // The follower says nothing until something happens; calls go on until it has seen one.
    let isDone = false;
    const calls = (async () => {
      while (!isDone) await client.callTool('echo', { message: 'again' });
    })();
    const [line] = (await seen) as [string];
    isDone = true;
    await calls;
    expect(JSON.parse(line)).toMatchObject({ tool: 'echo', outcome: 'ok' });
    follower.kill('SIGINT');
    expect((await once(follower, 'exit'))[0]).toBe(0);
  });
});
