import { expect, it } from 'vitest';
import { watchMigration } from '../../../electron/hub/migration-activity.ts';
import { applyAll, engineFixture, testAdapter, type EngineFixture } from './engine-fixture.ts';
import { MemoryFiles } from './memory-files.ts';

const CODE = '/home/ada/.claude.json';
const CONFIG = JSON.stringify({ mcpServers: { github: { command: 'npx', args: ['-y', 'gh'] } } });

function fixture(): EngineFixture & { files: MemoryFiles } {
  const files = new MemoryFiles();
  files.put(CODE, CONFIG);
  return { ...engineFixture({ files, adapters: [testAdapter('claude-code', CODE)] }), files };
}

it('tells who was not there what was done, step by step and whose turn it was', async () => {
  const { service } = fixture();
  let told = 0;
  const watched = watchMigration(service, () => (told += 1));
  expect(watched.run()).toBeNull();
  const { result, steps } = await applyAll(watched.service, { witness: true, clients: ['claude-code'] });
  const run = watched.run()!;
  expect(run.outcome).toEqual({ kind: 'done', migration: result.id });
  expect(run.clients).toEqual(['claude-code']);
  expect(run.steps.map(({ step, state }) => `${step} ${state}`)).toEqual(steps);
  expect(run.steps.find(({ step }) => step === 'write')!.client).toBe('claude-code');
  expect(run.steps.find(({ step }) => step === 'backup')!.client).toBeUndefined();
  expect(told).toBeGreaterThan(steps.length);
});

it('keeps on telling after the listener left in the middle', async () => {
  const { service, files } = fixture();
  const watched = watchMigration(service, () => {});
  for await (const progress of watched.service.apply({ witness: true })) {
    if (progress.type === 'step' && progress.step === 'backup') break;
  }
  const run = watched.run()!;
  expect(run.outcome.kind).toBe('done');
  expect(run.steps.at(-1)!.step).toBe('done');
  expect(files.text(CODE)).toContain('shim.cjs');
});

it('says that it was stopped when the listener left before the first change', async () => {
  const { service, files } = fixture();
  const watched = watchMigration(service, () => {});
  for await (const progress of watched.service.apply({ witness: true })) {
    if (progress.type === 'step' && progress.step === 'baseline') break;
  }
  expect(watched.run()!.outcome).toEqual({ kind: 'stopped' });
  expect(files.text(CODE)).toBe(CONFIG);
});

it('keeps why it failed', async () => {
  const { service } = fixture();
  const watched = watchMigration(service, () => {});
  const stale = watched.service.apply({ witness: false, expected: [{ path: CODE, sha256: '0'.repeat(64) }] });
  await expect(stale.next()).rejects.toMatchObject({ code: 'PLAN_STALE' });
  expect(watched.run()!.outcome).toMatchObject({ kind: 'failed', error: { code: 'PLAN_STALE' } });
});

it('gives the saved report back as the result it was, with the state of today', async () => {
  const { service } = fixture();
  const { result } = await applyAll(service, { witness: true });
  const { result: saved, html } = await service.report(result.id);
  expect(saved).toEqual(result);
  expect(html).toContain('Migration report');
  expect((await service.history())[0]!.report).toEqual(result.report);
  await service.rollback({ dryRun: false, migration: result.id });
  expect((await service.report(result.id)).result.state).toBe('rolled-back');
});

it('has no report for what is no migration', async () => {
  const { service } = fixture();
  await expect(service.report('../../etc')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(service.report('20261121T090000Z-000000000000')).rejects.toMatchObject({ code: 'NOT_FOUND' });
});
