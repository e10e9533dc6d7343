import { PatchbayError } from '../../../shared/model/error.ts';
import { describeBackup, saveOriginal } from './backup.ts';
import type { Engine } from './engine.ts';
import { parseJsonDocument } from '../files/json-document.ts';
import type { Manifest, ManifestFile } from './manifest.ts';
import type { PlannedFile } from './plan.ts';
import { rewritePlanned } from './rewrite-file.ts';
import { sha256 } from '../files/sha256.ts';
import { manifestEntries } from './start-manifest.ts';
import { updateConfig } from './update-config.ts';

/**
 * Routes the entries of one file. When another program wrote it since the plan, and the entries to move are still the
 * same, what it holds now is saved in place of the first backup and rewritten (A16).
 */
export async function writeMigratedFile(
  engine: Engine,
  planned: PlannedFile,
  {
    manifest,
    record,
    token,
    onCommit,
  }: { manifest: Manifest; record: ManifestFile; token: string; onCommit: () => void },
): Promise<void> {
  const { storage, data, shim } = engine;
  const { config, moves } = planned;
  let round = 1;
  await updateConfig(engine, { ...config.file, token }, async (present, target) => {
    if (!present || !target) {
      throw new PatchbayError('CONFIG_UNREADABLE', `${config.file.path} is gone.`, {
        path: config.file.path,
      });
    }
    const rewritten = rewritePlanned(parseJsonDocument(present, config.file.path), planned, shim);
    // Entries routed already: our own bytes, carried on by another program. The first backup still is the original.
    const untouched = rewritten.additions.every((addition) => addition !== null);
    if (untouched && sha256(present) !== record.sha256Before) {
      round += 1;
      const backup = record.backup.replace(/(-again\d+)?\.backup$/, `-again${round}.backup`);
      await saveOriginal(storage, data, manifest.id, { backup, bytes: present });
      Object.assign(record, {
        backup,
        target: target.path,
        mode: target.facts.mode,
        sha256Before: sha256(present),
        sha256After: sha256(rewritten.bytes),
        entries: manifestEntries(moves, rewritten),
      } satisfies Partial<ManifestFile>);
      await describeBackup(storage, data, manifest);
    }
    return { bytes: rewritten.bytes, onCommit };
  });
}
