import { describe, expect, it } from 'vitest';
import type { Fault } from '../../unit/migration/faulty-files.ts';
import { faultyFiles } from '../../unit/migration/faulty-files.ts';
import {
  endAtEveryCall,
  engineOn,
  expectSettled,
  failAtEveryCall,
  freshDisk,
  MIGRATION,
  outcomeOf,
  ROLLBACK,
} from '../../unit/migration/interruptions.ts';

const OPERATIONS = { migration: MIGRATION, rollback: ROLLBACK };

describe.each(['migration', 'rollback'] as const)('every file-system call of a %s', (name) => {
  const operation = OPERATIONS[name];

  it.each([
    ['crash', 'power-cut'],
    ['crash', 'power-cut-names-first'],
    ['torn-crash', 'killed'],
    ['torn-crash', 'power-cut-home-first'],
  ] as const)('A15, A29: as the last one (%s, %s)', async (kind, aftermath) => {
    expect(await endAtEveryCall(operation, kind, aftermath)).toBeGreaterThan(80);
  });

  it.each(['EIO', 'EACCES', 'EBUSY', 'ENOSPC'])('A12, A13, A14: failing with %s', async (code) => {
    const fault = (at: number): Fault => ({ kind: 'error', at, code });
    expect(await failAtEveryCall(operation, fault)).toBeGreaterThan(80);
  });

  it('A13: on a disk that is full from then on', async () => {
    expect(await failAtEveryCall(operation, (at) => ({ kind: 'disk-full', at }))).toBeGreaterThan(80);
  });

  it('A15: an end at every call of the repair too', async () => {
    const { files, calls } = faultyFiles(freshDisk(), { kind: 'none' });
    await operation.prepare(freshDisk());
    await operation.run(engineOn(files, 1)).catch(() => {});
    // A handful of places all over the run; the repair is then ended at each of its own calls.
    for (let part = 1; part <= 6; part += 1) {
      const ended = Math.floor((calls.length * part) / 6.5);
      for (let at = 1; ; at += 1) {
        const disk = freshDisk();
        await operation.prepare(disk);
        await outcomeOf(operation.run(engineOn(faultyFiles(disk, { kind: 'crash', at: ended }).files, 1)));
        const repair = faultyFiles(disk, { kind: 'crash', at });
        await outcomeOf(engineOn(repair.files, 4).service.recover());
        if (repair.calls.length < at) break;
        disk.endSuddenly('power-cut');
        await expectSettled(disk, `ended at ${ended}, repair ended at ${at} (${repair.calls.at(-1)})`);
      }
    }
  });
});
