import { describe, expect, it } from 'vitest';
import { claudeCode } from '../../../electron/hub/clients/claude-code.ts';
import { claudeDesktop } from '../../../electron/hub/clients/claude-desktop.ts';
import type { ClientAdapter } from '../../../electron/hub/clients/client-adapter.ts';
import { policyView, readSurroundings } from '../../../electron/hub/clients/read-surroundings.ts';
import {
  parseRegistry,
  registryQuery,
  systemRegistry,
  type ReadRegistry,
  type RegistryValues,
} from '../../../electron/hub/clients/windows-policies.ts';
import type { Platform } from '../../../electron/hub/data-folder.ts';
import { MemoryFiles } from '../migration/memory-files.ts';

const WINDOWS: Platform = {
  os: 'win32',
  home: 'C:\\Users\\ada',
  env: { APPDATA: 'C:\\Users\\ada\\AppData' },
};
const MACHINE = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies';
const PERSON = 'HKEY_CURRENT_USER\\SOFTWARE\\Policies';

/** The files in memory know the paths of POSIX only. */
class FilesOfWindows extends MemoryFiles {
  override async read(file: string, limit: number): Promise<Uint8Array> {
    if (file !== 'C:\\Program Files\\ClaudeCode\\managed-settings.json') return super.read(file, limit);
    return Buffer.from('{"deniedMcpServers":[]}');
  }
}

const registry =
  (content: Record<string, RegistryValues>): ReadRegistry =>
  async (keys) =>
    new Map(Object.entries(content).filter(([key]) => keys.includes(key)));
const denying = (serverName: string): RegistryValues => ({
  settings: JSON.stringify({ deniedMcpServers: [{ serverName }] }),
});
const look = async (adapter: ClientAdapter, readRegistry: ReadRegistry, files = new MemoryFiles()) =>
  policyView(await readSurroundings({ files, readRegistry }, adapter, WINDOWS, []));

describe('what device management has put into the registry', () => {
  it('is Claude Code’s policy, whatever the case of the value’s name', async () => {
    const view = await look(claudeCode, registry({ [`${MACHINE}\\ClaudeCode`]: denying('github') }));
    expect(view.rules).toEqual([
      expect.objectContaining({ path: `${MACHINE}\\ClaudeCode\\settings`, effect: 'deny' }),
    ]);
    expect(view.unreadable).toEqual([]);
  });

  it('counts in the person’s part only where the administrator has said nothing', async () => {
    const own = { [`${PERSON}\\ClaudeCode`]: denying('own') };
    expect((await look(claudeCode, registry(own))).rules).toHaveLength(1);
    const both = { ...own, [`${MACHINE}\\ClaudeCode`]: denying('theirs') };
    expect((await look(claudeCode, registry(both))).rules.map(({ path }) => path)).toEqual([
      `${MACHINE}\\ClaudeCode\\settings`,
    ]);
    const files = new FilesOfWindows();
    expect((await look(claudeCode, registry(own), files)).rules).toEqual([]);
  });

  it('is told of where it is damaged, in another form, or cannot be asked for', async () => {
    const damaged = await look(claudeCode, registry({ [`${MACHINE}\\ClaudeCode`]: { Settings: '{' } }));
    expect(damaged.unreadable).toEqual([
      { path: `${MACHINE}\\ClaudeCode\\Settings`, error: expect.stringContaining('closing }') },
    ]);
    const desktop = await look(claudeDesktop, registry({ [`${MACHINE}\\Claude`]: { x: '1' } }));
    expect(desktop.unreadable.map(({ path }) => path)).toEqual([`${MACHINE}\\Claude`]);
    const refusing = await look(claudeCode, () => Promise.reject(new Error('no PowerShell')));
    expect(refusing.unreadable.map(({ path }) => path)).toEqual([`${MACHINE}\\ClaudeCode`]);
  });
});

describe('asking', () => {
  it('takes one PowerShell for all keys, with nothing to break out of', () => {
    const { command, args } = registryQuery([`${MACHINE}\\O'Neil`], WINDOWS);
    expect(command).toBe('C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe');
    expect(args.at(-1)).toContain(`@('${MACHINE}\\O''Neil')`);
  });

  it('reads the answer, and takes nothing else for one', () => {
    expect(parseRegistry('{"HKEY_LOCAL_MACHINE\\\\A":{"Settings":"{}","Other":"1"}}')).toEqual(
      new Map([['HKEY_LOCAL_MACHINE\\A', { Settings: '{}', Other: '1' }]]),
    );
    expect(parseRegistry('{}')).toEqual(new Map());
    expect(() => parseRegistry('Access denied')).toThrow();
    expect(() => parseRegistry('{"K":"text"}')).toThrow();
  });

  it('is not done on other systems', async () => {
    expect(await systemRegistry({ os: 'linux', home: '/h', env: {} })([MACHINE])).toEqual(new Map());
  });
});
