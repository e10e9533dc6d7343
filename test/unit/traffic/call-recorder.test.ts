import { describe, expect, test } from 'vitest';
import { readEnvelope } from '../../../electron/hub/frames/read-envelope.ts';
import { NO_TAP } from '../../../electron/hub/traffic/no-tap.ts';
import type { CallTap, TappedFrame } from '../../../electron/hub/traffic/tap.ts';
import { DOWN, session, type Stage, stage as newStage, UP } from './recording-stage.ts';

function stage(): Stage & { calls: CallTap } {
  const made = newStage();
  return { ...made, calls: made.recorder.openCalls(session) };
}

/** A frame that came at `at` and took `hubMs` to be handed on, `queuedMs` of it in the queue. */
function frame(message: object, { at = 0, hubMs = 0, queuedMs = 0 } = {}): TappedFrame {
  const bytes = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }));
  const times = { receivedAt: at, forwardedAt: at + hubMs };
  return { bytes, envelope: readEnvelope(bytes)!, ...times, ...(queuedMs > 0 ? { queuedMs } : {}) };
}

const call = (id: unknown, name = 'create_issue'): object => ({ id, method: 'tools/call', params: { name } });

test('a call and its answer, with the time it waited for its turn', () => {
  const { calls, stored, bodies } = stage();
  const open = calls.request(UP, frame(call('a'), { at: 100, hubMs: 7.25, queuedMs: 7 }));
  expect(stored()[0]?.outcome).toBe('pending');
  open.answered(frame({ id: 41, result: { content: [] } }, { at: 110, hubMs: 0.5 }));
  const [record] = stored();
  expect(record?.toExchange()).toMatchObject({
    ...session,
    at: 1_700_000_000_000 - 7,
    direction: UP,
    kind: 'request',
    tool: 'create_issue',
    // As the client wrote it; the mux's own id is nobody's business.
    rpcId: '"a"',
    outcome: 'ok',
    durationMs: 10.5,
    hubMs: 0.75,
  });
  expect(record?.phases).toEqual({ queueMs: 7, hubInMs: 0.25, serverMs: 2.75, hubOutMs: 0.5 });
  expect([...bodies.keys()]).toEqual(['1 request', '1 response']);
});

test('C01 C04 calls with one id at the same time are not mixed up', () => {
  const { calls, recorder, rows } = stage();
  const other = recorder.openCalls({ ...session, sessionId: 's2' });
  const open = [
    calls.request(UP, frame(call(1, 'first'))),
    calls.request(UP, frame(call(1, 'second'))),
    other.request(UP, frame(call(1, 'third'))),
    calls.request(DOWN, frame({ id: 1, method: 'roots/list' })),
  ];
  open[1]!.answered(frame({ id: 9, error: { code: -32_602, message: 'no' } }));
  open[3]!.answered(frame({ id: 1, result: { roots: [] } }));
  open[0]!.answered(frame({ id: 8, result: { isError: true } }));
  expect(rows().map(({ tool, outcome, errorCode }) => [tool, outcome, errorCode])).toEqual([
    ['first', 'tool-error', null],
    ['second', 'error', -32_602],
    ['third', 'pending', null],
    [null, 'ok', null],
  ]);
});

describe('the end of a call', () => {
  test('is told once: what comes later is not heard', () => {
    const { calls, rows, finished } = stage();
    const [answered, cancelled, lost, large] = [1, 2, 3, 4].map((id) => calls.request(UP, frame(call(id))));
    answered!.answered(frame({ id: 1, result: {} }));
    cancelled!.cancelled();
    lost!.lost();
    large!.answeredOversized(100_000_000);
    for (const one of [answered, cancelled, lost, large]) {
      one!.lost();
      one!.answered(frame({ id: 1, error: { code: 1, message: 'late' } }));
      one!.cancelled();
      one!.answeredOversized(1);
    }
    expect(rows().map(({ outcome, responseBytes }) => [outcome, responseBytes])).toEqual([
      ['ok', 36],
      ['cancelled', null],
      ['lost', null],
      ['ok', 100_000_000],
    ]);
    expect(finished.length).toBe(4);
  });

  test('comes with the end of the conversation at the latest', () => {
    const { calls, rows, finished } = stage();
    const open = [1, 2].map((id) => calls.request(UP, frame(call(id))));
    open[0]!.answered(frame({ id: 1, result: {} }));
    calls.close();
    calls.close();
    calls.request(UP, frame(call(3))).answered(frame({ id: 3, result: {} }));
    calls.notification(UP, frame({ method: 'notifications/initialized' }));
    expect(rows().map(({ rpcId, outcome }) => `${rpcId} ${outcome}`)).toEqual(['1 ok', '2 lost']);
    expect(finished.length).toBe(2);
  });

  test('of the oldest is given up when 10,000 wait', () => {
    const { calls, rows } = stage();
    for (let id = 0; id < 10_002; id += 1) calls.request(UP, frame(call(id)));
    const lost = rows().filter(({ outcome }) => outcome === 'lost');
    expect(lost.map(({ rpcId }) => rpcId)).toEqual(['0', '1']);
  });
});

test('notifications are rows of their own and end no call', () => {
  const { calls, rows } = stage();
  calls.request(UP, frame(call(1)));
  calls.notification(UP, frame({ method: 'notifications/cancelled', params: { requestId: 1 } }));
  calls.notification(
    DOWN,
    frame({ method: 'notifications/progress', params: { progressToken: 1, progress: 1 } }),
  );
  expect(rows().map(({ kind, method, outcome }) => [kind, method, outcome])).toEqual([
    ['request', 'tools/call', 'pending'],
    ['notification', 'notifications/cancelled', 'ok'],
    ['notification', 'notifications/progress', 'ok'],
  ]);
});

test('what the hub answers itself belongs to its endpoint', () => {
  const { recorder, rows } = stage();
  const calls = recorder.openCalls({ ...session, server: 'profiles/work', instanceId: '' });
  calls.request(UP, frame({ id: 1, method: 'tools/list' })).answered(frame({ id: 1, result: { tools: [] } }));
  expect(rows()[0]).toMatchObject({
    server: 'profiles/work',
    method: 'tools/list',
    outcome: 'ok',
    tool: null,
  });
});

test('a tap for what is no traffic takes everything', () => {
  const calls = NO_TAP.openCalls(session);
  const open = calls.request(UP, frame(call(1)));
  open.answered(frame({ id: 1, result: {} }));
  open.answeredOversized(1);
  open.cancelled();
  open.lost();
  calls.notification(UP, frame({ method: 'a' }));
  calls.close();
  const pipe = NO_TAP.openSession(session);
  pipe.frame(UP, Buffer.from('x'), 0, 0);
  pipe.oversized(UP, 1);
  pipe.close();
});
