// The real Claude Code by HTTP and by shim, in the two versions whose eras differ: the older one shakes hands, the
// newer one speaks without. Only the model behind it is a fake.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { claudeCode, type ClaudeCode } from '../support/claude-code.ts';
import { startHub, type RunningHub } from '../support/hub.ts';
import { installClaudeCode } from '../support/install-claude-code.ts';
import { expectNothingLeft } from '../support/leak-check.ts';
import { mcpFixture } from '../support/mcp-fixtures.ts';
import { referenceServer } from '../support/reference-servers.ts';
import { startScriptedModel, type ScriptedModel } from '../support/scripted-model.ts';
import { installShimFor } from '../support/shim.ts';
import { temporaryHome, type TemporaryHome } from '../support/temporary-home.ts';

const VERSIONS = ['2.1.197', '2.1.329'];
const ENTRIES = ['all', 'one', 'modern', 'routed'];

describe.each(VERSIONS)('Claude Code %s', (version) => {
  let home: TemporaryHome;
  let hub: RunningHub;
  let model: ScriptedModel;
  let claude: ClaudeCode;

  beforeAll(async () => {
    vi.stubEnv('CLAUDE_CODE_VERSION', version);
    await installClaudeCode(version);
    home = temporaryHome();
    model = await startScriptedModel();
    claude = await claudeCode(home);
    const [command = '', ...args] = referenceServer('everything');
    mkdirSync(home.dataDir, { mode: 0o700 });
    const mcpServers = {
      everything: { command, args, isolation: 'shared' },
      modern: { ...mcpFixture('dual', 'stdio', '--modern-only'), isolation: 'shared' },
    };
    writeFileSync(path.join(home.dataDir, 'mcp-servers.json'), JSON.stringify({ mcpServers }));
    const shim = installShimFor(home);
    hub = await startHub(home);
    configure(shim, [command, ...args]);
  }, 400_000);

  afterAll(async () => {
    vi.unstubAllEnvs();
    await hub?.stop();
    await model?.close();
    await expectNothingLeft(home);
    home.dispose();
  });

  /** What a person, or a migration, writes into the client's file. */
  function configure(shim: string, everything: readonly string[]): void {
    const at = (url: string): object => ({
      type: 'http',
      url: new URL(url, hub.url).href,
      headers: { Authorization: `Bearer ${hub.token}` },
    });
    const mcpServers = {
      all: at('/mcp'),
      one: at('/servers/everything/mcp'),
      modern: at('/servers/modern/mcp'),
      routed: {
        command: process.execPath,
        args: [shim, '--client', 'claude-code', '--server', 'everything', '--', ...everything],
      },
    };
    writeFileSync(path.join(home.home, '.claude.json'), JSON.stringify({ mcpServers }));
  }

  test('finds every entry connected', async () => {
    const connected = Object.fromEntries(ENTRIES.map((name) => [name, '✔ Connected']));
    expect(await claude.list()).toEqual(connected);
  });

  test('calls tools by each entry', async () => {
    const results = await claude.runScript(model, ENTRIES, [
      'CALL mcp__all__everything__echo {"message":"by the endpoint of all"}',
      'CALL mcp__one__echo {"message":"by the endpoint of one"}',
      'CALL mcp__modern__probe_echo {"message":"by the newer era"}',
      'CALL mcp__routed__echo {"message":"by the shim"}',
    ]);
    expect(results.map(({ text }) => text)).toEqual([
      'Echo: by the endpoint of all',
      'Echo: by the endpoint of one',
      'by the newer era',
      'Echo: by the shim',
    ]);
  });
});
