import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli, runJson } from '../../support/cli.ts';
import { expectNothingLeft } from '../../support/leak-check.ts';
import { temporaryHome, type TemporaryHome } from '../../support/temporary-home.ts';

const CONFIG = '{\n  "mcpServers": {\n    "a": { "command": "node", "args": ["a.mjs"] }\n  }\n}\n';

let home: TemporaryHome;
let config: string;

beforeEach(() => {
  home = temporaryHome();
  config = path.join(home.home, '.claude.json');
});

afterEach(async () => {
  await expectNothingLeft(home);
  home.dispose();
});

describe('patchbay uninstall', () => {
  it('A32: puts the config back, ends the hub that the migration started, and leaves nothing', async () => {
    writeFileSync(config, CONFIG);
    await runJson(home, ['migrate', '--client', 'claude-code', '--yes', '--no-witness']);
    expect(readFileSync(config, 'utf8')).toContain('shim.cjs');

    const asked = await runCli(home, ['uninstall']);
    expect(asked.code).toBe(2);
    expect(asked.stdout).toContain('would remove');
    expect(readFileSync(config, 'utf8')).toContain('shim.cjs');

    const report = await runJson<{ state: string; hub: string; left: unknown[] }>(home, [
      'uninstall',
      '--yes',
    ]);
    expect(report).toMatchObject({ state: 'done', hub: 'stopped', left: [] });
    expect(readFileSync(config, 'utf8')).toBe(CONFIG);
    expect(existsSync(home.dataDir)).toBe(false);
  });

  it('refuses with code 3 while a config cannot be put back', async () => {
    writeFileSync(config, CONFIG);
    await runJson(home, ['migrate', '--client', 'claude-code', '--yes', '--no-witness']);
    const broken = `${readFileSync(config, 'utf8')}}`;
    writeFileSync(config, broken);
    const { code, stdout } = await runCli(home, ['uninstall', '--yes']);
    expect(code).toBe(3);
    expect(stdout).toContain('Patchbay stays installed');
    expect(readFileSync(config, 'utf8')).toBe(broken);
    expect(existsSync(path.join(home.dataDir, 'shim', 'shim.cjs'))).toBe(true);

    writeFileSync(config, broken.slice(0, -1));
    await runJson(home, ['uninstall', '--yes']);
    expect(readFileSync(config, 'utf8')).toBe(CONFIG);
  });
});

describe('patchbay servers import', () => {
  it('lists first, adds once, and adds nothing that is unusual switched on', async () => {
    const file = path.join(home.root, 'other.json');
    const servers = {
      plain: { command: 'npx', args: ['-y', 'x'] },
      odd: { command: 'sh', args: ['-c', 'x'] },
    };
    writeFileSync(file, JSON.stringify({ mcpServers: servers }));
    const dry = await runCli(home, ['servers', 'import', file, '--dry-run']);
    expect(dry).toMatchObject({ code: 0, stdout: expect.stringContaining('2 servers would be added') });
    expect(existsSync(path.join(home.dataDir, 'mcp-servers.json'))).toBe(false);

    const plan = await runJson<{ items: { name: string; enabled: boolean }[] }>(home, [
      'servers',
      'import',
      file,
    ]);
    expect(plan.items).toMatchObject([
      { name: 'plain', action: 'add', enabled: true },
      { name: 'odd', action: 'add', enabled: false },
    ]);
    const again = await runJson<{ items: object[] }>(home, ['servers', 'import', file]);
    expect(again.items).toMatchObject([{ action: 'duplicate' }, { action: 'duplicate' }]);
    const listed = await runJson<{ name: string; enabled: boolean }[]>(home, ['servers', 'list']);
    expect(listed.map(({ name, enabled }) => [name, enabled])).toEqual([
      ['plain', true],
      ['odd', false],
    ]);
  });

  it('says what is wrong with a file, and where', async () => {
    const file = path.join(home.root, 'broken.json');
    writeFileSync(file, '{\n  "mcpServers": {,}\n}');
    const { code, stderr } = await runCli(home, ['servers', 'import', file]);
    expect(code).not.toBe(0);
    expect(stderr).toContain(`CONFIG_MALFORMED: ${file}, line 2, column 18`);
  });
});
