// Claude Desktop itself cannot run on a test machine: these tests work on its config file alone, written as the app
// and its users write it. That the app starts our entries is shown by starting them exactly as it does (the witness).
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ClientView } from '../../shared/model/client.ts';
import type { MigrationResult, Plan, RollbackResult } from '../../shared/model/migration.ts';
import { runJson, runProgram } from '../support/cli.ts';
import { startHub, type RunningHub } from '../support/hub.ts';
import { expectNothingLeft } from '../support/leak-check.ts';
import { referenceServer } from '../support/reference-servers.ts';
import { temporaryHome, type TemporaryHome } from '../support/temporary-home.ts';

let home: TemporaryHome;
let hub: RunningHub;
let file: string;
let sample: Buffer;

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** Windows line ends, tabs, odd spacing, a remote entry, numbers that JSON.parse would bend, no final newline. */
function sampleConfig(): Buffer {
  const [command, ...args] = referenceServer('everything');
  const [, memory] = referenceServer('memory');
  const graph = JSON.stringify(path.join(home.root, 'desktop.jsonl'));
  return Buffer.from(
    [
      '{',
      '\t"globalShortcut" : "Ctrl+Space",',
      '\t"mcpServers": {',
      `\t\t"everything": { "command": "${command}", "args": ${JSON.stringify(args)} },`,
      '\t\t"memory": {',
      `\t\t\t"command": "node",   "args": [${JSON.stringify(memory)}],`,
      `\t\t\t"env": { "MEMORY_FILE_PATH": ${graph}, "API_TOKEN": "not-a-real-one" }`,
      '\t\t}',
      '\t},',
      '\t"preferences": { "sidebarMode": "chat", "big": 12345678901234567890, "one": 1.0, "name": "caf\\u00e9" }',
      '}',
    ].join('\r\n'),
  );
}

beforeEach(async () => {
  home = temporaryHome();
  file = path.join(home.home, '.config', 'Claude', 'claude_desktop_config.json');
  mkdirSync(path.dirname(file), { recursive: true });
  sample = sampleConfig();
  writeFileSync(file, sample, { mode: 0o600 });
  hub = await startHub(home);
});

afterEach(async () => {
  await hub.stop();
  try {
    await expectNothingLeft(home);
  } finally {
    home.dispose();
  }
});

describe.skipIf(process.platform !== 'linux')('a Claude Desktop config file', () => {
  test('A05 A08 A25 is migrated by touching our ranges only, and rolled back to the very bytes', async () => {
    const clients = await runJson<ClientView[]>(home, ['clients']);
    expect(clients.find((client) => client.id === 'claude-desktop')).toMatchObject({
      configs: [{ path: file, exists: true, entries: [{ routed: false }, { routed: false }] }],
    });

    const plan = await runJson<Plan>(home, ['plan', '--client', 'claude-desktop']);
    expect(plan.files.map((planned) => planned.path)).toEqual([file]);
    expect(plan.files[0]!.diff).toContain('shim.cjs');
    expect(plan.files[0]!.diff).not.toContain('not-a-real-one');
    expect(readFileSync(file)).toEqual(sample);

    const result = await runJson<MigrationResult>(home, ['migrate', '--client', 'claude-desktop', '--yes']);
    expect(result).toMatchObject({ state: 'applied' });
    expect(result.parity.map(({ server, route, missing }) => ({ server, route, missing }))).toEqual([
      { server: 'everything', route: 'hub', missing: [] },
      { server: 'memory', route: 'hub', missing: [] },
    ]);
    const migrated = readFileSync(file);
    const text = migrated.toString('utf8');
    expect(text.replaceAll('\r\n', '')).not.toContain('\n');
    expect(text.startsWith('{\r\n\t"globalShortcut" : "Ctrl+Space",\r\n')).toBe(true);
    expect(text).toContain('"big": 12345678901234567890, "one": 1.0, "name": "caf\\u00e9" }\r\n}');
    expect(statSync(file).mode & 0o777).toBe(0o600);

    const verified = await runJson<{ ok: boolean }>(home, ['verify', '--client', 'claude-desktop']);
    expect(verified.ok).toBe(true);

    const { files } = await runJson<RollbackResult>(home, ['rollback', '--client', 'claude-desktop']);
    expect(files).toMatchObject([{ path: file, result: 'exact', sha256: sha256(sample) }]);
    expect(readFileSync(file)).toEqual(sample);
  });

  test('A32 the script beside the backup puts the file back without Patchbay', async () => {
    const migrated = await runJson<MigrationResult>(home, ['migrate', '--client', 'claude-desktop', '--yes']);
    expect(readFileSync(file)).not.toEqual(sample);
    const script = path.join(path.dirname(migrated.files[0]!.backup), 'restore.sh');
    const { code, stdout } = await runProgram('sh', [script], { cwd: home.home, env: home.env });
    expect({ code, stdout }).toEqual({ code: 0, stdout: `put back: ${file}\n` });
    expect(readFileSync(file)).toEqual(sample);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });
});
