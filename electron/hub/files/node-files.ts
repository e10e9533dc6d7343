import { constants, type Stats } from 'node:fs';
import * as fs from 'node:fs/promises';
import { copyAttributes } from './copy-attributes.ts';
import type { FileFacts, Files, NewFile } from './files.ts';
import { renameIfSame } from './rename-if-same.ts';

/** The real file system. */
export const nodeFiles: Files = {
  facts: async (path) => factsOf(await fs.stat(path)),
  linkFacts: async (path) => factsOf(await fs.lstat(path)),
  realPath: (path) => fs.realpath(path),

  async read(path, limit) {
    // Without O_NONBLOCK a fifo under this name would hold us until someone writes to it.
    const handle = await fs.open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const { size } = await handle.stat();
      if (size > limit) throw Object.assign(new Error(`${path} is too large`), { code: 'EFBIG' });
      const bytes = await handle.readFile();
      if (bytes.length > limit) throw Object.assign(new Error(`${path} is too large`), { code: 'EFBIG' });
      return bytes;
    } finally {
      await handle.close();
    }
  },

  async create(path, mode) {
    return newFile(await fs.open(path, 'wx', mode));
  },

  rename: (from, to) => fs.rename(from, to),
  renameIfSame: async (from, to, condition) => renameIfSame(from, to, condition),
  copyAttributes: (from, to) => copyAttributes(from, to),
  link: (existing, path) => fs.link(existing, path),
  remove: (path) => fs.unlink(path),

  async makeFolder(path, mode) {
    await fs.mkdir(path, { mode });
    await fs.chmod(path, mode);
  },

  removeFolder: (path) => fs.rmdir(path),
  list: (path) => fs.readdir(path),

  async touch(path) {
    const now = new Date();
    await fs.utimes(path, now, now);
  },

  async syncFolder(path) {
    // Windows opens no folders; NTFS keeps its own journal of names.
    if (process.platform === 'win32') return;
    const handle = await fs.open(path, 'r');
    try {
      await handle.sync();
    } catch (error) {
      // Some network and FUSE file systems have no such call for folders; there is nothing else to ask them for.
      if (!['EINVAL', 'ENOTSUP', 'EOPNOTSUPP'].includes((error as NodeJS.ErrnoException).code ?? ''))
        throw error;
    } finally {
      await handle.close();
    }
  },

  async isWritable(path) {
    try {
      await fs.access(path, constants.W_OK);
      return true;
    } catch (error) {
      if (['EACCES', 'EPERM', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
      throw error;
    }
  },
};

function newFile(handle: fs.FileHandle): NewFile {
  return {
    write: async (bytes) => (await handle.write(bytes, 0, bytes.length)).bytesWritten,
    facts: async () => factsOf(await handle.stat()),
    setMode: (mode) => handle.chmod(mode),
    setOwner: (uid, gid) => handle.chown(uid, gid),
    sync: () => handle.sync(),
    close: () => handle.close(),
  };
}

function factsOf(stat: Stats): FileFacts {
  const kind = stat.isFile()
    ? 'file'
    : stat.isDirectory()
      ? 'folder'
      : stat.isSymbolicLink()
        ? 'link'
        : 'other';
  return {
    kind,
    size: stat.size,
    mode: stat.mode & 0o7777,
    uid: stat.uid,
    gid: stat.gid,
    links: stat.nlink,
    mtimeMs: stat.mtimeMs,
  };
}
