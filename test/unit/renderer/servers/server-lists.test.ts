import { expect, it } from 'vitest';
import { sessionsOf } from '../../../../renderer/features/servers/session-holders.ts';
import { byUse, totalsOf } from '../../../../renderer/features/servers/sharing-totals.ts';
import { linesSince } from '../../../../renderer/features/servers/stderr-tail.ts';
import type { InstanceView } from '../../../../shared/model/server.ts';
import type { SessionView } from '../../../../shared/model/session.ts';
import type { SharingAdvice } from '../../../../shared/model/sharing.ts';

const line = (at: number, text: string) => ({ at, instanceId: 'i', text });

it('counts what was written since a view was frozen', () => {
  const frozen = [line(1, 'a'), line(2, 'b')];
  expect(linesSince(frozen, frozen)).toBe(0);
  expect(linesSince(frozen, [...frozen, line(2, 'c'), line(3, 'b')])).toBe(2);
  expect(linesSince(frozen, [line(7, 'x'), line(8, 'y')])).toBe(2);
  expect(linesSince([], frozen)).toBe(2);
});

const session = (id: string, server: string): SessionView => ({
  id,
  client: 'claude-code',
  server,
  transport: 'shim',
  era: 'legacy',
  pid: 1,
  cwd: '/',
  openedAt: 0,
  resumed: 0,
});

it('finds sessions on the endpoint of all servers by the instance they hold', () => {
  const instances = [{ sessionId: 'all' } as InstanceView];
  const sessions = [
    session('own', 'files'),
    session('all', '*'),
    session('other', 'git'),
    session('idle', '*'),
  ];
  expect(sessionsOf({ name: 'files', instances }, sessions).map(({ id }) => id)).toEqual(['own', 'all']);
});

const advice = (given: Partial<SharingAdvice>): SharingAdvice => ({
  server: 's',
  isolation: 'session',
  verdict: 'good',
  reasons: [],
  offer: 'shared',
  sessions: 3,
  processesNow: 3,
  processesThen: 1,
  rssNow: 300,
  rssSaved: 200,
  trial: null,
  ...given,
});

it('sums what is offered, not what is tried already or not advised', () => {
  const all = [
    advice({}),
    advice({ rssSaved: null, rssNow: null }),
    advice({ trial: { before: 'session', since: 0 } }),
    advice({ verdict: 'bad', offer: null, processesThen: 3 }),
  ];
  expect(totalsOf(all)).toEqual({ processes: 4, bytes: 200 });
  expect(totalsOf([advice({ rssSaved: null })]).bytes).toBeNull();
});

it('lists trials first, then what saves most', () => {
  const all = [
    advice({ server: 'bad', verdict: 'bad', offer: null }),
    advice({ server: 'little', processesThen: 2 }),
    advice({ server: 'much' }),
    advice({ server: 'tried', verdict: 'possible', trial: { before: 'session', since: 0 } }),
  ];
  expect(byUse(all).map(({ server }) => server)).toEqual(['tried', 'much', 'little', 'bad']);
});
