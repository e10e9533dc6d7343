import { describe, expect, it } from 'vitest';
import { unlikeAnswers } from '../../../electron/hub/sharing/sharing-evidence.ts';
import type { CapturedBody, ExchangeDetail } from '../../../shared/model/exchange.ts';

const body = (value: unknown): CapturedBody => {
  const text = JSON.stringify(value);
  return { text, bytes: text.length, truncated: false, redactions: 0 };
};

function call(sessionId: string, args: unknown, result: unknown): ExchangeDetail {
  const exchange = {
    id: 1,
    at: 0,
    sessionId,
    client: 'c',
    project: null,
    server: 's',
    instanceId: 'i',
    direction: 'client-to-server',
    kind: 'request',
    method: 'tools/call',
    tool: 'look',
    rpcId: '1',
    outcome: 'ok',
    errorCode: null,
    errorMessage: null,
    requestBytes: 1,
    responseBytes: 1,
    durationMs: 1,
    hubMs: 0,
  } as const;
  return {
    exchange,
    request: body({ params: { name: 'look', arguments: args, _meta: { progressToken: Math.random() } } }),
    response: body({ result }),
    phases: null,
  };
}

describe('the same call in several sessions', () => {
  it('steady in each and different between them: the session keeps something', () => {
    const calls = [call('a', 1, 'x'), call('a', 1, 'x'), call('b', 1, 'y'), call('b', 1, 'y')];
    expect(unlikeAnswers(calls)).toEqual(['look']);
  });

  it('what varies within a session proves nothing', () => {
    const calls = [call('a', 1, 1), call('a', 1, 2), call('b', 1, 3), call('b', 1, 4)];
    expect(unlikeAnswers(calls)).toEqual([]);
  });

  it('one call in each session proves nothing', () => {
    expect(unlikeAnswers([call('a', 1, 'x'), call('b', 1, 'y')])).toEqual([]);
  });

  it('other arguments are another call', () => {
    const calls = [call('a', 1, 'x'), call('a', 1, 'x'), call('b', 2, 'y'), call('b', 2, 'y')];
    expect(unlikeAnswers(calls)).toEqual([]);
  });

  it('bodies that were cut or are no JSON are passed over', () => {
    const cut = call('a', 1, 'x');
    cut.response = { text: '{"res', bytes: 900, truncated: true, redactions: 0 };
    expect(unlikeAnswers([cut, cut, call('b', 1, 'y'), call('b', 1, 'y')])).toEqual([]);
  });
});
