import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PlanOptions } from '../../../shared/model/migration.ts';
import { applyAll, engineFixture, testAdapter, type EngineFixture } from './engine-fixture.ts';
import { MemoryFiles } from './memory-files.ts';

const FOLDER = path.resolve(import.meta.dirname, '../../fixtures/configs/kept');
const CONFIG = '/home/ada/.claude.json';
const kept = readdirSync(FOLDER).filter((name) => !name.endsWith('.migrated.json'));

const WAYS: readonly PlanOptions[] = [
  { transport: 'http' },
  { mode: 'merged' },
  { mode: 'merged', transport: 'http' },
  { remotes: true },
];

function stage(config: Uint8Array): EngineFixture & { disk: MemoryFiles } {
  const disk = new MemoryFiles();
  disk.put(CONFIG, config);
  disk.put('/data/token', 'T'.repeat(43));
  const adapter = { ...testAdapter('claude-code', CONFIG), speaksHttp: true };
  return { disk, ...engineFixture({ files: disk, adapters: [adapter] }) };
}

/** False where there is nothing this way to move. */
async function migrates(at: EngineFixture, options: PlanOptions): Promise<boolean> {
  try {
    await applyAll(at.service, { ...options, witness: false });
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: 'NOTHING_TO_DO' });
    return false;
  }
}

describe.each(WAYS)('A05, A06, A08, A09, A24, A25 with $mode $transport $remotes', (options) => {
  it.each(kept)('%s comes back byte for byte, and around an edit made since', async (name) => {
    const original = readFileSync(path.join(FOLDER, name));
    const at = stage(original);
    if (!(await migrates(at, options))) return;
    expect(at.disk.text(CONFIG)).not.toBe(original.toString());
    await at.service.rollback({ dryRun: false });
    expect(Buffer.from(await at.disk.read(CONFIG, 1e7)).equals(original)).toBe(true);

    await migrates(at, options);
    // The smallest thing anybody could have done to it.
    const edited = Buffer.concat([await at.disk.read(CONFIG, 1e7), Buffer.from(' ')]);
    at.disk.put(CONFIG, edited);
    const { files } = await at.service.rollback({ dryRun: false });
    expect(files).toMatchObject([{ result: 'merged' }]);
    const back = Buffer.from(await at.disk.read(CONFIG, 1e7));
    expect(back.toString()).toBe(`${original.toString()} `);
  });

  it('moves something in most of them', async () => {
    const moved = await Promise.all(
      kept.map(async (name) => await migrates(stage(readFileSync(path.join(FOLDER, name))), options)),
    );
    expect(moved.filter(Boolean).length).toBeGreaterThan(options.remotes ? 0 : kept.length / 3);
  });
});
