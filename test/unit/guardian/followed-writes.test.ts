import { describe, expect, it, vi } from 'vitest';
import { CODE, DESKTOP, migrated, save } from './guardian-fixture.ts';

describe('a write that is followed', () => {
  it('is looked at after 1, 10 and 60 s, and after its client’s next start', async () => {
    const fixture = await migrated();
    const sha = (await fixture.timeMachine.list(DESKTOP))[0]!.sha256!;
    await fixture.guardian.followWrite(DESKTOP, sha);
    const followed = async (checks: number, step: number) =>
      await vi.waitFor(
        async () => {
          await fixture.clock.advance(step);
          const [one] = fixture.guardian.followed();
          expect(one!.checks.length).toBeGreaterThanOrEqual(checks);
          return one!;
        },
        { timeout: 10_000 },
      );
    expect(await followed(3, 61_000)).toMatchObject({
      path: DESKTOP,
      waiting: true,
      checks: [{ when: '1s', kept: true }, { when: '10s' }, { when: '60s' }],
    });
    fixture.running.add('claude-desktop');
    save(fixture, { preferences: {} });
    expect(await followed(4, 15_000)).toMatchObject({ waiting: false });
    expect((await followed(5, 60_000)).checks.slice(3)).toMatchObject([
      { when: 'client-start', kept: false },
      { when: 'client-start-60s', kept: false },
    ]);
    await fixture.guardian.close();
    expect(fixture.clock.waiting).toBe(0);
  });

  it('is looked at when a client connects that has been started, not when one does that ran before', async () => {
    const fixture = await migrated();
    fixture.running.add('claude-desktop');
    const sha = (await fixture.timeMachine.list(DESKTOP))[0]!.sha256!;
    await fixture.guardian.followWrite(DESKTOP, sha);
    const waiting = (): boolean => fixture.guardian.followed()[0]!.waiting;
    fixture.guardian.clientConnected('claude-desktop');
    await new Promise(setImmediate);
    expect(waiting()).toBe(true);
    fixture.running.delete('claude-desktop');
    // In another place of the list, and so with another pid.
    fixture.running.add('something else').add('claude-desktop');
    fixture.guardian.clientConnected('claude-code');
    await new Promise(setImmediate);
    expect(waiting()).toBe(true);
    fixture.guardian.clientConnected('claude-desktop');
    await vi.waitFor(() => expect(waiting()).toBe(false), { timeout: 10_000 });
    await fixture.guardian.close();
  });

  it('names us as the author of what a watcher saw first', async () => {
    const fixture = await migrated();
    fixture.files.put(CODE, `${fixture.files.text(CODE)}\n`);
    await fixture.guardian.check(CODE);
    const [seen] = await fixture.timeMachine.list(CODE);
    expect(seen!.author).toEqual({ kind: 'someone' });
    await fixture.guardian.followWrite(CODE, seen!.sha256!, { kind: 'patchbay', action: 'rollback' });
    expect((await fixture.timeMachine.list(CODE))[0]!.author).toEqual({
      kind: 'patchbay',
      action: 'rollback',
    });
    await fixture.guardian.close();
  });
});
