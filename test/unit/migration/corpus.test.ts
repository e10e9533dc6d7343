import { describe, expect, it } from 'vitest';
import { parseJsonDocument, type JsonDocument } from '../../../electron/hub/files/json-document.ts';
import { sha256 } from '../../../electron/hub/files/sha256.ts';
import { createCatalogNames } from '../../../electron/hub/migration/catalog-names.ts';
import { entriesOf } from '../../../electron/hub/migration/load-configs.ts';
import type { Move } from '../../../electron/hub/migration/move.ts';
import { restoreFile } from '../../../electron/hub/migration/restore-file.ts';
import { rewriteFile } from '../../../electron/hub/migration/rewrite-file.ts';
import { PatchbayError } from '../../../shared/model/error.ts';
import { mutated, realShapedConfig } from './corpus.ts';
import { applyAll, engineFixture, SHIM, testAdapter } from './engine-fixture.ts';
import { MemoryFiles } from './memory-files.ts';

const PATH = '/home/ada/.claude.json';
const CONFIGS = 200;
const MUTATIONS = 50;
const adapter = testAdapter('claude-code', PATH);
const shim = { ...SHIM, env: { ELECTRON_RUN_AS_NODE: '1' } };

/** Every entry that a plan would move, as it moves them. */
function movesOf(document: JsonDocument): Move[] {
  const names = createCatalogNames(new Map());
  return entriesOf({ adapter, document }).flatMap(({ table, name, stdio, route }): Move[] => {
    if (!stdio || route || (stdio.env.get('ELECTRON_RUN_AS_NODE') ?? '1') !== '1') return [];
    const server = names.nameFor(name, stdio, { client: 'claude-code', path: PATH, scope: table.scope });
    return [{ way: 'shim', table, name, original: stdio, server }];
  });
}

type Outcome = 'kept' | 'nothing to do' | 'refused';

/** There and back; throws when a byte is not as it was. */
function thereAndBack(bytes: Uint8Array, { twice }: { twice: boolean }): Outcome {
  let document: JsonDocument;
  try {
    document = parseJsonDocument(bytes, PATH);
  } catch (error) {
    if (!(error instanceof PatchbayError) || !error.message.startsWith(PATH)) throw error;
    return 'refused';
  }
  const moves = movesOf(document);
  if (moves.length === 0) return 'nothing to do';
  const rewritten = rewriteFile(document, moves, 'claude-code', shim);
  const file = {
    path: PATH,
    target: PATH,
    client: 'claude-code' as const,
    backup: '1-claude-code.backup',
    mode: 0o600,
    sha256Before: sha256(bytes),
    sha256After: sha256(rewritten.bytes),
    state: 'applied' as const,
    entries: moves.map(({ table, name, server }, index) => ({
      name,
      keys: table.keys,
      scope: table.scope,
      server,
      additions: rewritten.additions[index]!,
    })),
  };
  // The hard way: no saved original, only what stands in the entries themselves.
  const original = new PatchbayError('BACKUP_MISSING', 'It is gone.');
  const restored = restoreFile(rewritten.bytes, file, { original, shimEnv: shim.env });
  if (restored.result !== 'exact' || !Buffer.from(bytes).equals(restored.bytes!)) {
    throw new Error(`Not what it was, but ${restored.result}:\n${Buffer.from(restored.bytes!).toString()}`);
  }
  if (!twice) return 'kept';
  const again = rewriteFile(parseJsonDocument(rewritten.bytes, PATH), moves, 'claude-code', shim);
  if (again.additions.some((addition) => addition !== null)) throw new Error('Not the same when done twice.');
  return 'kept';
}

describe('A01 to A09: configs of real shapes', () => {
  it(
    `${CONFIGS} of them, and ${MUTATIONS} mutations of each: byte for byte back, or refused by name and left alone`,
    { timeout: 60_000 },
    () => {
      const outcomes: Record<Outcome, number> = { kept: 0, 'nothing to do': 0, refused: 0 };
      for (let config = 0; config < CONFIGS; config += 1) {
        const text = realShapedConfig(config);
        for (let mutation = 0; mutation <= MUTATIONS; mutation += 1) {
          const seed = config * 1_000 + mutation;
          const bytes = mutation === 0 ? Buffer.from(text) : mutated(text, seed);
          try {
            outcomes[thereAndBack(bytes, { twice: mutation % 5 === 0 })] += 1;
          } catch (error) {
            const label = `config ${config}, mutation ${mutation} (seed ${seed})`;
            throw new Error(`${label}: ${(error as Error).message}\n${bytes.toString()}`, { cause: error });
          }
        }
      }
      // All three ends are really seen, and often.
      expect(outcomes.kept).toBeGreaterThan(2_000);
      expect(outcomes.refused).toBeGreaterThan(2_000);
      expect(outcomes['nothing to do']).toBeGreaterThan(200);
    },
  );

  it('the whole way through the engine, files and all', { timeout: 60_000 }, async () => {
    let migrated = 0;
    for (let config = 0; config < CONFIGS; config += 1) {
      for (const bytes of [
        Buffer.from(realShapedConfig(config)),
        mutated(realShapedConfig(config), config),
      ]) {
        const disk = new MemoryFiles();
        disk.put(PATH, bytes);
        const { service } = engineFixture({ files: disk, adapters: [adapter], shim });
        const run = await applyAll(service).catch((error: unknown) => error);
        if (run instanceof Error) expect(run, `config ${config}`).toBeInstanceOf(PatchbayError);
        else {
          migrated += 1;
          expect(disk.text(PATH), `config ${config}`).toContain('shim.cjs');
          const { files } = await service.rollback({ dryRun: false });
          expect(files, `config ${config}`).toMatchObject([{ result: 'exact' }]);
        }
        expect(Buffer.from(await disk.read(PATH, 1e7)).equals(bytes), `config ${config}`).toBe(true);
      }
    }
    expect(migrated).toBeGreaterThan(CONFIGS / 2);
  });
});
