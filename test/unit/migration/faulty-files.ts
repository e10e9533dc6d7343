import type { Files, NewFile } from '../../../electron/hub/files/files.ts';
import { failure } from './memory-files.ts';

/** The process has ended here: nothing catches this, and no call works afterwards. */
export class Crash extends Error {
  constructor() {
    super('The process ended here.');
  }
}

/** What happens at one call, counted from 1. */
export type Fault =
  | { kind: 'none' }
  | { kind: 'crash'; at: number }
  /** Half of a write reaches the disk, then the process ends; at other calls the same as `crash`. */
  | { kind: 'torn-crash'; at: number }
  /** The real thing: this very process gets SIGKILL. */
  | { kind: 'sigkill'; at: number }
  /** From this call on, nothing more fits on the disk. */
  | { kind: 'disk-full'; at: number }
  /** One write takes half of what it was given. */
  | { kind: 'short-write'; at: number }
  /** One call fails with this code. */
  | { kind: 'error'; at: number; code: string };

/** Names of calls that need space on the disk. */
const NEEDS_SPACE = new Set(['create', 'write', 'sync', 'makeFolder', 'link']);

/** A file system in which one call goes wrong. `calls` lists the names of all made so far. */
export function faultyFiles(real: Files, fault: Fault): { files: Files; calls: string[] } {
  const calls: string[] = [];
  let dead = false;

  async function call<T>(name: string, run: () => Promise<T>, torn?: () => Promise<T>): Promise<T> {
    if (dead) throw new Crash();
    calls.push(name);
    const count = calls.length;
    if (fault.kind === 'disk-full' && count >= fault.at && NEEDS_SPACE.has(name)) throw failure('ENOSPC');
    if (fault.kind === 'none' || fault.kind === 'disk-full' || count !== fault.at) return await run();
    if (fault.kind === 'error') throw failure(fault.code);
    if (fault.kind === 'short-write') return torn ? await torn() : await run();
    dead = true;
    if (fault.kind === 'sigkill') process.kill(process.pid, 'SIGKILL');
    if (fault.kind === 'torn-crash' && torn) await torn();
    throw new Crash();
  }

  const wrapFile = (file: NewFile): NewFile => ({
    write: (bytes) =>
      call(
        'write',
        () => file.write(bytes),
        () => file.write(bytes.subarray(0, Math.ceil(bytes.length / 2))),
      ),
    facts: () => call('fstat', () => file.facts()),
    setMode: (mode) => call('fchmod', () => file.setMode(mode)),
    setOwner: (uid, gid) => call('fchown', () => file.setOwner(uid, gid)),
    sync: () => call('sync', () => file.sync()),
    close: async () => {
      try {
        await call('close', () => file.close());
      } catch (error) {
        // A process that has ended holds no files open; this one goes on.
        if (error instanceof Crash) await file.close();
        throw error;
      }
    },
  });
  const files: Files = {
    facts: (path) => call('facts', () => real.facts(path)),
    linkFacts: (path) => call('linkFacts', () => real.linkFacts(path)),
    realPath: (path) => call('realPath', () => real.realPath(path)),
    read: (path, limit) => call('read', () => real.read(path, limit)),
    create: async (path, mode) => wrapFile(await call('create', () => real.create(path, mode))),
    rename: (from, to) => call('rename', () => real.rename(from, to)),
    renameIfSame: (from, to, condition) => call('renameIfSame', () => real.renameIfSame(from, to, condition)),
    copyAttributes: (from, to) => real.copyAttributes(from, to),
    link: (existing, path) => call('link', () => real.link(existing, path)),
    remove: (path) => call('remove', () => real.remove(path)),
    makeFolder: (path, mode) => call('makeFolder', () => real.makeFolder(path, mode)),
    removeFolder: (path) => call('removeFolder', () => real.removeFolder(path)),
    list: (path) => call('list', () => real.list(path)),
    touch: (path) => call('touch', () => real.touch(path)),
    syncFolder: (path) => call('syncFolder', () => real.syncFolder(path)),
    isWritable: (path) => call('isWritable', () => real.isWritable(path)),
  };
  return { files, calls };
}
