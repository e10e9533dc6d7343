import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, linkSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { detectRunning } from '../../../electron/hub/clients/detect-running.ts';
import { createClientRegistry } from '../../../electron/hub/clients/registry.ts';
import { processStartMark } from '../../../electron/hub/process-identity.ts';

/** A program of the right name in the right place is all that detection sees of Claude Code: here it is Node. */
describe.runIf(process.platform === 'linux')('live processes', () => {
  let root = '';
  let children: ChildProcess[] = [];
  beforeEach(() => {
    root = mkdtempSync(path.join(realpathSync(os.tmpdir()), 'patchbay-test-'));
    children = [];
  });
  afterEach(async () => {
    await Promise.all(children.map(end));
    rmSync(root, { recursive: true });
  });

  async function start(home: string): Promise<ChildProcess> {
    const program = path.join(home, '.local', 'share', 'claude', 'versions', '2.1.197');
    mkdirSync(path.dirname(program), { recursive: true });
    try {
      linkSync(process.execPath, program);
    } catch {
      copyFileSync(process.execPath, program);
    }
    const script = 'console.log("up"); setInterval(() => {}, 60_000)';
    const child = spawn(program, ['-e', script], {
      cwd: home,
      env: { HOME: home },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    children.push(child);
    await once(child.stdout, 'data');
    return child;
  }

  async function end(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  const found = async (home: string) =>
    Object.fromEntries(
      await detectRunning(createClientRegistry().all, { os: 'linux', home, env: { HOME: home } }),
    );

  it('are found in their own home only, with version, folder and start time, until they end', async () => {
    const [home, other] = [path.join(root, 'a'), path.join(root, 'b')];
    const child = await start(home);
    const foreign = await start(other);
    expect(await found(home)).toEqual({
      'claude-desktop': [],
      'claude-code': [
        { pid: child.pid, version: '2.1.197', cwd: home, startedAt: expect.stringMatching(/^20.*Z$/) },
      ],
    });
    expect((await found(other))['claude-code']?.map(({ pid }) => pid)).toEqual([foreign.pid]);
    await end(child);
    expect((await found(home))['claude-code']).toEqual([]);
  });

  it('B28: are known better from a session file, unless it is an earlier process’s', async () => {
    const home = path.join(root, 'a');
    const { pid } = await start(home);
    const sessions = path.join(home, '.claude', 'sessions');
    mkdirSync(sessions, { recursive: true });
    const write = (procStart: string): void => {
      const session = { pid, cwd: '/work/project', startedAt: Date.now(), procStart, version: '2.1.329' };
      writeFileSync(path.join(sessions, `${pid}.json`), JSON.stringify(session));
    };
    write(processStartMark(pid!)!);
    expect((await found(home))['claude-code']).toEqual([
      expect.objectContaining({ version: '2.1.329', cwd: '/work/project' }),
    ]);
    write('1');
    expect((await found(home))['claude-code']).toEqual([
      expect.objectContaining({ version: '2.1.197', cwd: home }),
    ]);
  });
});
