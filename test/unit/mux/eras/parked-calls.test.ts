import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readEnvelope } from '../../../../electron/hub/frames/read-envelope.ts';
import { callDigest, createParkedCalls } from '../../../../electron/hub/routes/mux/eras/parked-calls.ts';
import { acknowledged, readListenFilter, tagged } from '../../../../electron/hub/routes/mux/eras/listen.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const proof = { principal: 'me', method: 'tools/call', digest: 'd' };
const open = (max = 2) => {
  const expired: string[] = [];
  return {
    expired,
    parked: createParkedCalls<string>({ ttlMs: 600_000, max, onExpired: (call) => expired.push(call) }),
  };
};

describe('a parked call', () => {
  test('comes back once, with its state and its proof', () => {
    const { parked } = open();
    const state = parked.park('call', proof)!;
    expect(state.length).toBeGreaterThanOrEqual(32);
    expect(parked.resume(state, proof)).toBe('call');
    expect(parked.resume(state, proof)).toBeNull();
  });

  test.each([
    ['another user', { ...proof, principal: 'you' }],
    ['another method', { ...proof, method: 'prompts/get' }],
    ['other arguments', { ...proof, digest: 'e' }],
  ])('is not given to %s, and stays for its owner (C18)', (_, other) => {
    const { parked } = open();
    const state = parked.park('call', proof)!;
    expect(parked.resume(state, other)).toBeNull();
    expect(parked.resume(`${state}x`, proof)).toBeNull();
    expect(parked.resume(state, proof)).toBe('call');
  });

  test('is given up after ten minutes, and never above the bound', () => {
    const { parked, expired } = open(1);
    const state = parked.park('call', proof)!;
    expect(parked.park('other', proof)).toBeNull();
    vi.advanceTimersByTime(600_000);
    expect(expired).toEqual(['call']);
    expect(parked.resume(state, proof)).toBeNull();
    expect(parked.size).toBe(0);
  });

  test('leaves no timer when it is dropped or all are closed', () => {
    const { parked, expired } = open();
    parked.park('a', proof);
    parked.park('b', proof);
    parked.drop('a');
    expect(parked.size).toBe(1);
    parked.close();
    expect(vi.getTimerCount()).toBe(0);
    expect(expired).toEqual([]);
  });
});

test('the same call has the same digest whatever the order of its arguments', () => {
  const digest = (params: object): string => {
    const frame = Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }));
    return callDigest(frame, readEnvelope(frame)!);
  };
  const one = digest({ name: 'a', arguments: { x: { p: 1, q: [2] }, y: 2 } });
  expect(digest({ requestState: 's', arguments: { y: 2, x: { q: [2], p: 1 } }, name: 'a' })).toBe(one);
  expect(digest({ name: 'a', arguments: { x: { p: 1, q: [3] }, y: 2 } })).not.toBe(one);
  expect(digest({ name: 'b', arguments: { x: { p: 1, q: [2] }, y: 2 } })).not.toBe(one);
});

describe('subscriptions/listen', () => {
  const request = (params: unknown): Buffer =>
    Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: 'l', method: 'subscriptions/listen', params }));

  test('tells what is wanted, or that it does not', () => {
    const frame = request({
      notifications: { toolsListChanged: true, resourceSubscriptions: ['a:b'], odd: 1 },
    });
    expect(readListenFilter(frame, readEnvelope(frame)!)).toEqual({
      toolsListChanged: true,
      resourceSubscriptions: ['a:b'],
    });
    for (const params of [{}, { notifications: 5 }, { notifications: { toolsListChanged: 'yes' } }]) {
      const bad = request(params);
      expect(readListenFilter(bad, readEnvelope(bad)!)).toBeNull();
    }
  });

  test('every message carries the id of the listen request, as it was written', () => {
    expect(JSON.parse(acknowledged('"listen:0"', { toolsListChanged: true }).toString())).toMatchObject({
      params: {
        notifications: { toolsListChanged: true },
        _meta: { 'io.modelcontextprotocol/subscriptionId': 'listen:0' },
      },
    });
    const frame = Buffer.from('{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}');
    expect(JSON.parse(tagged(frame, readEnvelope(frame)!, '0').toString())).toEqual({
      jsonrpc: '2.0',
      method: 'notifications/tools/list_changed',
      params: { _meta: { 'io.modelcontextprotocol/subscriptionId': 0 } },
    });
    const updated = Buffer.from(
      '{"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"a:b"}}',
    );
    expect(JSON.parse(tagged(updated, readEnvelope(updated)!, '1').toString())).toHaveProperty('params', {
      uri: 'a:b',
      _meta: { 'io.modelcontextprotocol/subscriptionId': 1 },
    });
  });
});
