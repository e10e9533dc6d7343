import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ShimCommand } from '../../../electron/hub/migration/migration-service.ts';
import { applyAll, engineFixture, SHIM, testAdapter, type EngineFixture } from './engine-fixture.ts';
import { MemoryFiles } from './memory-files.ts';

const FOLDER = path.resolve(import.meta.dirname, '../../fixtures/configs');
const CONFIG = '/home/ada/.claude.json';
const kept = readdirSync(path.join(FOLDER, 'kept')).filter((name) => !name.endsWith('.migrated.json'));
const refused = readdirSync(path.join(FOLDER, 'refused'));

const goldenOf = (name: string): string =>
  path.join(FOLDER, 'kept', name.replace(/\.json$/, '.migrated.json'));
const migratable = kept.filter((name) => existsSync(goldenOf(name)));

function engineWith(config: Uint8Array, shim: ShimCommand = SHIM): EngineFixture & { disk: MemoryFiles } {
  const disk = new MemoryFiles();
  disk.put(CONFIG, config);
  return { disk, ...engineFixture({ files: disk, adapters: [testAdapter('claude-code', CONFIG)], shim }) };
}

const read = (folder: string, name: string): Buffer => readFileSync(path.join(FOLDER, folder, name));

describe('A02, A04, A05, A06, A08, A09: configs as people have them', () => {
  it.each(migratable)('%s changes in our ranges only, and comes back byte for byte', async (name) => {
    const original = read('kept', name);
    const { service, disk } = engineWith(original);
    await applyAll(service);
    expect(disk.text(CONFIG)).toBe(readFileSync(goldenOf(name), 'utf8'));

    const { files } = await service.rollback({ dryRun: false });
    expect(files).toMatchObject([{ result: 'exact' }]);
    expect(Buffer.from(await disk.read(CONFIG, 1e6)).equals(original)).toBe(true);
  });

  it.each(kept.filter((name) => !migratable.includes(name)))('%s has nothing to migrate', async (name) => {
    const { service, disk } = engineWith(read('kept', name));
    await expect(applyAll(service)).rejects.toMatchObject({ code: 'NOTHING_TO_DO' });
    expect(disk.text(CONFIG)).toBe(read('kept', name).toString());
  });

  it.each(migratable)('A26: %s comes back byte for byte from its entries alone', async (name) => {
    const shimEnvs: Record<string, string>[] = [{}, { ELECTRON_RUN_AS_NODE: '1', SECOND: 'x y' }];
    for (const env of shimEnvs) {
      const { service, disk } = engineWith(read('kept', name), { ...SHIM, env });
      const { result } = await applyAll(service);
      await disk.remove(result.files[0]!.backup);
      const { files } = await service.rollback({ dryRun: false });
      expect(disk.text(CONFIG)).toBe(read('kept', name).toString());
      expect(files).toMatchObject([{ result: 'exact', message: expect.stringContaining('is gone') }]);
    }
  });
});

describe('A01, A04, A07, A20: configs that are refused', () => {
  it.each(refused)('%s is refused by its name, and left alone', async (name) => {
    const code = name.split('.')[1]!;
    const { service, disk } = engineWith(read('refused', name));
    const before = disk.tree('/');

    const plan = await service.plan({});
    expect(plan.files).toMatchObject([
      { refusal: { code }, warnings: [{ code: 'UNREADABLE' }], entries: [] },
    ]);
    await expect(applyAll(service)).rejects.toMatchObject({ code });
    expect((await service.clients())[0]!.configs).toMatchObject([
      { exists: true, error: expect.any(String) },
    ]);
    expect(disk.tree('/')).toEqual([...before, 'data/', 'data/migrations/'].sort());
    expect(Buffer.from(await disk.read(CONFIG, 1e6)).equals(read('refused', name))).toBe(true);
  });
});
