import { describe, expect, it } from 'vitest';
import { endAtEveryCall, failAtEveryCall, WORK } from '../../unit/time-machine/interruptions.ts';

describe.each(Object.entries(WORK))('%s', (_name, work) => {
  it.each([
    ['crash', 'killed'],
    ['crash', 'power-cut'],
    ['crash', 'power-cut-names-first'],
    ['crash', 'power-cut-home-first'],
    ['torn-crash', 'killed'],
  ] as const)('A15: ended at every call (%s, %s)', async (kind, aftermath) => {
    expect(await endAtEveryCall(work, kind, aftermath)).toBeGreaterThan(15);
  });

  it.each(['EIO', 'ENOSPC', 'EACCES'])('A13 A14: every call failing with %s', async (code) => {
    expect(await failAtEveryCall(work, (at) => ({ kind: 'error', at, code }))).toBeGreaterThan(15);
  });

  it('A13: on a disk that is full from then on', async () => {
    expect(await failAtEveryCall(work, (at) => ({ kind: 'disk-full', at }))).toBeGreaterThan(15);
  });
});
