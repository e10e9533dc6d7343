import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { nodeFiles } from '../../../electron/hub/files/node-files.ts';
import { nodeStorage } from '../../../electron/hub/files/storage.ts';
import { PatchbayError } from '../../../shared/model/error.ts';
import { applyAll, engineFixture, testAdapter } from '../../unit/migration/engine-fixture.ts';
import { realHome } from '../../unit/migration/real-home.ts';

const PROGRAM = fileURLToPath(new URL('./saving-client.mjs', import.meta.url));
const ROUNDS = 60;

it('A16: a client that saves 50 times a second keeps its saves while we migrate and roll back', async () => {
  const { home, dataRoot, platform } = realHome();
  const file = path.join(home, '.claude.json');
  mkdirSync(home, { recursive: true });
  writeFileSync(
    file,
    JSON.stringify({ mcpServers: { a: { command: 'a', args: ['-y'] } }, other: [1, 2] }, null, 2),
  );
  const { owner, isAlive, token } = nodeStorage('linux');
  const { service } = engineFixture({
    files: nodeFiles,
    adapters: [testAdapter('claude-code', file)],
    dataRoot,
    platform,
    storage: { owner, isAlive, token, now: Date.now, sleep },
  });
  const client = spawn(process.execPath, [PROGRAM, file, '20'], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void client.kill('SIGKILL'));
  let told = '';
  client.stdout.setEncoding('utf8').on('data', (text: string) => (told += text));
  await once(client.stdout, 'data');

  // Ours happens or is refused in words, never anything between.
  const ends = { applied: 0, refused: 0 };
  const attempt = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
      ends.applied += 1;
    } catch (error) {
      if (!(error instanceof PatchbayError)) throw error;
      expect(['CONFIG_CHANGED', 'NOTHING_TO_DO', 'CONFIG_LOCKED']).toContain(error.code);
      ends.refused += 1;
    }
  };
  for (let round = 0; round < ROUNDS; round += 1) {
    await attempt(() => applyAll(service));
    await attempt(() => service.rollback({ dryRun: false }));
  }
  const gone = once(client, 'exit');
  client.stdin.end();
  await gone;
  await attempt(() => service.rollback({ dryRun: false }));

  const { saves } = JSON.parse(told.split('\n').at(-2)!) as { saves: number };
  const config = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  expect(saves).toBeGreaterThan(20);
  expect(config).toMatchObject({ mcpServers: { a: { command: 'a', args: ['-y'] } }, other: [1, 2] });
  // The gap that no program can close (see renameIfSame) takes one in a thousand; without comparing it were most.
  expect(saves - Number(config.saves)).toBeLessThanOrEqual(2);
  expect(ends.applied).toBeGreaterThan(ROUNDS);
}, 120_000);
