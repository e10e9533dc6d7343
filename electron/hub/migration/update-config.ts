import { PatchbayError } from '../../../shared/model/error.ts';
import { withClientLock } from './client-lock.ts';
import type { Engine } from './engine.ts';
import { readConfig } from './load-configs.ts';
import { replaceFile, tempPathFor } from '../files/replace-file.ts';
import { sha256 } from '../files/sha256.ts';
import { findWriteTarget, type WriteTarget } from './write-target.ts';

/** What a config is to become, worked out from the bytes it has at this moment. */
export interface ConfigUpdate {
  /** Null: leave it as it is. */
  bytes: Uint8Array | null;
  /** Permission bits; absent: as they are. */
  mode?: number;
  /** See `Replacement.onCommit`. */
  onCommit?: () => void;
}

/** How a config file is reached. */
export interface ConfigPlace {
  path: string;
  clientLock?: string;
  /** For temporary names; the journal knows it. */
  token: string;
}

const ATTEMPTS = 3;

/**
 * Changes a client's config under the client's own lock. `work` sees the present bytes (null: no file) and the file
 * they are in; it is asked anew when another program changed the file meanwhile, up to three times in all (A16).
 * Throws CONFIG_CHANGED after that, and whatever reading, checking and writing throw. Callers hold the data lock.
 */
export async function updateConfig(
  { storage, platform }: Engine,
  place: ConfigPlace,
  work: (bytes: Uint8Array | null, target: WriteTarget | null) => Promise<ConfigUpdate>,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await withClientLock(storage, place.clientLock, async () => {
        const target = await findWriteTarget(storage.files, place.path, platform);
        const present = target && (await readConfig(storage.files, target.path));
        const { bytes, mode, onCommit } = await work(present, target);
        if (!target || !present || !bytes) return;
        const like = { ...target.facts, mode: mode ?? target.facts.mode };
        if (like.mode === target.facts.mode && Buffer.from(present).equals(bytes)) return;
        await replaceFile(storage, {
          path: target.path,
          bytes,
          expected: sha256(present),
          like,
          temp: tempPathFor(target.path, place.token),
          ...(onCommit && { onCommit }),
        });
      });
      return;
    } catch (error) {
      const again = error instanceof PatchbayError && error.code === 'CONFIG_CHANGED' && attempt < ATTEMPTS;
      if (!again) throw error;
    }
  }
}
