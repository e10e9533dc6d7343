import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runCli } from '../../support/cli.ts';
import { startHub } from '../../support/hub.ts';
import { expectNothingLeft } from '../../support/leak-check.ts';
import { startRawClient, type RawClient } from '../../support/raw-client.ts';
import { referenceServer } from '../../support/reference-servers.ts';
import { temporaryHome, type TemporaryHome } from '../../support/temporary-home.ts';

const TOKEN = 'ghp_0123456789abcdefghijABCDEFGHIJ012345';
const NAME = 'claude-code.everything.GITHUB_TOKEN';

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

interface Entry {
  command: string;
  args: string[];
  env: Record<string, string>;
}
const entry = (): Entry =>
  (JSON.parse(readFileSync(config, 'utf8')) as { mcpServers: Record<string, Entry> }).mcpServers.everything!;

/** Starts the entry as the client would. */
const startEntry = (): RawClient => {
  const { command, args, env } = entry();
  return startRawClient({ command, args, cwd: home.project, env: { ...home.env, ...env } });
};

async function tokenSeenBy(client: RawClient): Promise<string | undefined> {
  await client.initialize();
  const variables = JSON.parse(await client.callTool('get-env', {})) as Record<string, string>;
  return variables.GITHUB_TOKEN;
}

it('the server gets a moved secret through the hub and without it, and a rollback brings the file back', async () => {
  const [command, ...args] = referenceServer('everything');
  const before = `${JSON.stringify({ mcpServers: { everything: { command, args, env: { GITHUB_TOKEN: TOKEN } } } }, null, 2)}\n`;
  writeFileSync(config, before, { mode: 0o600 });
  const hub = await startHub(home);
  try {
    const migrated = await runCli(home, ['migrate', '--yes', '--move-secrets', 'all', '--json']);
    expect(migrated.stderr).toBe('');
    expect(JSON.parse(migrated.stdout)).toMatchObject({ state: 'applied' });
    expect(entry().env.GITHUB_TOKEN).toBe('');
    expect(readFileSync(config, 'utf8')).not.toContain(TOKEN);
    expect(readFileSync(path.join(home.dataDir, 'mcp-servers.json'), 'utf8')).not.toContain(TOKEN);

    const through = startEntry();
    expect(await tokenSeenBy(through)).toBe(TOKEN);
    await through.end();
    const verified = await runCli(home, ['verify', '--json']);
    expect(JSON.parse(verified.stdout)).toMatchObject({ ok: true, parity: [{ route: 'hub', missing: [] }] });
  } finally {
    await hub.stop();
  }

  // No hub, and none that could be started.
  rmSync(path.join(home.dataDir, 'launch.json'), { force: true });
  const without = startEntry();
  expect(await tokenSeenBy(without)).toBe(TOKEN);
  await without.end();

  const back = await runCli(home, ['rollback', '--all', '--remove-secrets']);
  expect(back.stdout).toContain(`The secret ${NAME} was removed from the secret store.`);
  expect(readFileSync(config, 'utf8')).toBe(before);
  expect(readFileSync(path.join(home.dataDir, 'secrets.json'), 'utf8')).not.toContain(TOKEN);
}, 120_000);
