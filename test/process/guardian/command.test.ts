import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { ConfigVersion, ConfigWrite } from '../../../shared/model/config-version.ts';
import type { Finding } from '../../../shared/model/guardian.ts';
import { configs, guardian } from '../../../electron/cli/commands/configs.ts';
import type { Context } from '../../../electron/cli/context.ts';
import { createOutput } from '../../../electron/cli/output.ts';
import { dataFolder } from '../../../electron/hub/data-folder.ts';
import { resourcesIn } from '../../../electron/hub/host.ts';
import { realHome } from '../../unit/migration/real-home.ts';

const CONFIG = '{\n  "mcpServers": {\n    "a": { "command": "a", "args": ["--token", "hunter2"] }\n  }\n}\n';

/** Runs a command over a home of its own; what it printed is left in `printed`. */
function commandLine() {
  const { home, dataRoot, platform } = realHome();
  const file = path.join(home, '.claude.json');
  writeFileSync(file, CONFIG);
  let printed = '';
  async function run(command: typeof configs, words: string[], flags: string[] = []): Promise<unknown> {
    printed = '';
    const json = flags.includes('json');
    const context: Context = {
      line: {
        command: '',
        words,
        json,
        dataDir: dataRoot,
        flags: new Map(flags.map((flag) => [flag, true])),
      },
      output: createOutput(json, (text) => void (printed += text)),
      platform,
      data: dataFolder(dataRoot),
      socket: '',
      resources: resourcesIn(dataRoot),
      version: '0.0.0-test',
    };
    expect(await command(context)).toBe(0);
    return json ? (JSON.parse(printed) as unknown) : printed;
  }
  return { file, run, printed: () => printed };
}

it('configs lists, compares and restores without a hub, and writes nothing before its diff was shown', async () => {
  const { file, run, printed } = commandLine();
  expect(await run(configs, [], ['json'])).toMatchObject([
    { id: '1', path: file, author: { kind: 'unknown' } },
  ]);
  const changed = CONFIG.replace('"command": "a"', '"command": "b"');
  writeFileSync(file, changed);
  const [newest] = (await run(configs, ['list', file], ['json'])) as ConfigVersion[];
  expect(newest).toMatchObject({
    id: '2',
    change: { servers: [{ name: 'a', change: 'changed', fields: ['command'] }] },
  });
  expect(await run(configs, [])).toMatch(/2 +\S+ +\S+\.claude\.json +someone +~a/);

  const diff = (await run(configs, ['diff', '1', '2'])) as string;
  expect(diff).toContain('+    "a": { "command": "b"');
  expect(diff).not.toContain('hunter2');

  await expect(run(configs, ['restore', '1'])).rejects.toMatchObject({ code: 'USAGE' });
  expect(printed()).toContain('-    "a": { "command": "b"');
  expect(readFileSync(file, 'utf8')).toBe(changed);
  expect(await run(configs, ['restore', '1', 'servers'], ['json', 'dry-run'])).toMatchObject({
    dryRun: true,
  });
  expect(readFileSync(file, 'utf8')).toBe(changed);

  const done = (await run(configs, ['restore', '1'], ['json', 'yes'])) as ConfigWrite;
  expect(readFileSync(file, 'utf8')).toBe(CONFIG);
  expect(await run(configs, ['restore', done.undo!], ['yes'])).toContain('Take it back any time');
  expect(readFileSync(file, 'utf8')).toBe(changed);
});

it.each([
  [configs, ['frobnicate']],
  [configs, ['diff']],
  [configs, ['restore', '1', 'everything']],
  [guardian, ['merge']],
  [guardian, ['list', '1']],
])('refuses what it does not know (%#)', async (command, words) => {
  const { run } = commandLine();
  await expect(run(command, words)).rejects.toMatchObject({ code: 'USAGE' });
});

it('guardian says that there is nothing to do before a migration', async () => {
  const { run } = commandLine();
  expect((await run(guardian, [], ['json'])) as Finding[]).toEqual([]);
  expect(await run(guardian, [])).toContain('Nothing needs your attention.');
  await expect(run(guardian, ['accept', '7'])).rejects.toMatchObject({ code: 'NOT_FOUND' });
});
