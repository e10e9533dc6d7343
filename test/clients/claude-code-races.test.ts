// Two writers of one file: the real Claude Code adds servers while we migrate and roll back.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClientRegistry } from '../../electron/hub/clients/registry.ts';
import { dataFolder } from '../../electron/hub/data-folder.ts';
import { silentLogger } from '../../electron/hub/log.ts';
import { createMigrationService } from '../../electron/hub/migration/create-migration-service.ts';
import type { MigrationService } from '../../electron/hub/migration/migration-service.ts';
import { PatchbayError } from '../../shared/model/error.ts';
import { runProgram } from '../support/cli.ts';
import { installClaudeCode } from '../support/install-claude-code.ts';
import { temporaryHome, type TemporaryHome } from '../support/temporary-home.ts';

/** The older one does not wait for the lock of its own config, the newer one does. */
const VERSIONS = ['2.1.197', '2.1.329'];
const ADDS = 10;

let home: TemporaryHome;
beforeEach(() => void (home = temporaryHome()));
afterEach(() => home.dispose());

/** The engine over the real adapter and files; what runs does not matter, as its own servers are not started. */
function engine(): MigrationService {
  return createMigrationService({
    data: dataFolder(home.dataDir),
    platform: { os: process.platform, home: home.home, env: home.env },
    shim: { command: process.execPath, args: [path.join(home.dataDir, 'shim', 'shim.cjs')], env: {} },
    logger: silentLogger,
    installShim: async () => {},
    adapters: [createClientRegistry().get('claude-code')],
    listProcesses: async () => [],
    witness: { probe: async () => [], compare: () => [] },
  });
}

describe.skipIf(process.platform === 'win32')('A16: claude mcp add in a loop', () => {
  it.each(VERSIONS)(
    '%s: none of its servers is lost to us, and ours is done or reported',
    { timeout: 300_000 },
    async (version) => {
      const program = await installClaudeCode(version);
      const add = async (name: string): Promise<void> => {
        const args = ['mcp', 'add', '-s', 'user', name, '--', 'node', `${name}.mjs`];
        const { code, stdout, stderr } = await runProgram(program, args, {
          cwd: home.project,
          env: home.env,
        });
        if (code !== 0) throw new Error(`claude mcp add ${name} exited with ${code}:\n${stdout}${stderr}`);
      };
      await add('first');

      const added: string[] = ['first'];
      let isAdding = true;
      const adding = (async () => {
        for (let count = 1; count <= ADDS; count += 1) {
          await add(`server-${count}`);
          added.push(`server-${count}`);
        }
      })().finally(() => (isAdding = false));

      const service = engine();
      const ends = { done: 0, refused: 0 };
      const attempt = async (work: () => Promise<unknown>): Promise<void> => {
        try {
          await work();
          ends.done += 1;
        } catch (error) {
          if (!(error instanceof PatchbayError)) throw error;
          expect(['CONFIG_CHANGED', 'CONFIG_LOCKED', 'NOTHING_TO_DO']).toContain(error.code);
          ends.refused += 1;
        }
      };
      while (isAdding) {
        await attempt(async () => {
          for await (const _progress of service.apply({ witness: false }));
        });
        await attempt(() => service.rollback({ dryRun: false }));
      }
      await adding;
      await service.rollback({ dryRun: false });

      const text = readFileSync(path.join(home.home, '.claude.json'), 'utf8');
      const { mcpServers } = JSON.parse(text) as {
        mcpServers: Record<string, { command: string; args: string[] }>;
      };
      // Its own record of what it has added, each with the command it was given.
      expect(Object.entries(mcpServers).map(([name, { command, args }]) => [name, command, ...args])).toEqual(
        added.map((name) => [name, 'node', `${name}.mjs`]),
      );
      expect(text).not.toContain('shim.cjs');
      expect(ends.done).toBeGreaterThan(ADDS);
      console.log(
        `Claude Code ${version}: ${added.length} adds, ${ends.done} of ours done, ${ends.refused} refused`,
      );
    },
  );
});
