import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ServerView } from '../../../shared/model/server.ts';
import type { SharingAdvice } from '../../../shared/model/sharing.ts';
import { runCli, runJson } from '../../support/cli.ts';
import { startHub, type RunningHub } from '../../support/hub.ts';
import { expectNothingLeft } from '../../support/leak-check.ts';
import type { RawClient } from '../../support/raw-client.ts';
import { fixtureServer, installShimFor, startFixture } from '../../support/shim.ts';
import { temporaryHome, type TemporaryHome } from '../../support/temporary-home.ts';

let home: TemporaryHome;
let hub: RunningHub;
let clients: RawClient[];

const advise = async (...words: string[]): Promise<SharingAdvice> => {
  const advice = await runJson<SharingAdvice[]>(home, ['sharing', ...words]);
  return advice.find(({ server }) => server === 'echo-server')!;
};
const isolation = async (): Promise<string> => {
  const servers = await runJson<ServerView[]>(home, ['servers', 'list']);
  return servers.find(({ name }) => name === 'echo-server')!.isolation;
};

beforeAll(async () => {
  home = temporaryHome();
  installShimFor(home);
  const launch = [process.execPath, fixtureServer('echo-server')];
  expect((await runCli(home, ['servers', 'add', 'echo-server', '--', ...launch])).code).toBe(0);
  hub = await startHub(home);
  clients = [startFixture(home, 'echo-server'), startFixture(home, 'echo-server')];
  for (const client of clients) {
    await client.initialize();
    await client.request('tools/list');
    for (let call = 0; call < 12; call += 1) await client.callTool('echo', { message: 'same' });
  }
});

afterAll(async () => {
  for (const client of clients) await client.end();
  await hub.stop();
  await expectNothingLeft(home);
  home.dispose();
});

describe('the sharing adviser', () => {
  it('counts real processes and what sharing would leave of them, and changes nothing by itself', async () => {
    const advice = await advise();
    expect(advice).toMatchObject({
      isolation: 'session',
      verdict: 'possible',
      offer: 'client',
      sessions: 2,
      processesNow: 2,
      processesThen: 1,
      trial: null,
    });
    expect(advice.rssSaved).toBeGreaterThan(5_000_000);
    expect(await isolation()).toBe('session');
  });

  it('is tried by one command: the next sessions share, the running ones keep theirs', async () => {
    expect(await advise('try', 'echo-server')).toMatchObject({
      isolation: 'client',
      verdict: 'already',
      processesNow: 2,
      trial: { before: 'session' },
    });
    const more = [startFixture(home, 'echo-server'), startFixture(home, 'echo-server')];
    for (const client of more) await client.initialize();
    for (const client of more) await client.callTool('echo', { message: 'shared' });
    expect((await advise()).processesNow).toBe(3);
    for (const client of more) await client.end();
  });

  it('is taken back by one command', async () => {
    expect(await advise('take-back', 'echo-server')).toMatchObject({ isolation: 'session', trial: null });
    expect(await isolation()).toBe('session');
    const again = await runCli(home, ['sharing', 'take-back', 'echo-server']);
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('not being tried')]);
  });

  it('is kept by one command', async () => {
    await advise('try', 'echo-server');
    expect(await advise('keep', 'echo-server')).toMatchObject({ isolation: 'client', trial: null });
    expect(await isolation()).toBe('client');
  });
});
