import { describe, expect, it } from 'vitest';
import {
  macosFolderQuery,
  macosPlaceQuery,
  parseLsofFolder,
  parseMacosPlace,
  readProcessDetails,
} from '../../../electron/hub/clients/process-details.ts';
import {
  parseWindowsProcesses,
  windowsProcessQuery,
} from '../../../electron/hub/clients/windows-processes.ts';

describe('whose home a process serves on macOS', () => {
  it('is in the environment behind its command line', () => {
    const output =
      'claude --resume HOME=/not/this SHELL=/bin/zsh HOME=/Users/ada b CLAUDE_CONFIG_DIR=/Users/ada b/cc TOKEN=s3cret\n';
    expect(parseMacosPlace(output)).toEqual({ HOME: '/Users/ada b', CLAUDE_CONFIG_DIR: '/Users/ada b/cc' });
  });

  it('is unknown where the system hides the environment', () => {
    expect(parseMacosPlace('/Applications/Claude.app/Contents/MacOS/Claude\n')).toBeNull();
    expect(parseMacosPlace('')).toBeNull();
  });

  it('comes with the folder it works in', async () => {
    const answers = new Map([
      [JSON.stringify(macosPlaceQuery(7)), 'claude HOME=/Users/ada USER=ada\n'],
      [JSON.stringify(macosFolderQuery(7)), 'p7\nfcwd\nn/Users/ada/work\n'],
    ]);
    const details = await readProcessDetails(
      7,
      'darwin',
      async (query) => answers.get(JSON.stringify(query)) ?? null,
    );
    expect(details).toEqual({ cwd: '/Users/ada/work', place: { HOME: '/Users/ada' }, startTicks: null });
    expect(await readProcessDetails(7, 'darwin', async () => null)).toEqual({
      cwd: null,
      place: null,
      startTicks: null,
    });
    expect(parseLsofFolder('p7\nfcwd\n')).toBeNull();
  });
});

describe('other users’ clients on Windows', () => {
  it('are asked for, of what could be a client only', () => {
    const script = windowsProcessQuery({ os: 'win32', home: 'C:\\h', env: {} }).args[3]!;
    expect(script).toContain('GetOwnerSid');
    expect(script).toContain("-like 'claude*'");
  });

  it('are left out; those of nobody known count', () => {
    const row = (id: number, Foreign: boolean | null) => ({ ProcessId: id, Name: 'claude.exe', Foreign });
    const rows = [row(1, true), row(2, false), row(3, null), { ProcessId: 4, Name: 'node.exe' }];
    expect(parseWindowsProcesses(JSON.stringify(rows)).map(({ pid }) => pid)).toEqual([2, 3, 4]);
  });
});
