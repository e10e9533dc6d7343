import { expect, it } from 'vitest';
import { type PageKnowledge, standOf } from '../../../renderer/features/setup/migration-stand.ts';
import type { HistoryItem, MigrationRun } from '../../../shared/model/migration.ts';

const BEGUN = Date.UTC(2026, 10, 21, 9);
const page = (more: Partial<PageKnowledge> = {}): PageKnowledge => ({
  since: BEGUN,
  phase: 'idle',
  error: null,
  ...more,
});
const run = (outcome: MigrationRun['outcome'], startedAt = BEGUN + 5): MigrationRun => ({
  startedAt,
  steps: [{ step: 'baseline', state: 'started', detail: 'Asking.' }],
  outcome,
});
const item = (state: HistoryItem['state'], at = BEGUN + 900): HistoryItem => ({
  id: `id of ${at}`,
  at: new Date(at).toISOString(),
  state,
  clients: [],
  files: [],
});
const error = { code: 'INTERNAL', message: 'The connection was closed.' } as const;

it('shows the steps of the run that goes on, whoever began it', () => {
  const truth = { run: run({ kind: 'running' }, BEGUN - 60_000), history: [] };
  expect(standOf(page(), truth)).toMatchObject({ kind: 'running', steps: [{ step: 'baseline' }] });
  expect(standOf(page({ since: undefined }), truth).kind).toBe('running');
});

it('goes on to the report of the run that was over before the page came back', () => {
  const truth = { run: run({ kind: 'done', migration: 'm1' }), history: [item('applied')] };
  expect(standOf(page(), truth)).toEqual({ kind: 'done', migration: 'm1' });
});

it('does not take an older run for the one of this page', () => {
  const truth = {
    run: run({ kind: 'done', migration: 'old' }, BEGUN - 1),
    history: [item('applied', BEGUN - 1)],
  };
  expect(standOf(page(), truth)).toEqual({ kind: 'stopped' });
  expect(standOf(page({ phase: 'asked' }), truth)).toEqual({ kind: 'running', steps: [] });
});

it('asks the history when the hub was started anew: a crash was settled at its start', () => {
  const truth = { run: null, history: [item('rolled-back'), item('applied', BEGUN - 1_000)] };
  expect(standOf(page({ phase: 'refused', error }), truth)).toEqual({
    kind: 'done',
    migration: `id of ${BEGUN + 900}`,
  });
});

it('says that nothing was changed when the new hub knows nothing of it', () => {
  const truth = { run: null, history: [item('applied', BEGUN - 1_000)] };
  expect(standOf(page({ phase: 'refused', error }), truth)).toMatchObject({ kind: 'failed', error });
  expect(standOf(page(), truth)).toEqual({ kind: 'stopped' });
});

it('waits while there is no hub to ask, and while another program is at it', () => {
  expect(standOf(page({ phase: 'refused', error }), null)).toEqual({ kind: 'unknown' });
  expect(standOf(page(), { run: null, history: [item('applying')] })).toEqual({ kind: 'elsewhere' });
  expect(standOf(page({ since: undefined }), { run: null, history: [item('applying', 0)] }).kind).toBe(
    'elsewhere',
  );
});

it('tells a refusal of the hub with its reason', () => {
  const stale = { code: 'PLAN_STALE', message: 'The file has changed.' } as const;
  const truth = { run: run({ kind: 'failed', error: stale }), history: [] };
  expect(standOf(page(), truth)).toMatchObject({ kind: 'failed', error: stale });
  expect(standOf(page(), { run: run({ kind: 'stopped' }), history: [] })).toEqual({ kind: 'stopped' });
});

it('has nothing to show where none was begun', () => {
  expect(standOf(page({ since: undefined }), { run: null, history: [item('applied')] })).toEqual({
    kind: 'none',
  });
});
