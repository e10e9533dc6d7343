import { expect, it, vi } from 'vitest';
import { createWebSocketLink, retryDelayMs } from '../../../renderer/lib/websocket-link.ts';
import { fakeWindow } from './fake-window.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));

it('takes the token out of the address and offers it as a subprotocol only', () => {
  const page = fakeWindow('#token=s3cret%2B');
  const link = createWebSocketLink(page.window);
  expect(page.hash()).toBe('#/traffic');
  expect(page.sockets).toHaveLength(1);
  expect(page.sockets[0]).toMatchObject({
    url: 'ws://127.0.0.1:12009/rpc',
    protocols: ['patchbay.v1', 'bearer.s3cret+'],
  });
  expect(link.state()).toEqual({ phase: 'connecting' });
  page.sockets[0]!.open();
  expect(link.state().phase).toBe('connected');
  link.dispose();
});

it('asks for the printed link when there is no token, and starts when one is pasted into the same tab', () => {
  const page = fakeWindow('#/clients');
  const link = createWebSocketLink(page.window);
  expect(link.state()).toEqual({ phase: 'refused', reason: 'no-token' });
  expect(page.sockets).toHaveLength(0);
  page.goTo('#token=abc');
  expect(page.sockets).toHaveLength(1);
  expect(link.state()).toEqual({ phase: 'connecting' });
  link.dispose();
});

it('says that a hub which is there does not accept the token, after it refused twice', async () => {
  const page = fakeWindow('#token=wrong');
  const link = createWebSocketLink(page.window);
  page.sockets[0]!.close();
  await settled();
  expect(link.state()).toEqual({ phase: 'connecting' });
  page.clock.timers();
  page.sockets[1]!.close();
  await settled();
  expect(link.state()).toEqual({ phase: 'refused', reason: 'token-rejected' });
  expect(page.clock.timerDelays).toEqual([]);
  link.retry();
  expect(page.sockets).toHaveLength(3);
  link.dispose();
});

it('keeps trying with growing delays while no hub answers, and recovers', async () => {
  const page = fakeWindow('#token=abc');
  const link = createWebSocketLink(page.window);
  page.isHubThere = false;
  for (let attempt = 0; attempt < 4; attempt += 1) {
    page.sockets.at(-1)!.close();
    await settled();
    expect(link.state()).toEqual({ phase: 'lost' });
    page.clock.timers();
  }
  page.sockets.at(-1)!.open();
  expect(link.state().phase).toBe('connected');
  link.dispose();
});

it('marks a lost connection as lost and comes back with a new client', async () => {
  const page = fakeWindow('#token=abc');
  const link = createWebSocketLink(page.window);
  const listener = vi.fn();
  link.subscribe(listener);
  page.sockets[0]!.open();
  const first = link.state();
  page.sockets[0]!.close();
  await settled();
  expect(link.state()).toEqual({ phase: 'lost' });
  page.clock.timers();
  page.sockets[1]!.open();
  expect(link.state().phase).toBe('connected');
  expect(link.state()).not.toBe(first);
  expect(listener).toHaveBeenCalledTimes(3);
  link.dispose();
});

it('does nothing more once it is disposed of', async () => {
  const page = fakeWindow('#token=abc');
  const link = createWebSocketLink(page.window);
  page.sockets[0]!.open();
  link.dispose();
  await settled();
  expect(page.sockets[0]!.readyState).toBe(3);
  expect(page.clock.timerDelays).toEqual([]);
  page.goTo('#token=other');
  expect(page.sockets).toHaveLength(1);
});

it('doubles the delay up to five seconds, give or take a quarter', () => {
  expect([1, 2, 3, 5, 6, 50].map((attempt) => retryDelayMs(attempt, () => 0.5))).toEqual([
    250, 500, 1_000, 4_000, 5_000, 5_000,
  ]);
  expect(retryDelayMs(6, () => 0)).toBe(3_750);
  expect(retryDelayMs(6, () => 0.9999)).toBeLessThanOrEqual(6_250);
});
