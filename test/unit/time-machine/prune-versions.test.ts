import { describe, expect, it } from 'vitest';
import { versionsToKeep, type PruneLimits } from '../../../electron/hub/time-machine/prune-versions.ts';
import type { VersionRecord } from '../../../electron/hub/time-machine/version-index.ts';
import { CODE, CODE_CONFIG, guardianFixture } from '../guardian/guardian-fixture.ts';
import { applyAll } from '../migration/engine-fixture.ts';

const DAY = 24 * 3_600_000;
const NOW = Date.UTC(2026, 10, 21);
const LIMITS: PruneLimits = { maxAgeMs: 30 * DAY, maxBytes: 1_000, maxVersions: 100 };

/** Versions with days of age, oldest first. */
const versions = (...given: (Partial<VersionRecord> & { days: number })[]): VersionRecord[] =>
  given.map(({ days, ...version }, index) => ({
    id: String(index + 1),
    path: '/a',
    client: 'claude-code' as const,
    at: new Date(NOW - days * DAY).toISOString(),
    state: 'readable' as const,
    sha256: `hash ${index + 1}`,
    size: 10,
    author: { kind: 'someone' as const },
    change: { servers: [], moreServers: 0, otherKeys: { added: 0, removed: 0, changed: 1 } },
    stored: 100,
    ...version,
  }));

const kept = (list: VersionRecord[], limits = LIMITS, needed: string[] = []): string[] =>
  versionsToKeep(list, { now: NOW, limits, needed: new Set(needed) }).map(({ id }) => id);

const SERVERS_CHANGED = {
  servers: [{ name: 'x', scope: 'user' as const, change: 'added' as const, fields: [] }],
  moreServers: 0,
  otherKeys: { added: 0, removed: 0, changed: 0 },
};

describe('pruning', () => {
  it('drops what is too old, but never the newest of a file, its newest readable one, or what a migration needs', () => {
    const list = versions(
      { days: 90 },
      { days: 80 },
      { days: 70, path: '/b' },
      { days: 60 },
      { days: 50, state: 'broken' },
      { days: 45, path: '/c', state: 'gone', sha256: null },
    );
    expect(kept(list, LIMITS, ['hash 2'])).toEqual(['2', '3', '4', '5', '6']);
  });

  it('drops the oldest beyond the size, counting a content once', () => {
    const list = versions(...Array.from({ length: 20 }, (_, index) => ({ days: 20 - index })));
    expect(kept(list)).toEqual(list.slice(10).map(({ id }) => id));
    const same = list.map((version) => ({ ...version, sha256: 'one hash' }));
    expect(kept(same)).toHaveLength(20);
  });

  it('drops versions without a change of servers first', () => {
    const list = versions(
      { days: 20, change: SERVERS_CHANGED },
      ...Array.from({ length: 20 }, (_, index) => ({ days: 19 - index * 0.5 })),
    );
    expect(kept(list)).toContain('1');
    expect(kept(list)).toHaveLength(10);
  });

  it('keeps no more than so many', () => {
    const list = versions(...Array.from({ length: 300 }, () => ({ days: 1, stored: 0 })));
    expect(kept(list)).toHaveLength(100);
  });
});

it('pruned contents are gone from the disk, and those of a live migration stay', async () => {
  const fixture = guardianFixture({ limits: { maxAgeMs: DAY, maxBytes: 1, maxVersions: 3 } });
  const { engine, timeMachine, files } = fixture;
  const [file] = engine.adapters[1]!.configFiles(engine.platform);
  const see = async () => await timeMachine.see({ file: file!, bytes: Buffer.from(files.text(CODE)!) });
  await see();
  await applyAll(fixture.service);
  await see();
  for (let round = 0; round < 20; round += 1) {
    files.put(CODE, CODE_CONFIG.replace('12', `${100 + round}`));
    await see();
  }
  const list = await timeMachine.list(CODE);
  const { files: migrated } = (await fixture.service.history())[0]!;
  const { sha256Before, sha256After } = migrated.find(({ path }) => path === CODE)!;
  const hashes = new Set(list.map(({ sha256 }) => sha256));
  expect(hashes).toContain(sha256Before);
  expect(hashes).toContain(sha256After);
  expect(list.length).toBeLessThanOrEqual(3);
  const stored = files.tree('/data/config-versions').filter((name) => name.endsWith('.gz'));
  expect(new Set(stored)).toEqual(new Set([...hashes].map((hash) => `${hash}.gz`)));
});
