import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readClaudeCodeSessions } from '../../../electron/hub/clients/claude-code-sessions.ts';
import { listProcesses } from '../../../electron/hub/clients/list-processes.ts';
import { parsePlace, readProcessDetails } from '../../../electron/hub/clients/process-details.ts';
import {
  parseWindowsProcesses,
  windowsProcessQuery,
} from '../../../electron/hub/clients/windows-processes.ts';

describe('the Windows process list', () => {
  it('asks the system’s own PowerShell for UTF-8 JSON with ISO times', () => {
    const query = windowsProcessQuery({ os: 'win32', home: 'C:\\h', env: { SystemRoot: 'D:\\Win' } });
    expect(query.command).toBe('D:\\Win\\System32\\WindowsPowerShell\\v1.0\\powershell.exe');
    expect(query.args.slice(0, 3)).toEqual(['-NoProfile', '-NonInteractive', '-Command']);
    expect(query.args[3]).toContain('[Console]::OutputEncoding=[Text.Encoding]::UTF8');
  });

  it('reads a list, with the holes Windows leaves for processes of others', () => {
    const rows = [
      {
        ProcessId: 4242,
        ParentProcessId: 1000,
        Name: 'Claude.exe',
        ExecutablePath: 'C:\\A\\Claude.exe',
        CommandLine: '"C:\\A\\Claude.exe" --startup',
        StartedAt: '2026-11-21T09:40:52.1234567Z',
      },
      {
        ProcessId: 4,
        ParentProcessId: 0,
        Name: 'System',
        ExecutablePath: null,
        CommandLine: null,
        StartedAt: null,
      },
    ];
    expect(parseWindowsProcesses(JSON.stringify(rows))).toEqual([
      {
        pid: 4242,
        ppid: 1000,
        name: 'Claude.exe',
        path: 'C:\\A\\Claude.exe',
        cmd: '"C:\\A\\Claude.exe" --startup',
        startedAt: '2026-11-21T09:40:52.123Z',
      },
      { pid: 4, ppid: 0, name: 'System', path: '', cmd: '', startedAt: null },
    ]);
  });

  it('reads a list of one, which PowerShell does not write as a list', () => {
    expect(parseWindowsProcesses('{"ProcessId":1,"Name":"a.exe"}').map(({ pid }) => pid)).toEqual([1]);
  });

  it.each(['', 'Access denied', '[{"Name":"a"}]', 'null'])('refuses %j', (text) => {
    expect(() => parseWindowsProcesses(text)).toThrow();
  });
});

describe.skipIf(process.platform === 'win32')('the process list of this machine', () => {
  it('has this very process, with path, parent and start time', async () => {
    const processes = await listProcesses({ os: process.platform, home: '/nowhere', env: {} });
    const own = processes.find(({ pid }) => pid === process.pid);
    expect(own).toMatchObject({ ppid: process.ppid, path: process.execPath });
    expect(Math.abs(Date.parse(own!.startedAt!) - (Date.now() - process.uptime() * 1000))).toBeLessThan(
      5_000,
    );
  });

  it('says what is missing where the system does not tell', async () => {
    // No PowerShell here: what a broken Windows would answer.
    const asked = listProcesses({ os: 'win32', home: 'C:\\h', env: {} });
    await expect(asked).rejects.toMatchObject({
      code: 'NOT_SUPPORTED',
      info: { hint: expect.stringContaining('PowerShell') },
    });
  });
});

describe('what a process tells of itself', () => {
  it('keeps only the variables that say whose configs it reads', () => {
    const environment = 'HOME=/h\0TOKEN=secret\0XDG_CONFIG_HOME=/x=y\0=odd\0CLAUDE_CONFIG_DIR=\0HOMER=no\0';
    expect(parsePlace(environment)).toEqual({ HOME: '/h', XDG_CONFIG_HOME: '/x=y', CLAUDE_CONFIG_DIR: '' });
  });

  it.runIf(process.platform === 'linux')(
    'has folder and start mark on Linux, and nothing for a pid that is gone',
    async () => {
      const own = await readProcessDetails(process.pid, 'linux');
      expect(own).toMatchObject({ cwd: process.cwd(), startTicks: expect.stringMatching(/^\d+$/) });
      expect(await readProcessDetails(2 ** 22 + 1, 'linux')).toEqual({
        cwd: null,
        place: null,
        startTicks: null,
      });
    },
  );

  it('has nothing where the system has no way to ask', async () => {
    expect(await readProcessDetails(process.pid, 'darwin')).toEqual({
      cwd: null,
      place: null,
      startTicks: null,
    });
  });
});

describe('Claude Code’s session files', () => {
  let folder = '';
  beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'patchbay-test-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  /** As 2.1.197 writes it. */
  const real = {
    pid: 9298,
    sessionId: '39f912c9-9cbe-4646-a353-22e1533a3a65',
    cwd: '/tmp/proj',
    startedAt: 1795253277735,
    procStart: '202452',
    version: '2.1.197',
    peerProtocol: 1,
    kind: 'interactive',
    entrypoint: 'sdk-cli',
    name: 'proj-1e',
  };

  it('reads what it knows and passes over everything else', async () => {
    const files: Record<string, string> = {
      '9298.json': JSON.stringify(real),
      '9299.json': JSON.stringify({ pid: 9299, startedAt: 5, procStart: 12, version: null }),
      '9300.json': JSON.stringify({ ...real, pid: 1 }),
      '9301.json': '{"pid": 9301, "star',
      '9302.json': JSON.stringify({ pid: 9302 }),
      '9305.json': JSON.stringify({ pid: 9305, startedAt: 1e300 }),
      '9303.json': `"${'x'.repeat(300_000)}"`,
      '9298.key': 'secret',
      'notes.json': JSON.stringify(real),
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
    mkdirSync(path.join(folder, '9304.json'));
    const sessions = await readClaudeCodeSessions(folder);
    expect(sessions.sort((a, b) => b.startedAt - a.startedAt)).toEqual([
      { pid: 9298, cwd: '/tmp/proj', startedAt: 1795253277735, procStart: '202452', version: '2.1.197' },
      { pid: 9299, startedAt: 5, procStart: null, version: null },
    ]);
  });

  it('has none where the folder does not exist', async () => {
    expect(await readClaudeCodeSessions(path.join(folder, 'missing'))).toEqual([]);
  });
});
