import { describe, expect, it } from 'vitest';
import type { PlanOptions } from '../../../shared/model/migration.ts';
import { parseCatalog } from '../../../electron/hub/servers/catalog-parse.ts';
import { applyAll, engineFixture, testAdapter, type EngineFixture } from './engine-fixture.ts';
import { faultyFiles } from './faulty-files.ts';
import { outcomeOf } from './interruptions.ts';
import { MemoryFiles } from './memory-files.ts';

const CODE = '/home/ada/.claude.json';
const STORE = '/data/secrets.json';
const TOKEN = 'ghp_0123456789abcdefABCDEF';
const NAME = 'claude-code.github.GITHUB_TOKEN';
const CONFIG = `{
  "numStartups": 1,
  "mcpServers": { "github": { "command": "npx", "args": ["-y", "gh"], "env": { "LOG": "1", "GITHUB_TOKEN": "ghp_0123456789\\u0061bcdefABCDEF" } } }
}`;

type Fixture = EngineFixture & { disk: MemoryFiles };

const http = { ...testAdapter('claude-code', CODE), speaksHttp: true };

function fixture(config: object | string = CONFIG, disk = new MemoryFiles(), pid = 1): Fixture {
  if (disk.text(CODE) === null)
    disk.put(CODE, typeof config === 'string' ? config : JSON.stringify(config, null, 2));
  return { disk, ...engineFixture({ files: disk, adapters: [http], pid }) };
}

const stored = ({ disk }: Pick<Fixture, 'disk'>): Record<string, string> =>
  (JSON.parse(disk.text(STORE) ?? '{"secrets":{}}') as { secrets: Record<string, string> }).secrets;
const catalogOf = ({ disk }: Fixture) => parseCatalog(disk.text('/data/mcp-servers.json') ?? '', 'catalog');
const move = (options: PlanOptions = { moveSecrets: 'all' }) => ({ ...options, witness: true });

describe('an offer', () => {
  it('is made for every secret in clear, and nothing moves by itself', async () => {
    const some = fixture({
      mcpServers: { gh: { command: 'gh', args: ['--token', TOKEN], env: { TOKEN, LOG: '1' } } },
    });
    const { files } = await some.service.plan({});
    expect(files[0]!.secrets).toMatchObject([
      { field: 'env.TOKEN', secret: 'claude-code.gh.TOKEN', movable: true },
      // An argument belongs to the command line that runs without us.
      { field: 'args[1]', movable: false },
    ]);
    await applyAll(some.service, { witness: true });
    expect(some.disk.text(STORE)).toBeNull();
    expect(some.disk.text(CODE)).toContain(TOKEN);
  });

  it('never gives a name of the store to another value', async () => {
    const some = fixture({
      mcpServers: { gh: { command: 'gh', env: { TOKEN } } },
      projects: { '/p': { mcpServers: { gh: { command: 'gh', env: { TOKEN: `${TOKEN}2` } } } } },
    });
    some.disk.put(
      STORE,
      JSON.stringify({ version: 1, secrets: { 'claude-code.gh.TOKEN': 'mine' }, credentials: {} }),
    );
    await applyAll(some.service, move());
    expect(stored(some)).toEqual({
      'claude-code.gh.TOKEN': 'mine',
      'claude-code.gh.TOKEN-2': TOKEN,
      'claude-code.gh.TOKEN-3': `${TOKEN}2`,
    });
  });

  it('is taken for the named secrets only', async () => {
    const some = fixture({
      mcpServers: { gh: { command: 'gh', env: { TOKEN, OTHER_TOKEN: 'glpat-0123456789abcdef' } } },
    });
    await applyAll(some.service, move({ moveSecrets: ['claude-code.gh.OTHER_TOKEN'] }));
    expect(stored(some)).toEqual({ 'claude-code.gh.OTHER_TOKEN': 'glpat-0123456789abcdef' });
    expect(some.disk.text(CODE)).toContain(TOKEN);
    expect(some.disk.text(CODE)).not.toContain('glpat');
  });
});

describe('a move', () => {
  it('takes the value out of the file, puts it into the store and a reference into the catalog', async () => {
    const some = fixture();
    const { files } = await some.service.plan({ moveSecrets: 'all' });
    expect(files[0]!.warnings.map(({ code }) => code)).toEqual(['SECRET_MOVED']);
    expect(files[0]!.diff).not.toContain('ghp_');
    const { result } = await applyAll(some.service, move());
    expect(stored(some)).toEqual({ [NAME]: TOKEN });
    expect(catalogOf(some).get('github')!.env).toEqual({
      LOG: '1',
      GITHUB_TOKEN: `\${secret:${NAME}}`,
    });
    const text = some.disk.text(CODE)!;
    expect(text).not.toContain('ghp_');
    expect(text).toContain('"GITHUB_TOKEN": ""');
    expect(text).toContain(`"GITHUB_TOKEN=${NAME}"`);
    expect(result.notes.join(' ')).toContain(`Moved to the secret store: ${NAME}.`);
    // Nothing left to offer, and nothing to move again.
    expect((await some.service.plan({ moveSecrets: 'all' })).files[0]!.secrets).toBeUndefined();
  });

  it('rolls back to the very bytes, and leaves or removes the secret as the person says', async () => {
    const some = fixture();
    await applyAll(some.service, move());
    const preview = await some.service.rollback({ dryRun: true });
    expect(preview.secrets).toEqual([{ name: NAME, removed: false }]);
    const left = await some.service.rollback({ dryRun: false });
    expect(left.secrets).toEqual([{ name: NAME, removed: false }]);
    expect(some.disk.text(CODE)).toBe(CONFIG);
    expect(stored(some)).toEqual({ [NAME]: TOKEN });

    await applyAll(some.service, move());
    const removed = await some.service.rollback({ dryRun: false, removeSecrets: true });
    expect(removed.secrets).toEqual([{ name: NAME, removed: true }]);
    expect(some.disk.text(CODE)).toBe(CONFIG);
    expect(stored(some)).toEqual({});
  });

  it('puts the value back as it was written where the client has changed its file since (A24)', async () => {
    const some = fixture();
    await applyAll(some.service, move());
    some.disk.put(CODE, some.disk.text(CODE)!.replace('"numStartups": 1', '"numStartups": 2'));
    const { files } = await some.service.rollback({ dryRun: false });
    expect(files[0]!.result).toBe('merged');
    expect(some.disk.text(CODE)).toBe(CONFIG.replace('"numStartups": 1', '"numStartups": 2'));
  });

  it('keeps a value that somebody has written there since', async () => {
    const some = fixture();
    await applyAll(some.service, move());
    some.disk.put(CODE, some.disk.text(CODE)!.replace('"GITHUB_TOKEN": ""', '"GITHUB_TOKEN": "renewed"'));
    await some.service.rollback({ dryRun: false });
    expect(some.disk.text(CODE)).toContain('"GITHUB_TOKEN": "renewed"');
    expect(some.disk.text(CODE)).not.toContain('shim.cjs');
  });

  it('leaves an entry alone that would lose its value with the backup (A26)', async () => {
    const some = fixture();
    const { result } = await applyAll(some.service, move());
    some.disk.put(CODE, some.disk.text(CODE)!.replace('"numStartups": 1', '"numStartups": 2'));
    const migrated = some.disk.text(CODE);
    some.disk.drop(result.files[0]!.backup);
    const { files, secrets } = await some.service.rollback({ dryRun: false, removeSecrets: true });
    expect(files[0]).toMatchObject({ result: 'conflict' });
    expect(files[0]!.message).toContain(NAME);
    expect(some.disk.text(CODE)).toBe(migrated);
    // Still in use: what was asked for does not count against that.
    expect(secrets).toBeUndefined();
    expect(stored(some)).toEqual({ [NAME]: TOKEN });
  });

  it('is undone with the rest when parity is lost', async () => {
    const some = fixture();
    some.witness.toolsOf = ({ route }) => (route === 'direct' ? ['read'] : []);
    const { result } = await applyAll(some.service, move());
    expect(result.state).toBe('rolled-back');
    expect(some.disk.text(CODE)).toBe(CONFIG);
    expect(stored(some)).toEqual({});
    expect(catalogOf(some).size).toBe(0);
  });

  it('carries the headers of remote servers', async () => {
    const config = {
      mcpServers: { api: { type: 'http', url: 'https://a.example/mcp', headers: { 'X-Api-Key': TOKEN } } },
    };
    const some = fixture(config);
    const before = some.disk.text(CODE);
    await applyAll(some.service, { ...move(), remotes: true });
    expect(catalogOf(some).get('api')!.headers).toEqual({
      'X-Api-Key': '${secret:claude-code.api.X-Api-Key}',
    });
    expect(some.disk.text(CODE)).not.toContain(TOKEN);
    await some.service.rollback({ dryRun: false });
    expect(some.disk.text(CODE)).toBe(before);
  });

  it('leaves the one entry for all without the secret of any', async () => {
    const some = fixture();
    await applyAll(some.service, { ...move(), mode: 'merged', witness: false });
    expect(some.disk.text(CODE)).toContain('"patchbay"');
    expect(some.disk.text(CODE)).not.toContain('GITHUB_TOKEN');
    await some.service.rollback({ dryRun: false });
    expect(some.disk.text(CODE)).toBe(CONFIG);
  });

  it('is refused for a store that others can read, before anything is changed', async () => {
    const some = fixture();
    some.disk.put(STORE, JSON.stringify({ version: 1, secrets: {}, credentials: {} }), 0o644);
    await expect(applyAll(some.service, move())).rejects.toMatchObject({ code: 'DATA_FOLDER_UNSAFE' });
    expect(some.disk.text(CODE)).toBe(CONFIG);
    // Who does not want that is not kept from migrating by it.
    await applyAll(some.service, { witness: true });
    expect(some.disk.text(CODE)).toContain('shim.cjs');
  });
});

it('an end at every file-system call loses no secret: it is in the file, or in the store with a reference to it', async () => {
  for (let at = 1; ; at += 1) {
    const disk = new MemoryFiles();
    disk.put(CODE, CONFIG);
    const { files, calls } = faultyFiles(disk, { kind: 'crash', at });
    const engine = engineFixture({ files, adapters: [http] });
    await outcomeOf(applyAll(engine.service, move()));
    if (calls.length < at) break;
    // Right after: a file without the value has a store with it.
    if (!disk.text(CODE)!.includes('ghp_')) expect(stored({ disk }), `call ${at}`).toEqual({ [NAME]: TOKEN });

    const next = fixture(CONFIG, disk, 2);
    await next.service.recover();
    const isRouted = disk.text(CODE) !== CONFIG;
    if (isRouted) {
      expect(stored(next), `call ${at}`).toEqual({ [NAME]: TOKEN });
      expect(catalogOf(next).get('github')!.env!.GITHUB_TOKEN, `call ${at}`).toBe(`\${secret:${NAME}}`);
    } else expect(stored(next), `call ${at}`).toEqual({});
    await next.service.rollback({ dryRun: false });
    expect(disk.text(CODE), `call ${at}`).toBe(CONFIG);
  }
}, 120_000);
