import { expect, it } from 'vitest';
import { endAtEveryCall, WORK } from './interruptions.ts';

it('A15: recording a version, ended at every call, leaves a whole list of whole versions', async () => {
  expect(await endAtEveryCall(WORK['recording a version'], 'crash', 'killed')).toBeGreaterThan(15);
});
