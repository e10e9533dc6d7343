import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { ConfigVersion } from '../../../shared/model/config-version.ts';
import {
  CODE,
  CODE_CONFIG,
  DESKTOP,
  DESKTOP_CONFIG,
  guardianFixture,
  type GuardianFixture,
} from '../guardian/guardian-fixture.ts';
import { applyAll } from '../migration/engine-fixture.ts';

const FOLDER = '/data/config-versions';
const WHOLE = { dryRun: false, part: 'file' } as const;
const SERVERS = { dryRun: false, part: 'servers' } as const;

/** What is there is seen. */
async function look(
  { engine, timeMachine, files }: Pick<GuardianFixture, 'engine' | 'timeMachine' | 'files'>,
  path = CODE,
) {
  const file = engine.adapters
    .flatMap((adapter) => adapter.configFiles(engine.platform))
    .find((one) => one.path === path)!;
  const text = files.text(path);
  return await timeMachine.see({ file, bytes: text === null ? null : Buffer.from(text) });
}

async function change(fixture: GuardianFixture, text: string, path = CODE): Promise<ConfigVersion> {
  fixture.files.put(path, text);
  return (await look(fixture, path)).version;
}

const contentsIn = ({ files }: GuardianFixture): string[] =>
  files.tree(FOLDER).filter((name) => name.endsWith('.gz'));

describe('versions', () => {
  it('are recorded once each, with what changed in servers by name and in the rest by number', async () => {
    const fixture = guardianFixture();
    expect(await look(fixture)).toMatchObject({
      isNew: true,
      version: { id: '1', state: 'readable', author: { kind: 'unknown' }, change: null },
    });
    expect((await look(fixture)).isNew).toBe(false);
    const version = await change(
      fixture,
      CODE_CONFIG.replace('"uvx"', '"bunx"')
        .replace('"github":', '"gitlab":')
        .replace('"numStartups": 12', '"numStartups": 13, "theme": "light"')
        .replace('"id": "ada"', '"id": "eve"'),
    );
    expect(version.author).toEqual({ kind: 'someone' });
    expect(version.change).toEqual({
      servers: [
        { name: 'github', scope: 'user', change: 'removed', fields: [] },
        { name: 'notes', scope: 'user', change: 'changed', fields: ['command'] },
        { name: 'gitlab', scope: 'user', change: 'added', fields: [] },
      ],
      moreServers: 0,
      otherKeys: { added: 1, removed: 0, changed: 2 },
    });
    expect((await fixture.timeMachine.list(CODE)).map(({ id }) => id)).toEqual(['2', '1']);
  });

  it('of one content are stored once, for their owner only, in a form that anyone unpacks', async () => {
    const fixture = guardianFixture();
    for (let round = 0; round < 100; round += 1) {
      await change(fixture, CODE_CONFIG.replace('12', '13'));
      await change(fixture, CODE_CONFIG);
    }
    expect(await fixture.timeMachine.list(CODE)).toHaveLength(200);
    const contents = contentsIn(fixture);
    expect(contents).toHaveLength(2);
    const packed = await fixture.files.read(`${FOLDER}/${contents[0]}`, 10_000);
    expect([CODE_CONFIG, CODE_CONFIG.replace('12', '13')]).toContain(gunzipSync(packed).toString());
    expect((await fixture.files.facts(FOLDER)).mode).toBe(0o700);
    for (const name of fixture.files.tree(FOLDER)) {
      expect((await fixture.files.facts(`${FOLDER}/${name}`)).mode).toBe(0o600);
    }
  });

  it('hold no value of the config in their list', async () => {
    const fixture = guardianFixture();
    await look(fixture);
    await change(fixture, CODE_CONFIG.replace('ghp_abcdefghijklmnop', 'ghp_renewedrenewed99'));
    const index = fixture.files.text(`${FOLDER}/index.json`)!;
    expect(index).not.toMatch(/ghp_|acme/);
    expect(index).toContain('"fields":["env"]');
  });

  it('A01: tell broken and absent files apart', async () => {
    const fixture = guardianFixture();
    await look(fixture);
    expect(await change(fixture, '{"a":')).toMatchObject({ state: 'broken', change: null });
    await fixture.files.remove(CODE);
    expect((await look(fixture)).version).toMatchObject({ state: 'gone', sha256: null });
    // Compared with the last that could be read.
    expect(await change(fixture, CODE_CONFIG)).toMatchObject({ change: { servers: [] } });
  });

  it('are ours by name where we made them', async () => {
    const fixture = guardianFixture();
    await look(fixture);
    const { result } = await applyAll(fixture.service);
    expect((await look(fixture)).version.author).toEqual({
      kind: 'patchbay',
      action: 'migration',
      migration: result.id,
    });
    await fixture.service.rollback({ dryRun: false });
    expect((await look(fixture)).version.author).toEqual({
      kind: 'patchbay',
      action: 'rollback',
      migration: result.id,
    });
  });

  it('A17: the bytes of before a migration are not taken for a rollback while it stands', async () => {
    const fixture = guardianFixture();
    await look(fixture, DESKTOP);
    await applyAll(fixture.service);
    await fixture.service.rollback({ dryRun: false });
    await look(fixture, DESKTOP);
    await applyAll(fixture.service);
    await look(fixture, DESKTOP);
    fixture.running.add('claude-desktop');
    expect((await change(fixture, DESKTOP_CONFIG, DESKTOP)).author).toMatchObject({
      kind: 'client',
      evidence: 'running',
    });
  });
});

describe('a diff', () => {
  it('is unified, with secrets covered', async () => {
    const fixture = guardianFixture();
    await look(fixture);
    const other = await change(fixture, CODE_CONFIG.replace('"uvx"', '"bunx"'));
    const { diff } = await fixture.timeMachine.diff('1', other.id);
    expect(diff).toContain('-    "notes": { "command": "uvx"');
    expect(diff).toContain('+    "notes": { "command": "bunx"');
    expect(diff).not.toContain('ghp_');
    expect((await fixture.timeMachine.diff('1')).diff).toBe(diff);
  });

  it('A01: of a broken file shows only lines that the other side has', async () => {
    const fixture = guardianFixture();
    await look(fixture);
    await change(fixture, CODE_CONFIG.replace('"oauthAccount": {', '"oauthAccount": "Sup3rS3cret'));
    const { diff } = await fixture.timeMachine.diff('1', '2');
    expect(diff).not.toMatch(/Sup3r|ghp_/);
    expect(diff).toContain('characters of a file that cannot be read');
  });

  it('of versions of two files is refused, and of one nobody knows too', async () => {
    const fixture = guardianFixture();
    await look(fixture);
    await look(fixture, DESKTOP);
    await expect(fixture.timeMachine.diff('1', '2')).rejects.toMatchObject({ code: 'USAGE' });
    await expect(fixture.timeMachine.diff('7')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('restoring', () => {
  it('A25: puts a version back byte for byte, keeps the one of before, and is undone like any other', async () => {
    const fixture = guardianFixture();
    await look(fixture);
    const later = `${CODE_CONFIG.replace('12', '99')}\n\n`;
    fixture.files.put(CODE, later, 0o640);
    const shown = await fixture.timeMachine.restore(CODE, '1', { ...WHOLE, dryRun: true });
    expect(shown).toMatchObject({ result: 'changed', undo: null });
    expect(shown.diff).toContain('+  "numStartups": 12,');
    expect(fixture.files.text(CODE)).toBe(later);

    const done = await fixture.timeMachine.restore(CODE, '1', { ...WHOLE, expected: shown.sha256Before });
    expect(fixture.files.text(CODE)).toBe(CODE_CONFIG);
    expect((await fixture.files.facts(CODE)).mode).toBe(0o640);
    expect((await fixture.timeMachine.list(CODE))[0]!.author).toEqual({
      kind: 'patchbay',
      action: 'restore',
    });
    await fixture.timeMachine.restore(CODE, done.undo!, WHOLE);
    expect(fixture.files.text(CODE)).toBe(later);
    expect(fixture.files.tree('/home/ada').filter((name) => /lock|tmp/.test(name))).toEqual([]);
  });

  it('can leave everything but servers as it is by now', async () => {
    const fixture = guardianFixture();
    await look(fixture);
    await change(
      fixture,
      '{\n  "mcpServers": {\n    "other": { "command": "x" }\n  },\n  "oauthAccount": { "id": "renewed" }\n}\n',
    );
    await fixture.timeMachine.restore(CODE, '1', SERVERS);
    const text = fixture.files.text(CODE)!;
    expect(text).toContain('"oauthAccount": { "id": "renewed" }\n}\n');
    expect((JSON.parse(text) as { mcpServers: object }).mcpServers).toEqual(
      (JSON.parse(CODE_CONFIG) as { mcpServers: object }).mcpServers,
    );
  });

  it('is refused while a client that writes from memory runs, and when the file is not what was shown', async () => {
    const fixture = guardianFixture();
    await look(fixture, DESKTOP);
    fixture.files.put(DESKTOP, '{}');
    fixture.running.add('claude-desktop');
    await expect(fixture.timeMachine.restore(DESKTOP, '1', WHOLE)).rejects.toMatchObject({
      code: 'CLIENT_RUNNING',
    });
    fixture.running.clear();
    const options = { ...WHOLE, expected: '0'.repeat(64) };
    await expect(fixture.timeMachine.restore(DESKTOP, '1', options)).rejects.toMatchObject({
      code: 'PLAN_STALE',
    });
    expect(fixture.files.text(DESKTOP)).toBe('{}');
    await fixture.files.remove(DESKTOP);
    await expect(fixture.timeMachine.restore(DESKTOP, '1', options)).rejects.toMatchObject({
      code: 'PLAN_STALE',
    });
    expect(fixture.files.text(DESKTOP)).toBeNull();
  });

  it('A03: makes a file again that is gone, and says so when its folder is gone too', async () => {
    const fixture = guardianFixture();
    await look(fixture, DESKTOP);
    await fixture.files.remove(DESKTOP);
    await fixture.timeMachine.restore(DESKTOP, '1', { ...WHOLE, expected: null });
    expect(fixture.files.text(DESKTOP)).toBe(DESKTOP_CONFIG);
    await fixture.files.remove(DESKTOP);
    await fixture.files.remove('/home/ada/.config/Claude/.keep');
    await fixture.files.removeFolder('/home/ada/.config/Claude');
    await expect(fixture.timeMachine.restore(DESKTOP, '1', WHOLE)).rejects.toMatchObject({
      code: 'CONFIG_UNREADABLE',
    });
  });

  it('waits for the client’s own lock', async () => {
    const fixture = guardianFixture();
    await look(fixture);
    fixture.files.put(CODE, '{}');
    await fixture.files.makeFolder(`${CODE}.lock`, 0o700);
    let polls = 0;
    fixture.engine.storage.sleep = async () => {
      polls += 1;
      if (polls === 3) await fixture.files.removeFolder(`${CODE}.lock`);
    };
    await fixture.timeMachine.restore(CODE, '1', WHOLE);
    expect(polls).toBe(3);
    expect(fixture.files.text(CODE)).toBe(CODE_CONFIG);
  });

  it('A27: never uses contents that are damaged or gone', async () => {
    const fixture = guardianFixture();
    await look(fixture);
    await change(fixture, '{}');
    const content = `${FOLDER}/${(await fixture.timeMachine.list(CODE))[1]!.sha256}.gz`;
    for (const swapped of ['not what was saved', gzipSync('{"other": "config"}')]) {
      fixture.files.put(content, swapped);
      await expect(fixture.timeMachine.restore(CODE, '1', WHOLE)).rejects.toMatchObject({
        code: 'BACKUP_CORRUPT',
      });
    }
    await fixture.files.remove(content);
    await expect(fixture.timeMachine.restore(CODE, '1', WHOLE)).rejects.toMatchObject({
      code: 'BACKUP_MISSING',
    });
    expect(fixture.files.text(CODE)).toBe('{}');
    // Seen again, it is saved again.
    await change(fixture, CODE_CONFIG);
    expect((await fixture.timeMachine.read('1')).bytes).toEqual(Buffer.from(CODE_CONFIG));
  });
});

describe('the list', () => {
  it('of a newer Patchbay is neither read wrongly nor written over', async () => {
    const fixture = guardianFixture();
    await look(fixture);
    const newer = JSON.stringify({ version: 2, versions: 'in another form' });
    fixture.files.put(`${FOLDER}/index.json`, newer);
    await expect(fixture.timeMachine.list()).rejects.toMatchObject({ code: 'NOT_SUPPORTED' });
    await expect(change(fixture, '{}')).rejects.toMatchObject({ code: 'NOT_SUPPORTED' });
    expect(fixture.files.text(`${FOLDER}/index.json`)).toBe(newer);
  });

  it('keeps fields that a newer version added to this form', async () => {
    const fixture = guardianFixture();
    await look(fixture);
    const index = JSON.parse(fixture.files.text(`${FOLDER}/index.json`)!) as { versions: object[] };
    fixture.files.put(
      `${FOLDER}/index.json`,
      JSON.stringify({
        ...index,
        later: 1,
        versions: index.versions.map((version) => ({ ...version, note: 'x' })),
      }),
    );
    await change(fixture, '{}');
    expect(JSON.parse(fixture.files.text(`${FOLDER}/index.json`)!)).toMatchObject({
      later: 1,
      versions: [{ note: 'x' }, {}],
    });
  });

  it('when damaged is set aside, and what it named is kept', async () => {
    const fixture = guardianFixture();
    await look(fixture);
    const [content] = contentsIn(fixture);
    fixture.files.put(`${FOLDER}/index.json`, '{"version":1,"ver');
    expect(await fixture.timeMachine.list()).toEqual([]);
    await change(fixture, '{}');
    expect(await fixture.timeMachine.list()).toHaveLength(1);
    expect(fixture.files.tree(FOLDER).some((name) => name.startsWith('index-damaged-'))).toBe(true);
    expect(contentsIn(fixture)).toContain(content);
  });

  it('is shared by two processes without loss', async () => {
    const fixture = guardianFixture();
    const other = fixture.another(2);
    for (const { storage } of [fixture.engine, other.engine]) {
      storage.isAlive = () => true;
      // Real time: what is waited for is the compressor.
      storage.sleep = (ms) => sleep(ms / 10);
    }
    for (let round = 0; round < 10; round += 1) {
      fixture.files.put(CODE, `{"round": ${round}}`);
      fixture.files.put(DESKTOP, `{"round": ${round}}`);
      await Promise.all([look(fixture, CODE), look(other, DESKTOP), look(other, CODE)]);
    }
    const versions = await fixture.timeMachine.list();
    expect(versions).toHaveLength(20);
    expect(new Set(versions.map(({ id }) => id)).size).toBe(20);
  });
});
