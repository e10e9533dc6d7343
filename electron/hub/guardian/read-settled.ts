import { PatchbayError } from '../../../shared/model/error.ts';
import type { JsonDocument } from '../files/json-document.ts';
import { sha256 } from '../files/sha256.ts';
import type { Storage } from '../files/storage.ts';
import { readConfig } from '../migration/load-configs.ts';
import { tryParse } from '../time-machine/config-entries.ts';

/** A config as it was at one moment. */
export interface Content {
  /** Null when there is no file, or when it cannot be read at all; `error` says so then. */
  bytes: Uint8Array | null;
  sha256: string | null;
  /** Null unless it is a config that its client would read. */
  document: JsonDocument | null;
  /** What is wrong with it. */
  error: string | null;
}

/** Waits, in milliseconds. */
export interface SettleTiming {
  /** Between two looks; the same content twice is what is judged. */
  quietMs: number;
  /** How long a file that is empty, broken or gone may be in the middle of being written. */
  patienceMs: number;
  /** A file that never stops changing is judged as it is after this long. */
  maxMs: number;
  /** False where no file was there before: that there is none still needs no patience. */
  isExpected?: boolean;
}

export const DEFAULT_SETTLE: SettleTiming = { quietMs: 100, patienceMs: 1_500, maxMs: 2_500 };

/**
 * Reads a config until it holds still. Every whole state on the way is told to `onWhole`, as the next one may come
 * before anybody looks again.
 */
export async function readSettled(
  storage: Storage,
  file: string,
  timing: SettleTiming,
  onWhole: (content: Content) => Promise<void>,
): Promise<Content> {
  let last: Content | null = null;
  let lastWhole: Content | null = null;
  for (let waited = 0; ; waited += timing.quietMs) {
    const content: Content = await readContent(storage, file, last);
    const isSame = last !== null && isSameContent(last, content);
    const whole = isWhole(content);
    if (whole && !isSame) {
      lastWhole = content;
      await onWhole(content);
    }
    const isAbsent = content.bytes === null && content.error === null && timing.isExpected === false;
    if (isSame && (whole || isAbsent || waited >= timing.patienceMs)) return content;
    if (waited >= timing.maxMs) return lastWhole ?? content;
    last = content;
    await storage.sleep(timing.quietMs);
  }
}

async function readContent({ files }: Storage, file: string, last: Content | null): Promise<Content> {
  let bytes: Uint8Array | null;
  try {
    bytes = await readConfig(files, file);
  } catch (error) {
    if (!(error instanceof PatchbayError)) throw error;
    return { bytes: null, sha256: null, document: null, error: error.message };
  }
  if (!bytes) return { bytes: null, sha256: null, document: null, error: null };
  const hash = sha256(bytes);
  // Parsing is what costs, and the second look is there to find nothing new.
  if (last?.sha256 === hash) return last;
  const parsed = tryParse(bytes, file);
  return typeof parsed === 'string'
    ? { bytes, sha256: hash, document: null, error: parsed }
    : { bytes, sha256: hash, document: parsed, error: null };
}

const isSameContent = (a: Content, b: Content): boolean => a.sha256 === b.sha256 && a.error === b.error;

/** A config with something in it. An empty file parses, and is also what a writer that does not rename begins with. */
export const isWhole = ({ document }: Pick<Content, 'document'>): boolean =>
  document !== null && document.root !== null;
