import { expect } from 'vitest';
import { createTimeMachine, type TimeMachine } from '../../../electron/hub/time-machine/time-machine.ts';
import type { Engine } from '../../../electron/hub/migration/engine.ts';
import { CODE, CODE_CONFIG, guardianFixture, type GuardianFixture } from '../guardian/guardian-fixture.ts';
import { faultyFiles, type Fault } from '../migration/faulty-files.ts';
import type { Aftermath } from '../migration/memory-files.ts';

const LATER = CODE_CONFIG.replace('12', '99');

interface Try {
  fixture: GuardianFixture;
  calls: string[];
  /** Through the faulty disk. */
  timeMachine: TimeMachine;
}

async function prepared(fault: Fault): Promise<Try> {
  const fixture = guardianFixture();
  await see(fixture.engine, fixture.timeMachine, fixture);
  fixture.files.put(CODE, LATER);
  const { files, calls } = faultyFiles(fixture.files, fault);
  const storage = { ...fixture.engine.storage, files, owner: { pid: 7, mark: 'dies' } };
  return { fixture, calls, timeMachine: createTimeMachine({ ...fixture.engine, storage }) };
}

async function see(
  { adapters, platform }: Engine,
  timeMachine: TimeMachine,
  { files }: GuardianFixture,
): Promise<void> {
  const [file] = adapters[1]!.configFiles(platform);
  const text = files.text(CODE);
  await timeMachine.see({ file: file!, bytes: text === null ? null : Buffer.from(text) });
}

/** What is ended or failed at each of its calls. */
export const WORK = {
  'recording a version': async ({ fixture, timeMachine }: Try) =>
    await see(fixture.engine, timeMachine, fixture),
  'restoring a version': async ({ timeMachine }: Try) =>
    void (await timeMachine.restore(CODE, '1', { dryRun: false, part: 'file' })),
};

/** Whatever ended the other process, the next one finds a whole list, whole contents and a whole config. */
async function expectWhole(fixture: GuardianFixture, what: string, isLockLeft = false): Promise<void> {
  const { files, engine, timeMachine } = fixture.another(4);
  expect([CODE_CONFIG, LATER], what).toContain(files.text(CODE));
  const before = await timeMachine.list(CODE);
  expect(before.at(-1)!.id, what).toBe('1');
  for (const { id, sha256 } of before) {
    if (sha256 !== null) expect((await timeMachine.read(id)).bytes?.length, what).toBeGreaterThan(0);
  }
  // The next write of any kind tidies up, and all works on.
  await see(engine, timeMachine, fixture);
  await timeMachine.restore(CODE, '1', { dryRun: false, part: 'file' });
  expect(files.text(CODE), what).toBe(CODE_CONFIG);
  files.put(CODE, '{ "last": 1 }');
  await see(engine, timeMachine, fixture);
  const litter = [...files.tree('/home/ada'), ...files.tree('/data/config-versions')];
  expect(
    litter.filter((name) => /tmp|lock/.test(name) && !(isLockLeft && name === '.claude.json.lock/')),
    what,
  ).toEqual([]);
  const names = new Set((await timeMachine.list()).map(({ sha256 }) => `${sha256}.gz`));
  for (const name of names)
    if (name !== 'null.gz') expect(files.tree('/data/config-versions')).toContain(name);
}

/** Ends the work at every call in turn; answers how many there were. */
export async function endAtEveryCall(
  work: (attempt: Try) => Promise<void>,
  kind: 'crash' | 'torn-crash',
  aftermath: Aftermath,
): Promise<number> {
  for (let at = 1; ; at += 1) {
    const attempt = await prepared({ kind, at });
    await work(attempt).catch(() => {});
    if (attempt.calls.length < at) return at;
    attempt.fixture.files.endSuddenly(aftermath);
    await expectWhole(attempt.fixture, `call ${at}: ${attempt.calls.at(-1)}`);
  }
}

/** Lets every call fail in turn; answers how many there were. */
export async function failAtEveryCall(
  work: (attempt: Try) => Promise<void>,
  fault: (at: number) => Fault,
): Promise<number> {
  for (let at = 1; ; at += 1) {
    const attempt = await prepared(fault(at));
    await work(attempt).catch(() => {});
    if (attempt.calls.length < at) return at;
    // A lock that the disk refused to remove is a leftover, which the client and we take over when it is old.
    const isLockLeft = attempt.calls[at - 1] === 'removeFolder';
    await expectWhole(attempt.fixture, `call ${at}: ${attempt.calls[at - 1]}`, isLockLeft);
  }
}
