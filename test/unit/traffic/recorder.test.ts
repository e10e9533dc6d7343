import { describe, expect, test } from 'vitest';
import { splitLines } from '../../../electron/hub/frames/split-lines.ts';
import type { SessionTap } from '../../../electron/hub/traffic/tap.ts';
import type { Direction, Exchange } from '../../../shared/model/exchange.ts';
import type { HubSettings } from '../../../shared/model/settings.ts';
import { DOWN, session, type Stage, stage as newStage, UP } from './recording-stage.ts';

function stage(settings: Partial<HubSettings> = {}): Stage & { tap: SessionTap } {
  const made = newStage(settings);
  return { ...made, tap: made.recorder.openSession(session) };
}

/** Sends a frame that took `forwardedAt - receivedAt` in the hub. */
function send(
  tap: SessionTap,
  direction: Direction,
  message: object | string,
  { at = 0, hubMs = 0 } = {},
): void {
  const text = typeof message === 'string' ? message : JSON.stringify({ jsonrpc: '2.0', ...message });
  tap.frame(direction, Buffer.from(text), at, at + hubMs);
}

const call = (id: unknown, name = 'create_issue'): object => ({ id, method: 'tools/call', params: { name } });
const outcomes = (rows: readonly Exchange[]): string[] =>
  rows.map(({ rpcId, outcome }) => `${rpcId} ${outcome}`);

test('a call and its answer become one exchange with its phases', () => {
  const { tap, stored, bodies } = stage();
  send(tap, UP, call(7), { at: 100, hubMs: 0.25 });
  expect(stored()[0]?.toExchange()).toMatchObject({
    id: 1,
    outcome: 'pending',
    durationMs: null,
    responseBytes: null,
  });
  send(tap, DOWN, { id: 7, result: { content: [] } }, { at: 110, hubMs: 0.5 });
  const [row] = stored();
  expect({ exchange: row?.toExchange(), phases: row?.phases }).toEqual({
    exchange: {
      id: 1,
      at: 1_700_000_000_000,
      ...session,
      direction: UP,
      kind: 'request',
      method: 'tools/call',
      tool: 'create_issue',
      rpcId: '7',
      outcome: 'ok',
      errorCode: null,
      errorMessage: null,
      requestBytes: 79,
      responseBytes: 48,
      durationMs: 10.5,
      hubMs: 0.75,
    },
    phases: { queueMs: 0, hubInMs: 0.25, serverMs: 9.75, hubOutMs: 0.5 },
  });
  expect([...bodies.keys()]).toEqual(['1 request', '1 response']);
});

describe('outcomes', () => {
  test('error, tool error, and both directions with the same id at once', () => {
    const { tap, rows, finished } = stage();
    send(tap, UP, call(0));
    send(tap, DOWN, { id: 0, method: 'roots/list' });
    send(tap, UP, call(1));
    send(tap, UP, { id: 0, result: { roots: [] } });
    send(tap, DOWN, { id: 0, error: { code: -32_602, message: 'Unknown tool' } });
    send(tap, DOWN, { id: 1, result: { isError: true } });
    expect(rows().map(({ direction, outcome, errorCode }) => [direction, outcome, errorCode])).toEqual([
      [UP, 'error', -32_602],
      [DOWN, 'ok', null],
      [UP, 'tool-error', null],
    ]);
    expect(finished.length).toBe(3);
  });

  test('the end of a session: what is unanswered is lost, what comes later is not heard', () => {
    const { tap, rows } = stage();
    send(tap, UP, call(1));
    send(tap, UP, call(2));
    send(tap, DOWN, { id: 1, result: {} });
    tap.close();
    tap.close();
    send(tap, UP, call(3));
    expect(outcomes(rows())).toEqual(['1 ok', '2 lost']);
  });

  test('a cancelled call, and its answer that comes all the same (B19)', () => {
    const { tap, rows, recorder } = stage();
    send(tap, UP, call(1));
    send(tap, UP, { method: 'notifications/cancelled', params: { requestId: 1 } });
    send(tap, DOWN, { id: 1, result: {} });
    expect(rows().map(({ kind, outcome }) => `${kind} ${outcome}`)).toEqual([
      'request cancelled',
      'notification ok',
    ]);
    expect(recorder.ignored.strayAnswers).toBe(1);
  });

  test('C10 a cancellation of an unknown call, or of one the other way, cancels nothing', () => {
    const { tap, rows } = stage();
    send(tap, UP, call(1));
    send(tap, UP, { method: 'notifications/cancelled', params: { requestId: 2 } });
    send(tap, DOWN, { method: 'notifications/cancelled', params: { requestId: 1 } });
    expect(rows()[0]?.outcome).toBe('pending');
  });
});

describe('B20 C05 ids are matched by their exact text', () => {
  test.each([
    ['1', '"1"', false],
    ['0', '""', false],
    ['9007199254740993', '9007199254740992', false],
    ['9007199254740993', '9007199254740993', true],
    ['"a"', String.raw`"\u0061"`, true],
    [String.raw`"\ud83d\ude00"`, '"😀"', true],
  ])('%s and %s: %s', (asked, answered, isSame) => {
    const { tap, rows, recorder } = stage();
    send(tap, UP, `{"jsonrpc":"2.0","id":${asked},"method":"m"}`);
    send(tap, DOWN, `{"jsonrpc":"2.0","id":${answered},"result":{}}`);
    expect([rows()[0]?.rpcId, rows()[0]?.outcome, recorder.ignored.strayAnswers]).toEqual([
      asked,
      isSame ? 'ok' : 'pending',
      isSame ? 0 : 1,
    ]);
  });

  test('an answer given twice, without a call, or without an id is counted', () => {
    const { tap, rows, recorder } = stage();
    send(tap, UP, call(1));
    send(tap, DOWN, { id: 1, result: {} });
    send(tap, DOWN, { id: 1, result: {} });
    send(tap, DOWN, { id: 99, result: {} });
    send(tap, DOWN, { id: null, error: { code: -32_700, message: 'Parse error' } });
    // A client cannot answer its own call.
    send(tap, UP, call(2));
    send(tap, UP, { id: 2, result: {} });
    expect(outcomes(rows())).toEqual(['1 ok', '2 pending']);
    expect(recorder.ignored.strayAnswers).toBe(4);
  });

  test('C04 an id used again: the answer belongs to the newer call', () => {
    const { tap, rows } = stage();
    send(tap, UP, call(1, 'first'));
    send(tap, UP, call(1, 'second'));
    send(tap, DOWN, { id: 1, result: {} });
    expect(rows().map(({ tool, outcome }) => `${tool} ${outcome}`)).toEqual(['first lost', 'second ok']);
  });

  test('sessions do not mix', () => {
    const { tap, recorder, rows } = stage();
    const other = recorder.openSession({ ...session, sessionId: 's2' });
    send(tap, UP, call(1));
    send(other, UP, call(1));
    send(other, DOWN, { id: 1, result: {} });
    expect(rows().map(({ sessionId, outcome }) => `${sessionId} ${outcome}`)).toEqual([
      's1 pending',
      's2 ok',
    ]);
  });
});

describe('notifications and what is no message', () => {
  test('progress and log messages are rows of their own', () => {
    const { tap, rows } = stage();
    send(tap, DOWN, { method: 'notifications/progress', params: { progressToken: 1, progress: 5 } });
    send(tap, DOWN, { method: 'notifications/message', params: { level: 'info', data: 'x' } });
    expect(rows().map(({ kind, method, outcome, rpcId }) => [kind, method, outcome, rpcId])).toEqual([
      ['notification', 'notifications/progress', 'ok', null],
      ['notification', 'notifications/message', 'ok', null],
    ]);
  });

  test('B07 B10 B21 C07 other lines are counted and leave everything in step', () => {
    const { tap, rows, recorder } = stage();
    send(tap, UP, call(1));
    for (const line of [
      'Listening on 3000',
      '',
      '[]',
      '{"jsonrpc":"2.0"}',
      `{"jsonrpc":"2.0","id":1,"result":${'['.repeat(5_000)}`,
    ]) {
      send(tap, DOWN, line);
    }
    tap.frame(DOWN, Buffer.from([0x7b, 0xff, 0xfe, 0x00]), 0, 0);
    send(tap, DOWN, { id: 1, result: {} });
    expect(outcomes(rows())).toEqual(['1 ok']);
    expect(recorder.ignored).toEqual({ notMessages: 6, strayAnswers: 0 });
  });

  test('B09 a frame too long to keep answers the only call that waits', () => {
    const { tap, rows, recorder } = stage();
    send(tap, UP, call(1));
    tap.oversized(DOWN, 100_000_000);
    expect(rows()[0]).toMatchObject({ outcome: 'ok', responseBytes: 100_000_000 });
    send(tap, UP, call(2));
    send(tap, UP, call(3));
    tap.oversized(DOWN, 1);
    tap.oversized(UP, 1);
    expect(outcomes(rows())).toEqual(['1 ok', '2 pending', '3 pending']);
    expect(recorder.ignored.notMessages).toBe(2);
  });

  test('B09 what is left of a frame too long to keep tells whose answer it is', () => {
    const { tap, rows, bodies, recorder } = stage();
    const oversized = (direction: Direction, text: string): void => {
      const line = (): void => expect.unreachable();
      splitLines({ line, oversized: (bytes, edges) => tap.oversized(direction, bytes, edges) }, 10_000).push(
        Buffer.from(`${text}\n`),
      );
    };
    const long = 'x'.repeat(20_000);
    send(tap, UP, call(1));
    send(tap, UP, call(2));
    send(tap, UP, call(3));
    oversized(
      DOWN,
      `{"jsonrpc":"2.0","id":2,"result":{"content":[{"type":"text","text":"${long}"}],"isError":true}}`,
    );
    oversized(DOWN, `{"jsonrpc":"2.0","id":7,"result":{"text":"${long}"}}`);
    oversized(
      UP,
      `{"jsonrpc":"2.0","id":4,"method":"tools/call","params":{"name":"put","arguments":{"a":"${long}"}}}`,
    );
    send(tap, DOWN, { id: 4, result: {} });
    expect(rows().map(({ rpcId, tool, outcome }) => [rpcId, tool, outcome])).toEqual([
      ['1', 'create_issue', 'pending'],
      ['2', 'create_issue', 'tool-error'],
      ['3', 'create_issue', 'pending'],
      ['4', 'put', 'ok'],
    ]);
    expect(rows().map(({ requestBytes }) => requestBytes > 20_000)).toEqual([false, false, false, true]);
    expect([bodies.get('4 request'), recorder.ignored.notMessages]).toEqual(['', 1]);
  });

  test('the target is a tool only where there is one', () => {
    const { tap, rows } = stage();
    const named = ['tools/call', 'prompts/get', 'resources/read', 'tools/list', 'x/custom'];
    for (const [id, method] of named.entries())
      send(tap, UP, { id, method, params: { name: 'n', uri: 'u' } });
    expect(rows().map(({ tool }) => tool)).toEqual(['n', 'n', 'n', null, null]);
  });
});

describe('while nothing is recorded', () => {
  test('no row and no frame is kept, but calls are counted', () => {
    const { tap, rows, bodies, finished, settings } = stage({ recordTraffic: false });
    send(tap, UP, call(1));
    send(tap, DOWN, { id: 1, error: { code: 1, message: 'x' } });
    send(tap, DOWN, { method: 'notifications/message', params: {} });
    expect([rows(), bodies.size]).toEqual([[], 0]);
    expect(finished.map(({ outcome }) => outcome)).toEqual(['error']);
    settings.recordTraffic = true;
    send(tap, UP, call(2));
    expect(outcomes(rows())).toEqual(['2 pending']);
  });

  test('a call from before gets its outcome without its frame; one begun meanwhile stays unseen', () => {
    const { tap, rows, bodies, settings } = stage();
    send(tap, UP, call(1));
    settings.recordTraffic = false;
    send(tap, UP, call(2));
    send(tap, DOWN, { id: 1, result: {} });
    settings.recordTraffic = true;
    send(tap, DOWN, { id: 2, result: {} });
    expect(outcomes(rows())).toEqual(['1 ok']);
    expect([...bodies.keys()]).toEqual(['1 request']);
  });
});

describe('bounds', () => {
  test('at most 10,000 calls wait; the oldest is given up', () => {
    const { tap, rows } = stage({ captureBodies: false });
    for (let id = 0; id < 10_001; id += 1) send(tap, UP, call(id));
    const all = rows();
    expect(all.filter(({ outcome }) => outcome === 'lost').map(({ rpcId }) => rpcId)).toEqual(['0']);
  });

  test('names are cut, bodies are cut at the limit, and are not kept when that is switched off', () => {
    const { tap, rows, bodies } = stage({ captureLimitBytes: 20 });
    send(tap, UP, { id: 1, method: 'm'.repeat(1_000), params: {} });
    send(tap, UP, call(2, 't'.repeat(5_000)));
    send(tap, DOWN, { id: 2, error: { code: 1, message: 'e'.repeat(5_000) } });
    expect(
      rows().map(({ method, tool, errorMessage }) => [method.length, tool?.length, errorMessage?.length]),
    ).toEqual([
      [256, undefined, undefined],
      [10, 1_024, 2_048],
    ]);
    expect([...bodies.values()].map(({ length }) => length)).toEqual([20, 20, 20]);
    const off = stage({ captureBodies: false });
    send(off.tap, UP, call(1));
    off.rows();
    expect(off.bodies.size).toBe(0);
  });

  test('E16 E17 C08 names from the wire: secrets out, NUL shown, the rest as it is', () => {
    const { tap, rows } = stage();
    const secret = ['ghp', 'aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3z'].join('_');
    send(tap, UP, call('\u001B[31m', `x ${secret}`));
    send(tap, UP, { id: secret, method: '__proto__' });
    send(tap, UP, { id: 3, method: 'resources/read', params: { uri: 'https://me:pw@host/a\0b' } });
    send(tap, DOWN, { id: 3, error: { code: 1, message: `Bad token=${secret}\u001B[0m` } });
    expect(
      rows().map(({ method, tool, rpcId, errorMessage }) => [method, tool, rpcId, errorMessage]),
    ).toEqual([
      ['tools/call', 'x [redacted]', String.raw`"\u001b[31m"`, null],
      ['__proto__', null, '"[redacted]"', null],
      ['resources/read', 'https://[redacted]@host/a\u2400b', '3', 'Bad token=[redacted]\u001B[0m'],
    ]);
  });
});
