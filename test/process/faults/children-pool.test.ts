import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { InstancePool } from '../../../electron/hub/servers/instance-pool.ts';
import { createChildRecords } from '../../../electron/hub/servers/child-records.ts';
import { INSTANCE_VARIABLE } from '../../../electron/hub/supervisor/survivors.ts';
import type { Launch } from '../../../electron/hub/supervisor/spawn-server.ts';
import type { ServerDefinition } from '../../../shared/model/server.ts';
import { expectNothingLeft } from '../../support/leak-check.ts';
import { temporaryHome, type TemporaryHome } from '../../support/temporary-home.ts';
import { launchOf, openPool, wireTo } from './children-harness.ts';

let home: TemporaryHome;
let pool: InstancePool;
let until: (isSo: () => boolean) => Promise<void>;
let definition: ServerDefinition;
let callsInFlight: number | null;

beforeEach(() => {
  home = temporaryHome();
  definition = { command: 'x' };
  callsInFlight = null;
  ({ pool, until } = openPool(home, {
    definition: () => definition,
    callsInFlight: () => callsInFlight,
  }));
});
afterEach(async () => {
  await pool.stopAll();
  await expectNothingLeft(home);
  home.dispose();
});

const start = (launch: Launch, sessionId = 's', onStderr: (chunk: Buffer) => void = () => {}) =>
  pool.start({ server: 'server', client: 'test', sessionId, launch, onStderr });
const isAlive = (pid: number): boolean => {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]![0] !== 'Z';
  } catch {
    return false;
  }
};

describe('a start', () => {
  it('B01: says what is wrong with the command, and does not try again', async () => {
    const script = path.join(home.project, 'server.sh');
    writeFileSync(script, '#!/bin/sh\n', { mode: 0o600 });
    const moved = path.join(home.project, 'moved.sh');
    writeFileSync(moved, '#!/no/such/interpreter\n', { mode: 0o700 });
    const launch = launchOf(home, 'deaf', { args: [] });
    await expect(start({ ...launch, command: script })).rejects.toMatchObject({
      code: 'SERVER_CANNOT_START',
      message: `The command ${JSON.stringify(script)} may not be executed.`,
      info: { hint: expect.stringContaining('chmod +x') as string },
    });
    await expect(start({ ...launch, command: moved })).rejects.toThrow('needs a program that was not found');
    await expect(start({ ...launch, cwd: path.join(home.project, 'gone') })).rejects.toThrow(
      'does not exist',
    );
    expect([pool.isFailed('server'), pool.size]).toEqual([true, 0]);
    expect(pool.lastError('server')).toContain('does not exist');
  });

  it('says that arguments and environment are too large, where the system refuses them', async () => {
    const args = Array.from({ length: 40 }, () => 'x'.repeat(100_000));
    await expect(start(launchOf(home, 'deaf', { args }))).rejects.toThrow('are too large');
  });

  it('B02, B06: what a server that does not answer is busy with is at hand', async () => {
    const instance = await start(launchOf(home, 'slow-start'));
    expect(pool.views('server')[0]!.state).toBe('starting');
    await vi.waitUntil(() => pool.lastLine('server', instance.id) === 'downloading 20 %');
    await instance.stop();
  });

  it('is over with the first answer', async () => {
    const wire = wireTo(await start(launchOf(home, 'closes-input')));
    expect(pool.views('server')[0]!.state).toBe('starting');
    await wire.call('x');
    expect(pool.views('server')[0]!.state).toBe('running');
  });

  it('B30: gives the server its environment and one mark, nothing of the hub’s', async () => {
    vi.stubEnv('PATCHBAY_SECRET_KEY', 'of the hub');
    const launch = launchOf(home, 'deaf', { env: { ...home.env, ONLY: 'this' } });
    const instance = await start(launch);
    const seen = readFileSync(`/proc/${instance.child.pid}/environ`, 'utf8').split('\0').filter(Boolean);
    vi.unstubAllEnvs();
    const mark = seen.find((variable) => variable.startsWith(`${INSTANCE_VARIABLE}=`))!;
    expect(mark).toContain(instance.id);
    expect(seen.filter((variable) => variable !== mark).toSorted()).toEqual(
      Object.entries(launch.env)
        .map(([name, value]) => `${name}=${value}`)
        .toSorted(),
    );
  });

  it('makes the folder that {WORKDIR} asks for, and removes it after the end', async () => {
    const workdir = path.join(home.dataDir, 'run', 'work', 'abc');
    const instance = await start(launchOf(home, 'deaf', { workdir, cwd: workdir }));
    expect(statSync(workdir).mode & 0o777).toBe(0o700);
    writeFileSync(path.join(workdir, 'state.db'), 'x');
    await instance.stop();
    await until(() => pool.size === 0);
    expect(existsSync(workdir)).toBe(false);
    await expect(start(launchOf(home, 'deaf', { workdir, command: 'no-such-program' }))).rejects.toThrow();
    await vi.waitUntil(() => !existsSync(workdir));
  });

  it('is refused once the hub ends', async () => {
    await pool.stopAll();
    await expect(start(launchOf(home, 'deaf'))).rejects.toThrow('The hub is ending');
  });
});

describe('an end', () => {
  it('B13, B14: takes along what has left the group by setsid or a double fork', async () => {
    const wire = wireTo(await start(launchOf(home, 'strays')));
    const pids = (await wire.call('x')).split(' ').map(Number);
    expect(pids.map(isAlive)).toEqual([true, true]);
    await wire.connection.close();
    await until(() => pool.size === 0);
    expect(pids.map(isAlive)).toEqual([false, false]);
  });

  it('B14: takes along what has left the group also when the server crashes', async () => {
    const instance = await start(launchOf(home, 'strays'));
    const pids = (await wireTo(instance).call('x')).split(' ').map(Number);
    instance.child.kill('SIGKILL');
    await until(() => pool.size === 0);
    expect(pids.map(isAlive)).toEqual([false, false]);
  });

  it('B14: leaves what belongs to another instance', async () => {
    const [one, other] = await Promise.all([
      start(launchOf(home, 'strays')),
      start(launchOf(home, 'strays')),
    ]);
    const pids = (await wireTo(other).call('x')).split(' ').map(Number);
    await one.stop();
    await until(() => pool.size === 1);
    expect(pids.map(isAlive)).toEqual([true, true]);
  });

  it('D01: what a living hub has started is nothing that was left behind; folders of nobody are', async () => {
    const instance = await start(launchOf(home, 'strays'));
    const pids = (await wireTo(instance).call('x')).split(' ').map(Number);
    const run = path.join(home.dataDir, 'run');
    const folder = path.join(run, 'work', 'left');
    mkdirSync(folder, { recursive: true });
    expect(await createChildRecords(run).sweep(100)).toEqual([]);
    expect([instance.child.pid!, ...pids].map(isAlive)).toEqual([true, true, true]);
    expect(existsSync(folder)).toBe(false);
  });
});

describe('processes started ahead', () => {
  const spares = (): number[] =>
    pool.views('server').flatMap(({ sessionId, pid }) => (sessionId === '' ? [pid!] : []));

  it('are handed to the next session of exactly this launch, with what they have said so far', async () => {
    definition = { command: 'x', warm: 1 };
    const launch = launchOf(home, 'deaf');
    const first = await start(launch, 's1');
    await until(() => spares().length === 1);
    const [spare] = spares();
    expect(spare).not.toBe(first.child.pid);
    await vi.waitUntil(() => pool.ring('server').lines().length === 2);
    let said = '';
    const second = await start(launch, 's2', (chunk) => (said += chunk.toString()));
    expect(second.child.pid).toBe(spare);
    expect(said).toBe('deaf: up\n');
    expect(pool.views('server').find(({ pid }) => pid === spare)).toMatchObject({
      sessionId: 's2',
      client: 'test',
    });
    const third = await start({ ...launch, env: { ...launch.env, OTHER: '1' } }, 's3');
    expect(third.child.pid).not.toBe(spare);
  });

  it('are none unless asked for, and none for a shared server that runs', async () => {
    await start(launchOf(home, 'deaf'));
    definition = { command: 'x', warm: 1, isolation: 'shared' };
    pool.warmUp('server', launchOf(home, 'noisy'));
    await until(() => spares().length === 1);
    await start(launchOf(home, 'noisy'), 's2');
    await start(launchOf(home, 'noisy'), 's3');
    expect(spares()).toEqual([]);
  });

  it('end when the definition changes, and when the server is restarted; sessions keep theirs', async () => {
    definition = { command: 'x', warm: 2 };
    const own = await start(launchOf(home, 'deaf'));
    await until(() => spares().length === 2);
    pool.definitionsChanged(['other']);
    expect(spares()).toHaveLength(2);
    pool.definitionsChanged(['server']);
    await until(() => pool.size === 1);
    expect(pool.views('server')[0]!.pid).toBe(own.child.pid);
  });

  it('B04: one that crashes is not replaced, and does not count as a failure of the server', async () => {
    definition = { command: 'x', warm: 1 };
    await start(launchOf(home, 'deaf'));
    await until(() => spares().length === 1);
    process.kill(spares()[0]!, 'SIGKILL');
    await until(() => pool.size === 1);
    expect([spares(), pool.isFailed('server')]).toEqual([[], false]);
  });
});

describe('what an instance uses', () => {
  it('B16: counts all its processes, warns at the limit, and restarts it when it has nothing to do', async () => {
    definition = { command: 'x', memoryLimit: 150 * 1024 * 1024 };
    callsInFlight = 0;
    const instance = await start(launchOf(home, 'memory-hog'));
    const wire = wireTo(instance);
    const [pid] = (await wire.call('x')).split(' ').map(Number);
    expect(pid).not.toBe(instance.child.pid);
    const before = pool.views('server')[0]!.rssBytes!;
    expect(before).toBeGreaterThan(100 * 1024 * 1024);
    await wire.call('x');
    expect((await instance.ended).asked).toBe(true);
    await until(() => pool.size === 0);
    expect(pool.lastError('server')).toMatch(/It uses \d+ MiB of memory; its limit is 150 MiB\./);
    expect([pool.restarts('server'), pool.isFailed('server'), isAlive(pid!)]).toEqual([1, false, false]);
  });
});
