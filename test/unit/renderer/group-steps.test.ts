import { expect, it } from 'vitest';
import { groupSteps, yourTurn } from '../../../renderer/features/setup/group-steps.ts';
import type { StepReport } from '../../../shared/model/migration.ts';

const said = (step: StepReport['step'], state: StepReport['state'], more: Partial<StepReport> = {}) => ({
  step,
  state,
  detail: '',
  ...more,
});

it('gives every client its own steps with the latest word on each', () => {
  const groups = groupSteps(
    ['claude-code', 'claude-desktop'],
    [
      said('baseline', 'started', { client: 'claude-desktop' }),
      said('baseline', 'finished', { client: 'claude-desktop' }),
      said('backup', 'started'),
      said('write', 'failed', { client: 'claude-desktop' }),
    ],
  );
  expect(groups.map(({ client }) => client)).toEqual(['claude-desktop', 'claude-code', null]);
  expect(groups[0]!.steps.map(({ step, report }) => [step, report?.state])).toEqual([
    ['baseline', 'finished'],
    ['write', 'failed'],
    ['witness', undefined],
  ]);
  expect(groups[2]!.steps.map(({ report }) => report?.state)).toEqual(['started', undefined]);
});

it('shows the way back only under the client that took it', () => {
  const groups = groupSteps(
    [],
    [said('rollback', 'finished', { client: 'claude-code' }), said('done', 'finished')],
  );
  expect(groups[0]!.steps.at(-1)).toMatchObject({ step: 'rollback', report: { state: 'finished' } });
  expect(groups).toHaveLength(2);
});

it('repeats a request to the person until something else happens', () => {
  const request = said('write', 'started', { detail: 'Please quit Claude Desktop.' });
  expect(yourTurn([request])).toBe('Please quit Claude Desktop.');
  expect(yourTurn([request, said('write', 'finished')])).toBeNull();
  expect(yourTurn([])).toBeNull();
});
