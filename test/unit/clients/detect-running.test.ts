import { describe, expect, it } from 'vitest';
import type { ClaudeCodeSession } from '../../../electron/hub/clients/claude-code-sessions.ts';
import type { ProcessFacts } from '../../../electron/hub/clients/client-adapter.ts';
import { detectRunning, type Machine } from '../../../electron/hub/clients/detect-running.ts';
import type { ProcessDetails } from '../../../electron/hub/clients/process-details.ts';
import { createClientRegistry } from '../../../electron/hub/clients/registry.ts';
import type { Platform } from '../../../electron/hub/data-folder.ts';

const LINUX: Platform = { os: 'linux', home: '/home/ada', env: {} };
const NATIVE = '/home/ada/.local/share/claude/versions/2.1.197';
const STARTED = '2026-11-21T09:00:00.000Z';

const claude = (pid: number, path = NATIVE): ProcessFacts => ({
  pid,
  ppid: 1,
  name: path.split('/').at(-1)!,
  path,
  cmd: 'claude',
  startedAt: STARTED,
});

interface World {
  processes: ProcessFacts[];
  details?: Record<number, Partial<ProcessDetails>>;
  sessions?: Record<string, ClaudeCodeSession[]>;
}

function machine({ processes, details = {}, sessions = {} }: World): Machine {
  return {
    processes: () => Promise.resolve(processes),
    details: (pid) => Promise.resolve({ cwd: null, place: null, startTicks: null, ...details[pid] }),
    sessions: (folder) => Promise.resolve(sessions[folder] ?? []),
  };
}

async function running(world: World, platform: Platform = LINUX) {
  return Object.fromEntries(await detectRunning(createClientRegistry().all, platform, machine(world)));
}

describe('whose home a process serves', () => {
  const processes = [claude(10), claude(11), claude(12), claude(13), claude(14)];
  const details = {
    10: { cwd: '/work/p', place: { HOME: '/home/ada' } },
    11: { cwd: '/work/p', place: { HOME: '/tmp/other' } },
    12: { cwd: '/work/p', place: { HOME: '/home/ada', CLAUDE_CONFIG_DIR: '/srv/cc' } },
    // The environment of 13 cannot be read, that of 14 says nothing.
    14: { place: {} },
  };

  it('leaves out a client of another home or config folder, and counts what cannot be told', async () => {
    const found = await running({ processes, details });
    expect(found['claude-code']?.map(({ pid, cwd }) => [pid, cwd])).toEqual([
      [10, '/work/p'],
      [13, null],
      [14, null],
    ]);
  });

  it('counts the client of our own CLAUDE_CONFIG_DIR', async () => {
    const found = await running(
      { processes: [claude(10), claude(12)], details },
      { ...LINUX, env: { CLAUDE_CONFIG_DIR: '/srv/cc' } },
    );
    expect(found['claude-code']?.map(({ pid }) => pid)).toEqual([12]);
  });

  it('tells Claude Desktop’s home by XDG_CONFIG_HOME', async () => {
    const app = '/usr/lib/claude-desktop/claude-desktop';
    const found = await running({
      processes: [claude(20, app), claude(21, app)],
      details: {
        20: { place: { HOME: '/home/ada', XDG_CONFIG_HOME: '/srv/xdg' } },
        21: { place: { HOME: '/home/ada' } },
      },
    });
    expect(found['claude-desktop']?.map(({ pid }) => pid)).toEqual([21]);
  });
});

describe('session files', () => {
  const folder = '/home/ada/.claude/sessions';
  const session = (pid: number, extra: Partial<ClaudeCodeSession> = {}): ClaudeCodeSession => ({
    pid,
    cwd: '/work/project',
    startedAt: Date.parse(STARTED) + 400,
    procStart: '5000',
    version: '2.1.329',
    ...extra,
  });

  it('gives version and folder, and finds copies whose program has another name', async () => {
    const found = await running({
      processes: [claude(10), claude(30, '/opt/ide/agent')],
      details: { 10: { startTicks: '5000', cwd: '/' }, 30: { startTicks: '5000' } },
      sessions: { [folder]: [session(10), session(30)] },
    });
    const expected = { startedAt: STARTED, version: '2.1.329', cwd: '/work/project' };
    expect(found).toEqual({
      'claude-desktop': [],
      'claude-code': [
        { pid: 10, ...expected },
        { pid: 30, ...expected },
      ],
    });
  });

  it('B28: does not believe a file whose process is gone, or whose pid is another’s now', async () => {
    const found = await running({
      processes: [claude(31, '/usr/bin/vim')],
      details: { 31: { startTicks: '7777' } },
      sessions: { [folder]: [session(10), session(31)] },
    });
    expect(found['claude-code']).toEqual([]);
  });

  it('B28: goes by the start time where there are no clock ticks', async () => {
    const mac: Platform = { os: 'darwin', home: '/home/ada', env: {} };
    const found = await running(
      {
        processes: [claude(31, '/usr/bin/vim'), claude(32, '/usr/bin/agent')],
        sessions: { [folder]: [session(31, { startedAt: Date.parse(STARTED) - 60_000 }), session(32)] },
      },
      mac,
    );
    expect(found['claude-code']?.map(({ pid }) => pid)).toEqual([32]);
  });
});

it('never takes itself for a client', async () => {
  expect(await running({ processes: [claude(process.pid)] })).toEqual({
    'claude-desktop': [],
    'claude-code': [],
  });
});

it('fails when processes cannot be listed: an empty list would be believed', async () => {
  const deaf: Machine = {
    ...machine({ processes: [] }),
    processes: () => Promise.reject(new Error('no ps')),
  };
  await expect(detectRunning(createClientRegistry().all, LINUX, deaf)).rejects.toThrow('no ps');
});
