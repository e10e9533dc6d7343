import { describe, expect, it } from 'vitest';
import { applyAll } from './engine-fixture.ts';
import { faultyFiles } from './faulty-files.ts';
import {
  atEveryCall,
  endAtEveryCall,
  engineOn,
  expectSettled,
  failAtEveryCall,
  freshDisk,
  migratedTexts,
  MIGRATION,
  ORIGINALS,
  outcomeOf,
  ROLLBACK,
  textsOf,
} from './interruptions.ts';

// More kinds of ends and failures, and the same on a real disk: test/process/migration.

describe('A15, A29: an end at every file-system call', () => {
  it.each(['killed', 'power-cut-home-first'] as const)(
    'of a migration leaves old bytes or new ones, and the next start settles it (%s)',
    async (aftermath) => {
      expect(await endAtEveryCall(MIGRATION, 'crash', aftermath)).toBeGreaterThan(100);
    },
  );

  it.each(['killed', 'power-cut-home-first'] as const)(
    'of a rollback leaves old bytes or new ones, and the next start finishes it (%s)',
    async (aftermath) => {
      expect(await endAtEveryCall(ROLLBACK, 'crash', aftermath)).toBeGreaterThan(80);
    },
  );

  it.each(['power-cut', 'power-cut-home-first'] as const)(
    'of the power after a migration or a rollback has told its end loses nothing (%s)',
    async (aftermath) => {
      const disk = freshDisk();
      await applyAll(engineOn(disk, 1).service);
      disk.endSuddenly(aftermath);
      expect(textsOf(disk)).toEqual(await migratedTexts());
      expect(await engineOn(disk, 2).service.history()).toMatchObject([{ state: 'applied' }]);

      await engineOn(disk, 2).service.rollback({ dryRun: false });
      disk.endSuddenly(aftermath);
      expect(textsOf(disk)).toEqual(ORIGINALS);
      expect(await engineOn(disk, 3).service.history()).toMatchObject([{ state: 'rolled-back' }]);
    },
  );

  it('followed by a power cut right after the repair leaves nothing unsettled', async () => {
    for (let at = 1; ; at += 1) {
      const disk = freshDisk();
      const { files, calls } = faultyFiles(disk, { kind: 'crash', at });
      await outcomeOf(applyAll(engineOn(files, 1).service));
      if (calls.length < at) break;
      await engineOn(disk, 2).service.recover();
      disk.endSuddenly('power-cut-home-first');
      const history = await engineOn(disk, 3).service.history();
      expect(
        history.map(({ state }) => state),
        `call ${at} (${calls[at - 1]})`,
      ).not.toContain('applying');
    }
  });

  it('says what it did', async () => {
    const disk = freshDisk();
    const { files, calls } = faultyFiles(disk, { kind: 'none' });
    await applyAll(engineOn(files, 1).service);
    const told: string[] = [];
    const fresh = freshDisk();
    await outcomeOf(
      applyAll(engineOn(faultyFiles(fresh, { kind: 'crash', at: afterLastConfig(calls) }).files, 1).service),
    );
    told.push(...(await engineOn(fresh, 2).service.recover()));
    expect(told).toEqual([
      expect.stringMatching(
        /^The migration \S+ was interrupted before it was proven, so it was taken back\.$/,
      ),
      '/home/ada/.claude.json is byte for byte what it was before.',
      '/home/ada/.config/Claude/claude_desktop_config.json is byte for byte what it was before.',
    ]);
  });
});

/** The call after the last config was replaced; the manifest and both forms of the report are written later. */
function afterLastConfig(calls: readonly string[]): number {
  const renames = calls.flatMap((name, index) => (name === 'renameIfSame' ? [index] : []));
  return renames.at(-4)! + 2;
}

describe('A13: a full disk', () => {
  it('at any call leaves old bytes or new ones', async () => {
    expect(await failAtEveryCall(MIGRATION, (at) => ({ kind: 'disk-full', at }))).toBeGreaterThan(100);
  });

  it('that takes fewer bytes than given is asked again', async () => {
    const migrated = await migratedTexts();
    await atEveryCall(
      MIGRATION,
      (at) => ({ kind: 'short-write', at }),
      async (disk, outcome, label) => {
        expect(outcome, label).not.toBeInstanceOf(Error);
        expect(textsOf(disk), label).toEqual(migrated);
      },
    );
  });

  it('is named DISK_FULL, and nothing has changed', async () => {
    const disk = freshDisk();
    const before = disk.tree('/');
    const { files } = faultyFiles(disk, { kind: 'disk-full', at: 1 });
    expect(await outcomeOf(applyAll(engineOn(files, 1).service))).toMatchObject({ code: 'DISK_FULL' });
    expect(textsOf(disk)).toEqual(ORIGINALS);
    expect(disk.tree('/')).toEqual(before);
    await expectSettled(disk, 'after DISK_FULL');
  });
});

describe('a damaged journal', () => {
  it('is kept, and the manifests say what was under way', async () => {
    const { calls, files } = faultyFiles(freshDisk(), { kind: 'none' });
    await applyAll(engineOn(files, 1).service);
    const disk = freshDisk();
    await outcomeOf(
      applyAll(engineOn(faultyFiles(disk, { kind: 'crash', at: afterLastConfig(calls) }).files, 1).service),
    );
    disk.put('/data/migrations/journal.json', '{ "version": 1, "kind"');
    const told = await engineOn(disk, 2).service.recover();
    expect(told.join('\n')).toMatch(/damaged and is kept as \/data\/migrations\/journal-damaged-\w+\.json/);
    expect(textsOf(disk)).toEqual(ORIGINALS);
  });
});
