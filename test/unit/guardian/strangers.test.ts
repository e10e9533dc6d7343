import { describe, expect, it } from 'vitest';
import {
  CODE,
  CODE_CONFIG,
  DESKTOP,
  migrated,
  openFindings,
  parsed,
  type GuardianFixture,
} from './guardian-fixture.ts';

describe('E40: a server that nobody routed', () => {
  const rogue = (fixture: GuardianFixture, entry: object): void => {
    const config = parsed(fixture.files.text(CODE));
    config.mcpServers.helper = entry as never;
    fixture.files.put(CODE, JSON.stringify(config, null, 2));
  };

  it('is an alert with the whole command, escaped; secrets of flags covered', async () => {
    const fixture = await migrated();
    const payload = 'A'.repeat(300);
    rogue(fixture, { command: 'node', args: ['-e', payload, '--token', 'hunter2', 'a\u001b[2J\u202eb\nc'] });
    await fixture.guardian.check();
    const [finding] = await openFindings(fixture);
    expect(finding).toMatchObject({ kind: 'added', level: 'alert', actions: ['route', 'accept', 'remove'] });
    expect(finding!.entries[0]!.starts).toBe(`node -e ${payload} --token •••••• "a\\u001b[2J\\u202eb\\nc"`);
  });

  it('is taken out with one word, and that can be undone', async () => {
    const fixture = await migrated();
    const before = parsed(fixture.files.text(CODE));
    rogue(fixture, { command: 'evil' });
    const withRogue = fixture.files.text(CODE)!;
    await fixture.guardian.check();
    const [finding] = await openFindings(fixture);
    const done = await fixture.guardian.remove(finding!.id, { dryRun: false });
    expect(parsed(fixture.files.text(CODE))).toEqual(before);
    expect((await fixture.guardian.findings())[0]).toMatchObject({ state: 'removed' });
    await fixture.timeMachine.restore(CODE, done.undo!, { dryRun: false, part: 'servers' });
    expect(fixture.files.text(CODE)).toBe(withRogue);
  });

  it('is only noted when the catalog knows the command, and forgotten when it goes', async () => {
    const fixture = await migrated();
    rogue(fixture, { command: 'uvx', args: ['notes-mcp'] });
    await fixture.guardian.check();
    expect(await openFindings(fixture)).toMatchObject([{ kind: 'added', level: 'notice' }]);
    const config = parsed(fixture.files.text(CODE));
    delete config.mcpServers.helper;
    fixture.files.put(CODE, JSON.stringify(config, null, 2));
    await fixture.guardian.check();
    expect(fixture.told.at(-1)).toMatchObject({ kind: 'added', state: 'obsolete' });
  });

  it('accepting or removing what has changed since is refused', async () => {
    const fixture = await migrated();
    rogue(fixture, { command: 'looks-harmless' });
    await fixture.guardian.check();
    const [finding] = await openFindings(fixture);
    rogue(fixture, { command: 'evil' });
    await expect(fixture.guardian.accept(finding!.id)).rejects.toMatchObject({ code: 'PLAN_STALE' });
    await expect(fixture.guardian.remove(finding!.id, { dryRun: false })).rejects.toMatchObject({
      code: 'PLAN_STALE',
    });
    await fixture.guardian.check();
    expect(fixture.told.at(-1)).toMatchObject({ id: finding!.id, entries: [{ starts: 'evil' }] });
  });

  it('merging our entries back does not agree to it', async () => {
    const fixture = await migrated();
    fixture.files.put(CODE, JSON.stringify({ mcpServers: { helper: { command: 'evil' } } }));
    await fixture.guardian.check();
    const removed = (await fixture.guardian.findings()).find(({ kind }) => kind === 'removed');
    await fixture.guardian.mergeBack(removed!.id, { dryRun: false });
    await fixture.clock.advance(5_000);
    await fixture.guardian.check();
    expect(await openFindings(fixture)).toMatchObject([{ kind: 'added', entries: [{ starts: 'evil' }] }]);
  });
});

describe('a config that appears', () => {
  it('E40: after the first look is news, by whoever made it, and before that is not', async () => {
    const fixture = await migrated({ configs: { [CODE]: CODE_CONFIG } });
    fixture.files.put(DESKTOP, JSON.stringify({ mcpServers: { helper: { command: 'evil' } } }));
    await fixture.guardian.check();
    expect(await openFindings(fixture)).toMatchObject([
      { kind: 'added', level: 'alert', author: { kind: 'someone' }, path: DESKTOP },
    ]);
  });

  it('A20: with very many servers it is one alert', async () => {
    const fixture = await migrated({ configs: { [CODE]: CODE_CONFIG } });
    const many = Object.fromEntries(
      Array.from({ length: 500 }, (_, index) => [`s${index}`, { command: 'evil' }]),
    );
    fixture.files.put(DESKTOP, JSON.stringify({ mcpServers: many }));
    await fixture.guardian.check();
    const [finding, ...others] = await openFindings(fixture);
    expect(others).toEqual([]);
    expect(finding!.entries).toHaveLength(500);
    await fixture.guardian.remove(finding!.id, { dryRun: false });
    expect(parsed(fixture.files.text(DESKTOP)).mcpServers).toEqual({});
  });
});

describe('a file that cannot be read', () => {
  it('A01: is told with what is wrong, and its last good version can be put back', async () => {
    const fixture = await migrated();
    const good = fixture.files.text(CODE)!;
    fixture.files.put(CODE, good.slice(0, good.length / 2));
    await fixture.guardian.check();
    const [finding] = await openFindings(fixture);
    expect(finding).toMatchObject({ kind: 'broken', level: 'warning', actions: ['restore', 'accept'] });
    expect(finding!.message).toContain('line');
    await fixture.timeMachine.restore(CODE, finding!.lastGood!, { dryRun: false, part: 'file' });
    expect(fixture.files.text(CODE)).toBe(good);
    await fixture.guardian.check();
    expect(fixture.told.at(-1)).toMatchObject({ kind: 'broken', state: 'obsolete' });
  });

  it('A02: an empty one is a wipe, and its other servers are no news when they come back', async () => {
    const withOther = CODE_CONFIG.replace(
      '"notes"',
      '"remote": { "type": "http", "url": "https://x.example/mcp" }, "notes"',
    );
    const fixture = await migrated({ configs: { [CODE]: withOther } });
    const ours = fixture.files.text(CODE)!;
    fixture.files.put(CODE, '');
    await fixture.guardian.check();
    expect(await openFindings(fixture)).toMatchObject([{ kind: 'wiped' }]);
    fixture.files.put(CODE, ours);
    await fixture.guardian.check();
    expect(await openFindings(fixture)).toEqual([]);
  });

  it('accepted, it is told again only when it breaks anew', async () => {
    const fixture = await migrated();
    fixture.files.put(CODE, '{ "a": ');
    await fixture.guardian.check();
    await fixture.guardian.accept((await openFindings(fixture))[0]!.id);
    await fixture.guardian.check();
    expect(await openFindings(fixture)).toEqual([]);
    fixture.files.put(CODE, '{ "b": ');
    await fixture.guardian.check();
    expect(await openFindings(fixture)).toMatchObject([{ kind: 'broken' }]);
  });
});
