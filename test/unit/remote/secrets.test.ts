import { chmodSync, existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dataFolder, prepareDataFolder, type DataFolder } from '../../../electron/hub/data-folder.ts';
import { nodeStorage } from '../../../electron/hub/files/storage.ts';
import { secretsFile } from '../../../electron/hub/secrets/secrets-file.ts';
import { openSecretStore, type SecretStore } from '../../../electron/hub/secrets/secret-store.ts';
import { temporaryHome, type TemporaryHome } from '../../support/temporary-home.ts';

let home: TemporaryHome;
let data: DataFolder;
let file: string;
const openStore = (env: Record<string, string> = {}): SecretStore =>
  openSecretStore({ storage: nodeStorage(process.platform), data, env });

beforeEach(() => {
  home = temporaryHome();
  data = dataFolder(home.dataDir);
  prepareDataFolder(data);
  file = secretsFile(data);
});
afterEach(() => home.dispose());

describe('the secret store', () => {
  it('keeps, lists and forgets, and shows names only', async () => {
    const store = openStore();
    await store.set('B_KEY', 's3cret-b');
    await store.set('a.key-1', 's3cret-a');
    expect(await store.list()).toEqual([
      { name: 'B_KEY', source: 'store' },
      { name: 'a.key-1', source: 'store' },
    ]);
    expect(await openStore().require('B_KEY')).toBe('s3cret-b');
    await store.remove('B_KEY');
    await expect(store.require('B_KEY')).rejects.toMatchObject({ code: 'SECRET_MISSING' });
    await expect(store.remove('B_KEY')).rejects.toMatchObject({ code: 'SECRET_MISSING' });
  });

  it('names what is missing and how to set it', async () => {
    await expect(openStore().require('GITHUB.TOKEN')).rejects.toMatchObject({
      code: 'SECRET_MISSING',
      message: 'There is no secret GITHUB.TOKEN.',
      info: {
        hint: 'Set it with: patchbay secrets set GITHUB.TOKEN (or start the hub with PATCHBAY_SECRET_GITHUB_TOKEN set).',
      },
    });
    expect(existsSync(file)).toBe(false);
  });

  it('prefers a variable of the hub’s process', async () => {
    await openStore().set('KEY', 'stored');
    const store = openStore({ PATCHBAY_SECRET_KEY: 'given', PATCHBAY_SECRET_EMPTY: '' });
    expect(await store.require('KEY')).toBe('given');
    expect(await store.list()).toEqual([{ name: 'KEY', source: 'environment' }]);
    await expect(store.require('EMPTY')).rejects.toMatchObject({ code: 'SECRET_MISSING' });
  });

  it('sees at once what another process has set', async () => {
    const [hub, cli] = [openStore(), openStore()];
    await expect(hub.require('KEY')).rejects.toMatchObject({ code: 'SECRET_MISSING' });
    await cli.set('KEY', '1');
    expect(await hub.require('KEY')).toBe('1');
  });

  it('loses nothing when several are set at the same time', async () => {
    const names = Array.from({ length: 8 }, (_, index) => `K${index}`);
    await Promise.all(names.map((name) => openStore().set(name, name)));
    expect((await openStore().list()).map(({ name }) => name)).toEqual(names);
  });

  it('has no secret that nobody set: not even those every object has', async () => {
    const store = openStore();
    for (const name of ['constructor', 'toString']) {
      await expect(store.require(name)).rejects.toMatchObject({ code: 'SECRET_MISSING' });
    }
    await store.set('constructor', 'odd');
    expect(await openStore().require('constructor')).toBe('odd');
  });

  it('keeps logins apart from secrets', async () => {
    const store = openStore();
    await store.credentials.save('oauth "x" https://x/', { token: 't' });
    expect(await store.credentials.load('oauth "x" https://x/')).toEqual({ token: 't' });
    expect(await store.list()).toEqual([]);
    await store.credentials.save('oauth "x" https://x/', null);
    expect(await store.credentials.keys()).toEqual([]);
  });

  it.each([
    ['', 'v'],
    ['a b', 'v'],
    ['../x', 'v'],
    ['__proto__', 'v'],
    ['x'.repeat(129), 'v'],
    ['KEY', ''],
    ['KEY', 's3cret\0'],
    ['KEY', 's3cret'.repeat(20_000)],
  ])('refuses a name or value that cannot be (%#)', async (name, value) => {
    const error: unknown = await openStore()
      .set(name, value)
      .then(() => null)
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'USAGE' });
    expect(JSON.stringify((error as { info: unknown }).info)).not.toContain('s3cret');
  });
});

describe.skipIf(process.platform === 'win32')('the file of secrets', () => {
  it('is for its owner only, whatever the umask', async () => {
    const before = process.umask(0);
    try {
      await openStore().set('KEY', 'v');
    } finally {
      process.umask(before);
    }
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it.each([0o640, 0o604, 0o660])('is not used when others may read or write it: %o', async (mode) => {
    await openStore().set('KEY', 's3cret');
    chmodSync(file, mode);
    await expect(openStore().require('KEY')).rejects.toMatchObject({
      code: 'DATA_FOLDER_UNSAFE',
      info: { path: file },
    });
    await expect(openStore().set('KEY', 'v')).rejects.toMatchObject({ code: 'DATA_FOLDER_UNSAFE' });
    expect(readFileSync(file, 'utf8')).toContain('s3cret');
  });

  it('is not followed where it is a link', async () => {
    const elsewhere = path.join(home.root, 'elsewhere.json');
    writeFileSync(elsewhere, '{"version":1,"secrets":{"KEY":"v"},"credentials":{}}', { mode: 0o600 });
    symlinkSync(elsewhere, file);
    await expect(openStore().require('KEY')).rejects.toMatchObject({ code: 'DATA_FOLDER_UNSAFE' });
  });

  it.each([
    '{"version":1,"secrets":{"KEY":"s3cret"',
    '{"version":1,"secrets":{"KEY":["s3cret"]},"credentials":{}}',
    's3cret',
  ])('is not quoted when it is damaged, nor written over (%#)', async (text) => {
    writeFileSync(file, text, { mode: 0o600 });
    const error: unknown = await openStore()
      .require('KEY')
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'CONFIG_MALFORMED' });
    expect(`${(error as Error).stack}${String((error as Error).cause)}`).not.toContain('s3cret');
    await expect(openStore().set('OTHER', 'v')).rejects.toMatchObject({ code: 'CONFIG_MALFORMED' });
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  it('keeps what a newer version wrote', async () => {
    writeFileSync(file, '{"version":1,"secrets":{},"credentials":{},"later":{"a":1}}', { mode: 0o600 });
    await openStore().set('KEY', 'v');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ later: { a: 1 }, secrets: { KEY: 'v' } });
  });
});
