import type { RunningClient } from '../../../shared/model/client.ts';
import type { ConfigAuthor } from '../../../shared/model/config-version.ts';
import type { ConfigFile } from '../clients/client-adapter.ts';
import type { Journal } from '../migration/journal.ts';
import type { Manifest, ManifestFile } from '../migration/manifest.ts';
import type { Announcement } from './version-index.ts';
import { authorByTraces, type WriteTrace } from './write-traces.ts';

/** A state of a config whose author is asked for. */
export interface Sighting {
  file: ConfigFile;
  /** The file itself, where `file.path` is a link. */
  target: string;
  /** Null: there is no file. */
  sha256: string | null;
  bytes: Uint8Array | null;
  traces: readonly WriteTrace[];
}

/** What is known of our own doings. */
export interface OwnDoings {
  /** Newest first. */
  manifests: readonly Manifest[];
  journal: Journal | null;
  announced: readonly Announcement[];
}

const isOpen = ({ state }: ManifestFile): boolean => state === 'applied' || state === 'pending';

/** Hashes that a migration not yet taken back would put back, or has put there. */
export function hashesInUse(manifests: readonly Manifest[]): Set<string> {
  const open = manifests.flatMap(({ files }) => files.filter(isOpen));
  return new Set(open.flatMap(({ sha256Before, sha256After }) => [sha256Before, sha256After]));
}

/** Ours by what we wrote down about it, or a client's or ours by traces; null when only the running programs can tell. */
export function authorByRecord(
  { file, target, sha256, traces }: Sighting,
  { manifests, journal, announced }: OwnDoings,
): ConfigAuthor | null {
  if (sha256 !== null) {
    const own = announced.findLast((write) => write.path === file.path && write.sha256 === sha256);
    if (own) return own.author;
  }
  const of = ({ files }: Manifest): ManifestFile | undefined => files.find(({ path }) => path === file.path);
  const written = manifests.find((manifest) => {
    const record = of(manifest);
    return record !== undefined && isOpen(record) && record.sha256After === sha256;
  });
  if (written) return { kind: 'patchbay', action: 'migration', migration: written.id };

  // The newest one only: a client that writes from memory may well bring back what an older migration put back.
  const newest = manifests.find((manifest) => of(manifest) !== undefined);
  const record = newest && of(newest);
  if (newest && record?.sha256Before === sha256 && record.state === 'rolled-back') {
    return { kind: 'patchbay', action: 'rollback', migration: newest.id };
  }
  const author = authorByTraces(file, target, traces);
  // The script beside a backup puts back what its migration found, and nothing else.
  if (author?.kind === 'patchbay' && author.action === 'restore') {
    return record?.sha256Before === sha256 ? author : null;
  }
  if (author?.kind === 'patchbay' && journal?.targets.includes(target)) {
    const migration = journal.kind === 'apply' ? journal.id : journal.migration;
    const action = journal.kind === 'apply' && record?.sha256Before !== sha256 ? 'migration' : 'rollback';
    return { kind: 'patchbay', action, ...(migration !== undefined && { migration }) };
  }
  return author;
}

/**
 * Whether the running programs have anything to say: a client that writes its config from memory, and a file in the
 * very form such a program writes, which is hardly what an editor leaves.
 */
export function looksWrittenWhole(file: ConfigFile, bytes: Uint8Array | null): boolean {
  if (!file.mustNotRun || !bytes) return false;
  const text = Buffer.from(bytes).toString('utf8');
  try {
    const plain: unknown = JSON.parse(text);
    return text.trimEnd() === JSON.stringify(plain, null, 2) || text.trimEnd() === JSON.stringify(plain);
  } catch {
    return false;
  }
}

/** The author of a file that `looksWrittenWhole`. */
export function authorByRunning(file: ConfigFile, running: readonly RunningClient[]): ConfigAuthor {
  const [first] = running;
  if (!first) return { kind: 'someone' };
  const pid = running.length === 1 ? { pid: first.pid } : {};
  return { kind: 'client', client: file.client, evidence: 'running', ...pid };
}
