import { describe, expect, it } from 'vitest';
import { dataFolder } from '../../../electron/hub/data-folder.ts';
import { withClientLock } from '../../../electron/hub/migration/client-lock.ts';
import { tryDataLock, withDataLock } from '../../../electron/hub/files/data-lock.ts';
import type { Files } from '../../../electron/hub/files/files.ts';
import { applyAll, engineFixture, testAdapter } from './engine-fixture.ts';
import { failure, MemoryFiles } from './memory-files.ts';

const CODE = '/home/ada/.claude.json';
const config = (extra: object = {}): string =>
  JSON.stringify({ ...extra, mcpServers: { a: { command: 'a' } } }, null, 2);

/** Files of which one method is preceded by something, as another program may do at that moment. */
function before<K extends keyof Files>(
  real: Files,
  method: K,
  happen: (...args: Parameters<Files[K]>) => void,
): Files {
  const original = real[method].bind(real) as (...args: Parameters<Files[K]>) => ReturnType<Files[K]>;
  return new Proxy(real, {
    get: (target, key) =>
      key === method
        ? (...args: Parameters<Files[K]>) => {
            happen(...args);
            return original(...args);
          }
        : (Reflect.get(target, key) as () => unknown).bind(target),
  });
}

/** `Promise.withResolvers`, which Node 20 lacks. */
function withResolvers(): { promise: Promise<void>; resolve(): void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}

describe('A16: a client that writes between our read and the rename', () => {
  /** Rewrites the config right before the CAS of its replacement, as often as told. */
  function disturbed(
    times: number,
    write: (count: number) => string,
  ): ReturnType<typeof engineFixture> & { disk: MemoryFiles } {
    const disk = new MemoryFiles();
    disk.put(CODE, config());
    let tempIsReady = false;
    let done = 0;
    const noticing = before(
      disk,
      'create',
      (path) => (tempIsReady = path.includes('.claude.json.patchbay-')),
    );
    const files = before(noticing, 'read', (path) => {
      if (path !== CODE || !tempIsReady || done >= times) return;
      tempIsReady = false;
      done += 1;
      disk.put(CODE, write(done));
    });
    return { disk, ...engineFixture({ files, adapters: [testAdapter('claude-code', CODE)] }) };
  }

  it('keeps what the client wrote, routes the entries in it, and can go back to just that', async () => {
    const { service, disk } = disturbed(2, (count) => config({ numStartups: count }));
    const { result } = await applyAll(service);
    expect(result.state).toBe('applied');
    expect(JSON.parse(disk.text(CODE)!)).toMatchObject({
      numStartups: 2,
      mcpServers: { a: { command: '/usr/bin/node' } },
    });
    expect(disk.text(result.files[0]!.backup)).toBe(config({ numStartups: 2 }));
    const { files } = await service.rollback({ dryRun: false });
    expect(files).toMatchObject([{ result: 'exact' }]);
    expect(disk.text(CODE)).toBe(config({ numStartups: 2 }));
  });

  it("gives up after three times and leaves the client's bytes", async () => {
    const { service, disk } = disturbed(9, (count) => config({ numStartups: count }));
    await expect(applyAll(service)).rejects.toMatchObject({ code: 'CONFIG_CHANGED' });
    expect(disk.text(CODE)).toBe(config({ numStartups: 3 }));
    expect(disk.tree('/home/ada')).toEqual(['.claude.json']);
    expect(await service.history()).toEqual([]);
  });

  it('does not route an entry that is another one by now', async () => {
    const { service, disk } = disturbed(1, () => JSON.stringify({ mcpServers: { a: { command: 'other' } } }));
    await expect(applyAll(service)).rejects.toMatchObject({ code: 'CONFIG_CHANGED' });
    expect(disk.text(CODE)).toContain('other');
    expect(disk.text(CODE)).not.toContain('shim.cjs');
  });

  it('finds the entries routed when the client rewrote our own bytes, and keeps the first backup', async () => {
    const disk = new MemoryFiles();
    disk.put(CODE, config());
    let rewritten = false;
    const files = before(disk, 'syncFolder', (folder) => {
      if (folder !== '/home/ada' || rewritten) return;
      rewritten = true;
      disk.put(CODE, JSON.stringify({ ...(JSON.parse(disk.text(CODE)!) as object), added: true }));
    });
    const { service } = engineFixture({ files, adapters: [testAdapter('claude-code', CODE)] });
    const { result } = await applyAll(service);
    expect(disk.text(result.files[0]!.backup)).toBe(config());
    const rollback = await service.rollback({ dryRun: false });
    expect(rollback.files).toMatchObject([{ result: 'merged' }]);
    expect(JSON.parse(disk.text(CODE)!)).toEqual({ mcpServers: { a: { command: 'a' } }, added: true });
  });
});

describe('A18, A19: the lock of the data folder', () => {
  const data = dataFolder('/data');
  const storageOf = (disk: MemoryFiles, pid: number, alive: (pid: number) => boolean) =>
    engineFixture({ files: disk, adapters: [], pid, alive }).storage;

  it('lets one work at a time, in turn', async () => {
    const disk = new MemoryFiles();
    const order: string[] = [];
    const turn = (pid: number): Promise<void> => {
      const storage = {
        ...storageOf(disk, pid, () => true),
        sleep: () => new Promise((resolve) => setImmediate(resolve)),
      };
      return withDataLock(storage, data, 'work', async () => {
        order.push(`${pid} in`);
        await new Promise((resolve) => setImmediate(resolve));
        order.push(`${pid} out`);
      });
    };
    await Promise.all([1, 2, 3].map(turn));
    expect(order).toHaveLength(6);
    for (let index = 0; index < 6; index += 2) {
      expect(order[index + 1]).toBe(order[index]!.replace('in', 'out'));
    }
    expect(disk.tree('/data')).toEqual(['migrations/']);
  });

  it('waits ten seconds and then names the holder', async () => {
    const disk = new MemoryFiles();
    let waited = 0;
    const waiting = { ...storageOf(disk, 2, () => true), sleep: async (ms: number) => (waited += ms) };
    await withDataLock(
      storageOf(disk, 41, () => true),
      data,
      'a migration',
      async () => {
        await expect(withDataLock(waiting, data, 'x', async () => {})).rejects.toMatchObject({
          code: 'MIGRATION_BUSY',
          message: 'Another Patchbay (process 41) is at work: a migration.',
        });
        expect(await tryDataLock(waiting, data, 'x', async () => 'mine')).toBeNull();
      },
    );
    expect(waited).toBe(10_000);
    expect(await tryDataLock(waiting, data, 'x', async () => 'mine')).toBe('mine');
  });

  it('takes over from a process that is gone, and from a file that is no lock', async () => {
    for (const left of [JSON.stringify({ pid: 7, mark: 'old', token: 'aa', purpose: 'x' }), '', 'junk']) {
      const disk = new MemoryFiles();
      disk.put('/data/migrations/lock.json', left);
      const storage = storageOf(disk, 2, (pid) => pid !== 7);
      expect(
        await withDataLock(storage, data, 'x', async () => disk.text('/data/migrations/lock.json')),
      ).toContain('"pid":2');
      expect(disk.tree('/data')).toEqual(['migrations/']);
    }
  });

  it('takes over what it could not remove itself when its work was done', async () => {
    const disk = new MemoryFiles();
    let failures = 1;
    const files = before(disk, 'remove', (path) => {
      if (path.endsWith('lock.json') && failures-- > 0) throw failure('EIO');
    });
    const { storage } = engineFixture({ files, adapters: [] });
    expect(await withDataLock(storage, data, 'x', async () => 'first')).toBe('first');
    expect(disk.tree('/data')).toContain('migrations/lock.json');
    expect(await tryDataLock(storage, data, 'x', async () => 'second')).toBe('second');
    expect(disk.tree('/data')).toEqual(['migrations/']);
  });

  it('A19: leaves a lock alone that a faster waiter has taken over', async () => {
    const disk = new MemoryFiles();
    disk.put(
      '/data/migrations/lock.json',
      JSON.stringify({ pid: 7, mark: 'old', token: 'aa', purpose: 'x' }),
    );
    const faster = JSON.stringify({ pid: 3, mark: 'here', token: 'bb', purpose: 'faster' });
    const files = before(disk, 'renameIfSame', () => disk.put('/data/migrations/lock.json', faster));
    const { storage } = engineFixture({ files, adapters: [], pid: 2, alive: (pid) => pid !== 7 });
    await expect(withDataLock(storage, data, 'x', async () => {})).rejects.toThrow(/process 3/);
    expect(disk.text('/data/migrations/lock.json')).toBe(faster);
  });

  it('lets nobody slip in while a waiter finds that the holder it has seen is gone', async () => {
    const disk = new MemoryFiles();
    const LOCK = '/data/migrations/lock.json';
    const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
    const storage = { ...storageOf(disk, 1, () => true), sleep: tick };
    let inside = 0;
    let most = 0;
    const work = async (until: Promise<void>): Promise<void> => {
      most = Math.max(most, (inside += 1));
      await until;
      inside -= 1;
    };
    const first = withResolvers();
    const second = withResolvers();
    const firstDone = withDataLock(storage, data, 'first', () => work(first.promise));
    while (inside === 0) await tick();
    const rest: Promise<void>[] = [];
    const late = async (): Promise<void> => {
      rest.push(withDataLock(storage, data, 'third', () => work(tick())));
      for (let turn = 0; turn < 20; turn += 1) await tick();
    };
    let isFirstLook = true;
    const files = new Proxy<Files>(disk, {
      get(target, key) {
        if (key === 'read')
          return async (path: string, limit: number) => {
            const bytes = await disk.read(path, limit);
            if (path !== LOCK || !isFirstLook) return bytes;
            isFirstLook = false;
            // Between this look and what is made of it, the first ends and a second one takes the lock.
            first.resolve();
            await firstDone;
            rest.push(withDataLock(storage, data, 'second', () => work(second.promise)));
            while (inside === 0) await tick();
            return bytes;
          };
        if (key === 'rename')
          return async (from: string, to: string) => {
            await disk.rename(from, to);
            if (from === LOCK) await late();
          };
        return (Reflect.get(target, key) as () => unknown).bind(target);
      },
    });
    const waiter = withDataLock({ ...storage, files }, data, 'waiter', () => work(tick()));
    await late();
    second.resolve();
    await Promise.all([waiter, ...rest]);
    expect(most).toBe(1);
    expect(disk.tree('/data')).toEqual(['migrations/']);
  });

  it('keeps other writers of the same process out too', async () => {
    const disk = new MemoryFiles();
    disk.put(CODE, config());
    const fixture = engineFixture({ files: disk, adapters: [testAdapter('claude-code', CODE)] });
    await withDataLock(fixture.storage, data, 'a test', async () => {
      await expect(applyAll(fixture.service)).rejects.toMatchObject({ code: 'MIGRATION_BUSY' });
      expect(await fixture.service.recover()).toEqual([]);
    });
  });
});

describe("the client's own lock", () => {
  const LOCK = `${CODE}.lock`;

  it('is held while the file is replaced, and given back', async () => {
    const disk = new MemoryFiles();
    disk.put(CODE, config());
    let held: boolean | null = null;
    const files = before(disk, 'renameIfSame', (_from, to) => {
      if (to === CODE) held = disk.tree('/home/ada').includes('.claude.json.lock/');
    });
    await applyAll(engineFixture({ files, adapters: [testAdapter('claude-code', CODE)] }).service);
    expect(held).toBe(true);
    expect(disk.tree('/home/ada')).toEqual(['.claude.json']);
  });

  it('is waited for, five seconds', async () => {
    const disk = new MemoryFiles();
    disk.put(CODE, config());
    await disk.makeFolder(LOCK, 0o700);
    let waited = 0;
    const patient = (releaseAfter: number): Partial<ReturnType<typeof engineFixture>['storage']> => ({
      now: () => 1_000,
      sleep: async (ms) => {
        waited += ms;
        if (waited === releaseAfter) await disk.removeFolder(LOCK);
      },
    });
    const engine = (releaseAfter: number) =>
      engineFixture({
        files: disk,
        adapters: [testAdapter('claude-code', CODE)],
        storage: patient(releaseAfter),
      });
    await expect(applyAll(engine(-1).service)).rejects.toMatchObject({ code: 'CONFIG_LOCKED' });
    expect(waited).toBe(5_000);
    expect(disk.text(CODE)).toBe(config());
    waited = 0;
    expect((await applyAll(engine(3_000).service)).result.state).toBe('applied');
  });

  it('is taken over when it is old and nobody touches it, never when somebody does', async () => {
    const disk = new MemoryFiles();
    await disk.makeFolder(LOCK.replace('/home/ada', ''), 0o700);
    const lock = LOCK.replace('/home/ada', '');
    const storage = engineFixture({ files: disk, adapters: [] }).storage;
    const touched = { ...storage, sleep: () => disk.touch(lock) };
    await expect(withClientLock(touched, lock, async () => {})).rejects.toMatchObject({
      code: 'CONFIG_LOCKED',
    });
    expect(await withClientLock(storage, lock, async () => 'held')).toBe('held');
  });

  it('is given back when the work fails', async () => {
    const disk = new MemoryFiles();
    const { storage } = engineFixture({ files: disk, adapters: [] });
    await expect(withClientLock(storage, '/l', () => Promise.reject(failure('EIO')))).rejects.toThrow('EIO');
    expect(disk.tree('/')).toEqual([]);
  });
});

describe('A22: a file system that is not a local disk', () => {
  it('without hard links is no place for the data folder, and nothing is changed', async () => {
    const disk = new MemoryFiles();
    disk.put(CODE, config());
    const files = before(disk, 'link', () => {
      throw failure('ENOTSUP');
    });
    const { service } = engineFixture({ files, adapters: [testAdapter('claude-code', CODE)] });
    await expect(applyAll(service)).rejects.toMatchObject({ code: 'DATA_FOLDER_UNSAFE' });
    expect(disk.text(CODE)).toBe(config());
    expect(disk.tree('/data')).toEqual(['migrations/']);
  });

  it("whose clock is ahead does not make a client's lock look old", async () => {
    const disk = new MemoryFiles();
    await disk.makeFolder('/l', 0o700);
    const { storage } = engineFixture({ files: disk, adapters: [] });
    // The folder's time is a second in the future of this machine.
    const behind = { ...storage, now: () => 0 };
    await expect(withClientLock(behind, '/l', async () => {})).rejects.toMatchObject({
      code: 'CONFIG_LOCKED',
    });
    expect(disk.tree('/')).toEqual(['l/']);
  });
});

describe('A23: a file that Windows keeps busy', () => {
  it('is tried for ten seconds, then its old bytes stay', async () => {
    const disk = new MemoryFiles();
    disk.put(CODE, config());
    let busy = 5;
    const files = before(disk, 'renameIfSame', (_from, to) => {
      if (to === CODE && busy-- > 0) throw failure('EPERM');
    });
    const windows = { os: 'win32' as const };
    const adapters = [testAdapter('claude-code', CODE)];
    await applyAll(engineFixture({ files, adapters, storage: windows }).service);
    expect(disk.text(CODE)).toContain('shim.cjs');

    disk.put(CODE, config());
    busy = Infinity;
    await expect(
      applyAll(engineFixture({ files, adapters, storage: windows }).service),
    ).rejects.toMatchObject({
      code: 'CONFIG_NOT_WRITABLE',
    });
    expect(disk.text(CODE)).toBe(config());
  });
});
