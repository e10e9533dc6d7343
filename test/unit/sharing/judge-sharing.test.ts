import { describe, expect, it } from 'vitest';
import type { InstanceView } from '../../../shared/model/server.ts';
import { judgeSharing, type Judged } from '../../../electron/hub/sharing/judge-sharing.ts';
import type { SharingEvidence } from '../../../electron/hub/sharing/sharing-evidence.ts';

const instance = (client: string, cwd: string, rssBytes: number | null = 50_000_000): InstanceView => ({
  id: `${client}-${cwd}`,
  state: 'running',
  pid: 1,
  startedAt: 0,
  sessionId: 's',
  client,
  cwd,
  rssBytes,
  cpuPercent: 0,
});

const seen: SharingEvidence = {
  sessions: 3,
  calls: 100,
  serverRequests: [],
  roots: [],
  subscribes: false,
  readsOnly: null,
  unlikeAnswers: [],
};

const judge = (evidence: Partial<SharingEvidence>, server: Partial<Judged['server']> = {}) =>
  judgeSharing({
    server: { name: 'x', isolation: 'session', instances: [], ...server },
    sessions: 3,
    evidence: { ...seen, ...evidence },
    trial: null,
  });

const codes = (evidence: Partial<SharingEvidence>) => judge(evidence).reasons.map(({ code }) => code);

describe('what speaks for sharing', () => {
  it('offers it to all where every tool only reads', () => {
    expect(judge({ readsOnly: true })).toMatchObject({ verdict: 'good', offer: 'shared' });
  });

  it('offers it within one client where nothing is known', () => {
    expect(judge({})).toMatchObject({ verdict: 'possible', offer: 'client', reasons: [] });
  });

  it.each<[string, Partial<SharingEvidence>]>([
    ['roots', { roots: ['file:///a', 'file:///b'] }],
    ['server-requests', { serverRequests: ['sampling/createMessage'] }],
    ['session-state', { unlikeAnswers: ['next-thought'] }],
  ])('%s speaks against it, whatever else does for it', (code, evidence) => {
    const advice = judge({ ...evidence, readsOnly: true });
    expect(advice).toMatchObject({ verdict: 'bad', offer: null });
    expect(advice.reasons.map((reason) => reason.code)).toContain(code);
  });

  it('one root for all sessions is no difference', () => {
    expect(codes({ roots: ['file:///a'] })).toEqual([]);
  });

  it('says when it has seen too little', () => {
    expect(codes({ calls: 3 })).toEqual(['few-calls']);
    expect(codes({ sessions: 1 })).toEqual(['few-calls']);
  });

  it('offers nothing where it is shared already', () => {
    expect(judge({ readsOnly: true }, { isolation: 'client' })).toMatchObject({
      verdict: 'already',
      offer: null,
    });
  });
});

describe('what sharing saves', () => {
  const instances = [
    instance('claude-code', '/a'),
    instance('claude-code', '/a'),
    instance('claude-desktop', '/a'),
    instance('claude-code', '/b'),
  ];

  it('folders stay apart', () => {
    expect(judge({ readsOnly: true }, { instances })).toMatchObject({
      processesNow: 4,
      processesThen: 2,
      rssNow: 200_000_000,
      rssSaved: 100_000_000,
    });
  });

  it('clients stay apart where it is offered within one', () => {
    expect(judge({}, { instances })).toMatchObject({
      processesNow: 4,
      processesThen: 3,
      rssSaved: 50_000_000,
    });
  });

  it('where memory is not told, none is claimed', () => {
    const untold = [instance('a', '/a', null), instance('a', '/a', null)];
    expect(judge({}, { instances: untold })).toMatchObject({
      processesThen: 1,
      rssNow: null,
      rssSaved: null,
    });
  });
});
