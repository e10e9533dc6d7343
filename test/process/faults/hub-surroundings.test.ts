// What the machine does to the hub: sleep, too few files, other users, a temporary folder that goes away.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runJson } from '../../support/cli.ts';
import { startHub, type RunningHub } from '../../support/hub.ts';
import { expectNothingLeft } from '../../support/leak-check.ts';
import { temporaryHome, type TemporaryHome } from '../../support/temporary-home.ts';
import {
  expectHealthy,
  openRaw,
  openSession,
  post,
  startClientsHub,
  startPost,
  textOf,
  toolCall,
  type RawConnection,
} from './clients-harness.ts';

const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
const STRANGER = 54_321;

let home: TemporaryHome;
let hub: RunningHub;

beforeEach(() => {
  home = temporaryHome();
});
afterEach(async () => {
  await hub.stop();
  await expectNothingLeft(home);
  home.dispose();
});

describe.skipIf(process.platform === 'win32')('D05: a machine that sleeps', () => {
  it('finds its sessions, its servers and what was under way when it wakes', async () => {
    hub = await startClientsHub(home);
    const session = await openSession(hub);
    const pid = textOf(await post(hub, { ...session, body: toolCall(1, 'pid') }));
    const underWay = await startPost(hub, { ...session, body: toolCall(2, 'count', { to: 30 }) });
    // Stopped, a process sees what it sees of a sleep: time has passed, and every timer is due at once.
    process.kill(hub.pid, 'SIGSTOP');
    await stopped(hub.pid);
    await passed(3_000);
    process.kill(hub.pid, 'SIGCONT');
    expect(await underWay.ended).toContain('30');
    expect(textOf(await post(hub, { ...session, body: toolCall(3, 'pid') }))).toBe(pid);
    const [view] = (
      await runJson<{ name: string; restarts: number; lastError: unknown }[]>(home, ['servers'])
    ).filter(({ name }) => name === 'shared');
    expect(view).toMatchObject({ restarts: 0, lastError: null });
    expect(hub.log()).toContain('event-loop.blocked');
  });
});

describe.skipIf(!isRoot)('D10: too few files for more connections', () => {
  it('those there are go on, the processor rests, and all is well when it passes', async () => {
    hub = await startClientsHub(home);
    const session = await openSession(hub);
    expect(textOf(await post(hub, { ...session, body: toolCall(1, 'add', { a: 1, b: 1 }) }))).toBe('2');
    const kept = await openRaw(hub);
    const health = `GET /health HTTP/1.1\r\nHost: 127.0.0.1:${hub.port}\r\n\r\n`;
    limitFiles(openFiles() + 4);
    const more: RawConnection[] = [];
    for (let count = 0; count < 40; count += 1) more.push(await openRaw(hub));
    const before = processorMs(hub.pid);
    await passed(1_000);
    expect(processorMs(hub.pid) - before).toBeLessThan(500);
    kept.socket.write(health);
    expect(await kept.until((text) => text.includes('ok'))).toMatch(/^HTTP\/1\.1 200 /);
    for (const { socket } of more) socket.destroy();
    kept.socket.destroy();
    limitFiles(4_096);
    await expectHealthy(hub);
    expect(textOf(await post(hub, { ...session, body: toolCall(2, 'add', { a: 2, b: 1 }) }))).toBe('3');
  });
});

describe('D19: two users of one machine', () => {
  it('have hubs of their own, and the token of one opens nothing of the other', async () => {
    hub = await startClientsHub(home);
    const other = temporaryHome();
    const theirs = await startHub(other);
    try {
      expect(theirs.port).not.toBe(hub.port);
      expect(theirs.socket).not.toBe(hub.socket);
      expect(theirs.token).not.toBe(hub.token);
      const refused = await fetch(new URL('/api/servers', hub.url), {
        headers: { authorization: `Bearer ${theirs.token}` },
      });
      expect(refused.status).toBe(401);
    } finally {
      await theirs.stop();
      await expectNothingLeft(other);
      other.dispose();
    }
  });

  it.skipIf(!isRoot)('cannot reach into the folder of the other: not its token, not its socket', async () => {
    hub = await startClientsHub(home);
    // Only the data folder's own mode stands between the two.
    for (const folder of [home.root, home.project]) chmodSync(folder, 0o755);
    const script = `
      const { readFileSync } = require('node:fs');
      const seen = [];
      for (const file of ['token', 'mcp-servers.json', 'run/hub.json']) {
        try { readFileSync(process.argv[1] + '/' + file); seen.push(file); } catch (error) { seen.push(error.code); }
      }
      require('node:net').connect(process.argv[2])
        .on('connect', () => { console.log([...seen, 'connected'].join()); process.exit(); })
        .on('error', (error) => console.log([...seen, error.code].join()));
    `;
    const stdout = execFileSync(process.execPath, ['-e', script, home.dataDir, hub.socket], {
      cwd: '/',
      env: home.env,
      encoding: 'utf8',
      uid: STRANGER,
      gid: STRANGER,
    });
    expect(stdout.trim()).toBe('EACCES,EACCES,EACCES,EACCES');
    await expectHealthy(hub);
  });
});

describe('D22: a temporary folder', () => {
  it.each(['that is not there', 'that is no folder', 'that is cleaned while the hub runs'])(
    '%s keeps nothing that matters',
    async (how) => {
      if (!how.includes('cleaned')) rmSync(home.temp, { recursive: true });
      if (how.includes('no folder')) writeFileSync(home.temp, '');
      hub = await startClientsHub(home);
      const session = await openSession(hub, '/servers/own/mcp');
      if (how.includes('cleaned')) rmSync(home.temp, { recursive: true });
      expect(textOf(await post(hub, { ...session, body: toolCall(1, 'add', { a: 1, b: 2 }) }))).toBe('3');
      await expectHealthy(hub);
      expect(await runJson(home, ['status'])).toMatchObject({ running: true, trafficStore: null });
      // For the look at what was left behind.
      rmSync(home.temp, { recursive: true, force: true });
      mkdirSync(home.temp);
    },
  );
});

/** A test of what happens while nothing happens takes its time. */
const passed = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const stopped = (pid: number): Promise<void> =>
  expect.poll(() => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]![0]).toBe('T');
const openFiles = (): number => readdirSync(`/proc/${hub.pid}/fd`).length;
const limitFiles = (count: number): void =>
  void execFileSync('prlimit', ['--pid', String(hub.pid), `--nofile=${count}:`]);

/** Time on the processor so far, of the kernel's hundred ticks a second. */
function processorMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
