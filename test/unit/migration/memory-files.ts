import path from 'node:path';
import type { FileFacts, Files, NewFile } from '../../../electron/hub/files/files.ts';
import type { RenameOutcome } from '../../../electron/hub/files/rename-if-same.ts';
import { sha256 } from '../../../electron/hub/files/sha256.ts';

/** What a sudden end leaves of the disk. */
export type Aftermath =
  /** The process was killed: the system still has everything. */
  | 'killed'
  /** Power was cut: only what was synced is there. */
  | 'power-cut'
  /** Power was cut after names had reached the disk and before unsynced contents had. */
  | 'power-cut-names-first'
  /** Power was cut; the home folder's names had reached the disk by themselves, those of our data folder had not. */
  | 'power-cut-home-first';

interface Inode {
  kind: 'file' | 'folder';
  bytes: Buffer;
  synced: Buffer;
  mode: number;
  mtimeMs: number;
  links: number;
  names: Map<string, Inode>;
  syncedNames: Map<string, Inode>;
}

/**
 * A POSIX-like file system in memory that knows what would survive a power cut. No symbolic links, one user.
 */
export class MemoryFiles implements Files {
  readonly #root = inode('folder', 0o755);
  #clock = 1_000;

  /** For preparing a test: durable at once, folders as needed. */
  put(file: string, content: string | Uint8Array, mode = 0o600): void {
    let folder = this.#root;
    for (const part of parts(path.dirname(file))) {
      const next = folder.names.get(part) ?? inode('folder', 0o700);
      folder.names.set(part, next);
      folder.syncedNames.set(part, next);
      folder = next;
    }
    const node = inode('file', mode);
    node.bytes = node.synced = Buffer.from(content as string);
    node.mtimeMs = this.#clock++;
    folder.names.set(path.basename(file), node);
    folder.syncedNames.set(path.basename(file), node);
  }

  /** Takes a file away as another program does: durable at once. */
  drop(file: string): void {
    const folder = this.#folderOf(file);
    folder.names.delete(path.basename(file));
    folder.syncedNames.delete(path.basename(file));
  }

  /** The present text; null for no file. */
  text(file: string): string | null {
    try {
      return this.#find(file).bytes.toString();
    } catch {
      return null;
    }
  }

  /** Every path below a folder, folders with a slash at the end. */
  tree(folder: string): string[] {
    const walk = (node: Inode, at: string): string[] =>
      [...node.names].flatMap(([name, child]) =>
        child.kind === 'folder' ? [`${at}${name}/`, ...walk(child, `${at}${name}/`)] : [`${at}${name}`],
      );
    return walk(this.#find(folder), '').sort();
  }

  /** Turns the disk into what the next start finds. */
  endSuddenly(aftermath: Aftermath): void {
    if (aftermath === 'killed') return;
    const settle = (node: Inode, survives: (name: string) => boolean): void => {
      for (const name of new Set([...node.names.keys(), ...node.syncedNames.keys()])) {
        const child = (survives(name) ? node.names : node.syncedNames).get(name);
        if (child) node.names.set(name, child);
        else node.names.delete(name);
      }
      node.syncedNames = new Map(node.names);
      node.bytes = node.synced;
      for (const [name, child] of node.names) settle(child, () => survives(name));
    };
    const whole = aftermath === 'power-cut-names-first';
    settle(this.#root, (name) => whole || (aftermath === 'power-cut-home-first' && name === 'home'));
  }

  async facts(file: string): Promise<FileFacts> {
    return factsOf(this.#find(file));
  }

  async linkFacts(file: string): Promise<FileFacts> {
    return factsOf(this.#find(file));
  }

  async realPath(file: string): Promise<string> {
    this.#find(file);
    return file;
  }

  async read(file: string, limit: number): Promise<Uint8Array> {
    const node = this.#find(file);
    if (node.kind === 'folder') throw failure('EISDIR');
    if (node.bytes.length > limit) throw failure('EFBIG');
    return Buffer.from(node.bytes);
  }

  async create(file: string, mode: number): Promise<NewFile> {
    const node = inode('file', mode);
    node.mtimeMs = this.#clock++;
    this.#add(file, node);
    return {
      write: async (bytes) => {
        node.bytes = Buffer.concat([node.bytes, bytes]);
        return bytes.length;
      },
      facts: async () => factsOf(node),
      setMode: async (bits) => void (node.mode = bits),
      setOwner: async () => {},
      sync: async () => void (node.synced = node.bytes),
      close: async () => {},
    };
  }

  async rename(from: string, to: string): Promise<void> {
    const node = this.#find(from);
    this.#folderOf(to).names.set(path.basename(to), node);
    this.#folderOf(from).names.delete(path.basename(from));
  }

  async renameIfSame(
    from: string,
    to: string,
    { expected, limit }: { expected: string | null; limit: number },
  ): Promise<RenameOutcome> {
    const present = await this.read(to, limit).catch(() => null);
    if ((present && sha256(present)) !== expected) return 'changed';
    await this.rename(from, to);
    return 'renamed';
  }

  async copyAttributes(): Promise<void> {}

  async link(existing: string, file: string): Promise<void> {
    const node = this.#find(existing);
    this.#add(file, node);
    node.links += 1;
  }

  async remove(file: string): Promise<void> {
    const node = this.#find(file);
    if (node.kind === 'folder') throw failure('EISDIR');
    node.links -= 1;
    this.#folderOf(file).names.delete(path.basename(file));
  }

  async makeFolder(file: string, mode: number): Promise<void> {
    const node = inode('folder', mode);
    node.mtimeMs = this.#clock++;
    this.#add(file, node);
  }

  async removeFolder(file: string): Promise<void> {
    if (this.#find(file).names.size > 0) throw failure('ENOTEMPTY');
    this.#folderOf(file).names.delete(path.basename(file));
  }

  async list(folder: string): Promise<string[]> {
    return [...this.#find(folder).names.keys()];
  }

  async touch(file: string): Promise<void> {
    this.#find(file).mtimeMs = this.#clock++;
  }

  async syncFolder(folder: string): Promise<void> {
    const node = this.#find(folder);
    node.syncedNames = new Map(node.names);
  }

  async isWritable(file: string): Promise<boolean> {
    return (this.#find(file).mode & 0o200) !== 0;
  }

  #find(file: string): Inode {
    let node: Inode | undefined = this.#root;
    for (const part of parts(file)) node = node?.names.get(part);
    if (!node) throw failure('ENOENT');
    return node;
  }

  #folderOf(file: string): Inode {
    return this.#find(path.dirname(file));
  }

  #add(file: string, node: Inode): void {
    const folder = this.#folderOf(file);
    if (folder.names.has(path.basename(file))) throw failure('EEXIST');
    folder.names.set(path.basename(file), node);
  }
}

const parts = (file: string): string[] => file.split('/').filter((part) => part !== '');

function inode(kind: Inode['kind'], mode: number): Inode {
  const empty = Buffer.alloc(0);
  return {
    kind,
    mode,
    bytes: empty,
    synced: empty,
    mtimeMs: 0,
    links: 1,
    names: new Map(),
    syncedNames: new Map(),
  };
}

const factsOf = ({ kind, bytes, mode, links, mtimeMs }: Inode): FileFacts => ({
  kind,
  size: bytes.length,
  mode,
  uid: 1,
  gid: 1,
  links,
  mtimeMs,
});

/** An error as the file system throws it. */
export const failure = (code: string): Error => Object.assign(new Error(code), { code });
