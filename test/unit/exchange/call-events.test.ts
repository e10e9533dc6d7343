import { describe, expect, it } from 'vitest';
import {
  axisLength,
  axisTicks,
  callEvents,
  usageLine,
} from '../../../renderer/features/exchange/call-events.ts';
import { toolHintsIn } from '../../../renderer/features/exchange/tool-hints.ts';
import type { Exchange, ExchangeContext } from '../../../shared/model/exchange.ts';
import { bodyOf, detailOf, exchangeOf } from './details.ts';

const nothing: ExchangeContext = { messages: [], nearby: [], sameTool: [], stderr: [], usage: [] };
const message = (rest: Partial<Exchange>, text: string | null): ExchangeContext['messages'][number] => ({
  exchange: exchangeOf({ direction: 'server-to-client', kind: 'notification', durationMs: null, ...rest }),
  body: text === null ? null : bodyOf(text),
});

describe('callEvents', () => {
  it('puts phases, messages and stderr on one axis in order of time', () => {
    const context: ExchangeContext = {
      ...nothing,
      messages: [
        message(
          { id: 6, at: 1_010, method: 'notifications/progress' },
          '{"params":{"progress":1,"total":3,"message":"one"}}',
        ),
        message(
          { id: 7, at: 1_020, method: 'notifications/message' },
          '{"params":{"level":"info","data":{"a":1}}}',
        ),
        message(
          { id: 8, at: 1_030, kind: 'request', method: 'roots/list', durationMs: 5 },
          '{"method":"roots/list"}',
        ),
        message({ id: 9, at: 1_040, method: 'notifications/tools/list_changed' }, null),
      ],
      stderr: [
        { at: 900, instanceId: 'i', text: '\u001B[31mbefore\u001B[0m' },
        { at: 1_050, instanceId: 'i', text: 'during' },
      ],
    };
    const detail = detailOf({ phases: { queueMs: 5, hubInMs: 1, serverMs: 93, hubOutMs: 1 } });
    expect(
      callEvents(detail, context).map(({ kind, atMs, tookMs, text }) => [kind, atMs, tookMs, text]),
    ).toEqual([
      ['stderr', -100, null, 'before'],
      ['queue', 0, 5, ''],
      ['hubIn', 5, 1, ''],
      ['server', 6, 93, ''],
      ['progress', 10, null, '1 / 3 · one'],
      ['logging', 20, null, 'info: {"a":1}'],
      ['requests', 30, 5, 'roots/list'],
      ['other', 40, null, 'notifications/tools/list_changed'],
      ['stderr', 50, null, 'during'],
      ['hubOut', 99, 1, ''],
    ]);
  });

  it('leaves out a wait that there was not, and shows messages whose body is no JSON', () => {
    const context = {
      ...nothing,
      messages: [message({ at: 1_001, method: 'notifications/progress' }, 'oops')],
    };
    expect(callEvents(detailOf({}), context).map(({ kind, text }) => [kind, text])).toEqual([
      ['hubIn', ''],
      ['server', ''],
      ['progress', 'notifications/progress'],
      ['hubOut', ''],
    ]);
  });

  it('has keys of its own for each event', () => {
    const stderr = Array.from({ length: 20 }, () => ({ at: 1_000, instanceId: 'i', text: 'x' }));
    const events = callEvents(detailOf({}), { ...nothing, stderr });
    expect(new Set(events.map(({ key }) => key)).size).toBe(events.length);
  });
});

describe('the axis', () => {
  it('is as long as the call, or as what is known of a running one', () => {
    expect(axisLength(detailOf({}), [])).toBe(100);
    const running = detailOf({ phases: null, exchange: { durationMs: null, outcome: 'pending' } });
    const context = { ...nothing, messages: [message({ at: 1_700, method: 'x' }, null)] };
    expect(axisLength(running, callEvents(running, context))).toBe(700);
    expect(axisLength(running, [])).toBe(1);
  });

  it.each([
    [100, [0, 20, 40, 60, 80, 100]],
    [0.3, [0, 0.1, 0.2, 0.3]],
    [7_300, [0, 2_000, 4_000, 6_000]],
    [1, [0, 0.2, 0.4, 0.6, 0.8, 1]],
  ])('has round ticks for %d ms', (length, ticks) => {
    expect(axisTicks(length).map((tick) => Number(tick.toFixed(6)))).toEqual(ticks);
  });
});

describe('usageLine', () => {
  const reading = (atMs: number, value: number) => ({ atMs, value });
  it('gets its ends from the readings just outside', () => {
    expect(usageLine([reading(-100, 0), reading(100, 20), reading(300, 40)], 200)).toEqual({
      peak: 30,
      points: [
        { x: 0, y: 10 / 30 },
        { x: 0.5, y: 20 / 30 },
        { x: 1, y: 1 },
      ],
    });
  });
  it('spans a call between two readings', () => {
    expect(usageLine([reading(-50, 10), reading(150, 10)], 100)?.points).toEqual([
      { x: 0, y: 1 },
      { x: 1, y: 1 },
    ]);
  });
  it('is none without two points, and flat for nothing used', () => {
    expect(usageLine([reading(50, 1)], 100)).toBeNull();
    expect(usageLine([], 100)).toBeNull();
    expect(usageLine([reading(0, 0), reading(100, 0)], 100)?.points.map(({ y }) => y)).toEqual([0, 0]);
  });
});

describe('toolHintsIn', () => {
  const answer = (tools: unknown): string => JSON.stringify({ result: { tools } });
  it('reads what the tool says of itself and no more', () => {
    const tools = [{ name: 'a' }, { name: 'b', annotations: { destructiveHint: true, readOnlyHint: 'yes' } }];
    expect(toolHintsIn(answer(tools), 'a')).toEqual({ readOnly: null, destructive: null, idempotent: null });
    expect(toolHintsIn(answer(tools), 'b')).toEqual({ readOnly: null, destructive: true, idempotent: null });
    expect(toolHintsIn(answer(tools), 'c')).toBeNull();
  });
  it.each(['', '{}', '{"result":{"tools":{}}}', '{"error":{}}'])('is null for %j', (text) => {
    expect(toolHintsIn(text, 'a')).toBeNull();
  });
  it('does not take half a tool for a harmless one', () => {
    const text = answer([{ name: 'first' }, { name: 'b', annotations: { destructiveHint: true } }]);
    expect(toolHintsIn(text.slice(0, text.indexOf('annotations')), 'b')).toBeNull();
    expect(toolHintsIn(text.slice(0, text.indexOf('annotations')), 'first')).not.toBeNull();
  });
});
