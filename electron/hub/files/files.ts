import type { RenameOutcome } from './rename-if-same.ts';

/** What the engine asks of one name in the file system. Times in milliseconds since the epoch. */
export interface FileFacts {
  kind: 'file' | 'folder' | 'link' | 'other';
  size: number;
  /** Permission bits only. */
  mode: number;
  uid: number;
  gid: number;
  /** Hard links to the same file. */
  links: number;
  mtimeMs: number;
}

/** A file that was just created and is being filled. */
export interface NewFile {
  /** Writes at the end; answers how many bytes were taken, which may be fewer than given. */
  write(bytes: Uint8Array): Promise<number>;
  facts(): Promise<FileFacts>;
  /** Sets permission bits exactly, whatever the umask. */
  setMode(mode: number): Promise<void>;
  setOwner(uid: number, gid: number): Promise<void>;
  /** Returns once the bytes are on the disk. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Every file-system call of the migration engine, so that tests can let any one of them fail or be the last.
 * Failures are Node's own errors with their `code`.
 */
export interface Files {
  /** Follows links. */
  facts(path: string): Promise<FileFacts>;
  linkFacts(path: string): Promise<FileFacts>;
  realPath(path: string): Promise<string>;
  /** At most `limit` bytes; a longer file fails with EFBIG before it is read. */
  read(path: string, limit: number): Promise<Uint8Array>;
  /** Fails with EEXIST for anything that has this name, a dangling link too. */
  create(path: string, mode: number): Promise<NewFile>;
  rename(from: string, to: string): Promise<void>;
  /**
   * Renames only over a file that has the SHA-256 `expected` (null: over nothing), with as little time as possible
   * between the look and the rename. A file longer than `limit` counts as changed.
   */
  renameIfSame(
    from: string,
    to: string,
    condition: { expected: string | null; limit: number },
  ): Promise<RenameOutcome>;
  /** Access lists and extended attributes, as far as the system lets us; never fails. */
  copyAttributes(from: string, to: string): Promise<void>;
  /** A second name for a file; fails with EEXIST. */
  link(existing: string, path: string): Promise<void>;
  remove(path: string): Promise<void>;
  makeFolder(path: string, mode: number): Promise<void>;
  removeFolder(path: string): Promise<void>;
  list(path: string): Promise<string[]>;
  /** Sets the modification time to now. */
  touch(path: string): Promise<void>;
  /** Makes renames and new names in a folder durable; does nothing where the OS has no such call. */
  syncFolder(path: string): Promise<void>;
  /** Whether this process may write to a file or add names to a folder. */
  isWritable(path: string): Promise<boolean>;
}
