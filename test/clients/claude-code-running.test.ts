// A migration while real sessions of Claude Code run, in every version that behaves differently there. Only the model
// behind it is a fake.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { MigrationResult } from '../../shared/model/migration.ts';
import { claudeCode } from '../support/claude-code.ts';
import { runJson } from '../support/cli.ts';
import { startHub, type RunningHub } from '../support/hub.ts';
import { installClaudeCode } from '../support/install-claude-code.ts';
import { expectNothingLeft } from '../support/leak-check.ts';
import { endMarked, processesOf } from '../support/process-tree.ts';
import { referenceServer } from '../support/reference-servers.ts';
import { startScriptedModel, type ScriptedModel } from '../support/scripted-model.ts';
import { temporaryHome, type TemporaryHome } from '../support/temporary-home.ts';

let home: TemporaryHome;
let model: ScriptedModel;
let hub: RunningHub | null = null;
const versionAsked = process.env.CLAUDE_CODE_VERSION;

afterEach(async () => {
  if (versionAsked === undefined) delete process.env.CLAUDE_CODE_VERSION;
  else process.env.CLAUDE_CODE_VERSION = versionAsked;
  await hub?.stop();
  hub = null;
  await model.close();
  for (const found of processesOf(home)) endMarked(found, home, 'SIGTERM');
  try {
    await expectNothingLeft(home);
  } finally {
    home.dispose();
  }
});

describe.each(['2.1.197', '2.1.329'])('Claude Code %s', (version) => {
  beforeAll(async () => {
    await installClaudeCode(version);
  }, 400_000);

  test('a session that ran during the migration is named with what to do, and goes on', async () => {
    process.env.CLAUDE_CODE_VERSION = version;
    home = temporaryHome();
    model = await startScriptedModel();
    // Without a terminal it does not wait long for servers; one that comes late would fail the calls on a busy machine.
    const claude = await claudeCode(home, { MCP_CONNECT_TIMEOUT_MS: '60000' });
    const memory = referenceServer('memory');
    const graph = (name: string) => ({ MEMORY_FILE_PATH: path.join(home.root, `${name}.jsonl`) });
    await claude.add({ scope: 'user', name: 'everything', command: referenceServer('everything') });
    await claude.add({ scope: 'local', name: 'memory', command: memory, env: graph('local') });
    hub = await startHub(home);
    mkdirSync(path.join(home.root, 'gates'));
    const gate = path.join(home.root, 'gates', 'migrated');

    const session = claude.runScript(
      model,
      ['everything', 'memory'],
      [
        'CALL mcp__everything__echo {"message":"before"}',
        `WAITFILE ${gate}`,
        'CALL mcp__everything__echo {"message":"after"}',
        'CALL mcp__memory__read_graph {}',
      ],
    );
    await Promise.race([model.waitingFor(gate), session]);
    const result = await runJson<MigrationResult>(home, ['migrate', '--client', 'claude-code', '--yes']);
    writeFileSync(gate, '');
    const calls = await session;

    expect(result.state).toBe('applied');
    expect(result.parity.map(({ server, scope }) => `${scope} ${server}`).sort()).toEqual([
      'local memory',
      'user everything',
    ]);
    for (const row of result.parity) {
      expect(row).toMatchObject({ route: 'hub', missing: [], changed: [], added: [] });
      expect(row.toolsAfter).toBe(row.toolsBefore);
    }
    const advice = result.notes.filter((note) => note.startsWith('Claude Code (pid '));
    expect(advice).toHaveLength(1);
    expect(advice[0]).toContain(`in ${home.project}`);
    expect(advice[0]).toMatch(
      /run \/reload-plugins in it, or leave it and run: cd \S+ && claude --resume [0-9a-f-]{36}$/,
    );
    expect(calls.map(({ is_error }) => is_error)).toEqual([false, false, false]);
    expect(calls[1]!.text).toBe('Echo: after');
  });
});
