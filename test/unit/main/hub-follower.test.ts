import { describe, expect, test, vi } from 'vitest';
import { silentLogger } from '../../../electron/hub/log.ts';
import type { HubApi, HubLink } from '../../../electron/hub/api/hub-link.ts';
import { createHubFollower, NOTHING_KNOWN } from '../../../electron/main/hub-follower.ts';
import type { HubState } from '../../../electron/main/hub-process.ts';

vi.mock('electron', () => ({}));

/** A hub whose notices and answers the test decides. */
function fakeHub() {
  const listeners = new Set<(state: HubState) => void>();
  const connections: { push(topic: string): void; close: ReturnType<typeof vi.fn> }[] = [];
  let state: HubState = { phase: 'starting' };
  const status = vi.fn((): Promise<{ sessions: number; errorsLastHour?: number }> =>
    Promise.resolve({ sessions: status.mock.calls.length }),
  );
  const clients = vi.fn(() => Promise.resolve([]));
  const failures = vi.fn((_input: object) => Promise.resolve({ exchanges: [{ id: 7 }], more: false }));
  const findings = vi.fn(() => Promise.resolve([{ id: 'f' }]));
  const alerts = vi.fn(() => Promise.resolve([{ rule: 'r' }]));

  const connect = (): Pick<HubLink, 'api' | 'close'> => {
    const topics: string[] = [];
    let wake = (): void => {};
    async function* watch() {
      for (;;) {
        while (topics.length > 0) yield { topic: topics.shift()! };
        await new Promise<void>((resolve) => (wake = resolve));
      }
    }
    const close = vi.fn();
    connections.push({
      push: (topic) => {
        topics.push(topic);
        wake();
      },
      close,
    });
    const client = {
      hub: { status, watch: () => Promise.resolve(watch()) },
      clients: { list: clients },
      traffic: { list: failures },
      guardian: { findings },
      alerts: { list: alerts },
    };
    return { api: client as unknown as HubApi, close };
  };

  return {
    process: {
      get state() {
        return state;
      },
      onChange(listener: (state: HubState) => void) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    enter(next: HubState) {
      state = next;
      for (const listener of listeners) listener(next);
    },
    connect,
    connections,
    status,
    clients,
    failures,
    listeners,
  };
}

const READY: HubState = { phase: 'ready', url: '', port: 1, pid: 1 };

describe('the view of the hub', () => {
  test('is nothing until the hub is ready, then follows its notices', async () => {
    const hub = fakeHub();
    const follower = createHubFollower(hub.process, hub.connect, silentLogger);
    expect([follower.client, follower.view]).toEqual([null, NOTHING_KNOWN]);
    hub.enter(READY);
    expect(follower.client).not.toBeNull();
    hub.connections[0]!.push('status');
    hub.connections[0]!.push('clients');
    await vi.waitFor(() => expect(follower.view).toMatchObject({ status: { sessions: 1 }, clients: [] }), {
      timeout: 10_000,
    });
    hub.connections[0]!.push('sessions');
    await vi.waitFor(() => expect(follower.view.status).toEqual({ sessions: 2 }), { timeout: 10_000 });
    hub.connections[0]!.push('history');
    await vi.waitFor(() => expect(hub.clients).toHaveBeenCalledTimes(2), { timeout: 10_000 });
  });

  test('findings and alerts come by their own notices, failures when their count has changed', async () => {
    const hub = fakeHub();
    const follower = createHubFollower(hub.process, hub.connect, silentLogger);
    hub.enter(READY);
    hub.connections[0]!.push('guardian');
    hub.connections[0]!.push('alerts');
    await vi.waitFor(
      () => expect(follower.view).toMatchObject({ findings: [{ id: 'f' }], alerts: [{ rule: 'r' }] }),
      { timeout: 10_000 },
    );
    hub.status.mockResolvedValue({ sessions: 1, errorsLastHour: 2 });
    hub.connections[0]!.push('status');
    await vi.waitFor(() => expect(follower.view.failures).toEqual([{ id: 7 }]), { timeout: 10_000 });
    expect(hub.failures).toHaveBeenCalledWith({ filter: 'status:error since:1h', limit: 5 });
    hub.connections[0]!.push('sessions');
    await vi.waitFor(() => expect(hub.status).toHaveBeenCalledTimes(2), { timeout: 10_000 });
    await new Promise((resolve) => setImmediate(resolve));
    expect(hub.failures).toHaveBeenCalledTimes(1);
  });

  test('many notices at once cost at most one more question than is under way', async () => {
    const hub = fakeHub();
    let answer: (status: { sessions: number }) => void = () => {};
    hub.status.mockImplementation(() => new Promise((resolve) => (answer = resolve)));
    const follower = createHubFollower(hub.process, hub.connect, silentLogger);
    hub.enter(READY);
    for (const topic of ['status', 'servers', 'sessions', 'status']) hub.connections[0]!.push(topic);
    await vi.waitFor(() => expect(hub.status).toHaveBeenCalledTimes(1), { timeout: 10_000 });
    // Let all four notices in before the first answer.
    await new Promise((resolve) => setImmediate(resolve));
    answer({ sessions: 1 });
    await vi.waitFor(() => expect(hub.status).toHaveBeenCalledTimes(2), { timeout: 10_000 });
    answer({ sessions: 9 });
    await vi.waitFor(() => expect(follower.view.status).toEqual({ sessions: 9 }), { timeout: 10_000 });
    expect(hub.status).toHaveBeenCalledTimes(2);
  });

  test('a crashed hub leaves no old view behind, and the next one is followed over a new connection', async () => {
    const hub = fakeHub();
    const follower = createHubFollower(hub.process, hub.connect, silentLogger);
    const changed = vi.fn();
    follower.onChange(changed);
    hub.enter(READY);
    hub.connections[0]!.push('status');
    await vi.waitFor(() => expect(follower.view.status).not.toBeNull(), { timeout: 10_000 });
    hub.enter({ phase: 'restarting', delayMs: 0, reason: 'x' });
    expect([follower.client, follower.view.status]).toEqual([null, null]);
    expect(hub.connections[0]!.close).toHaveBeenCalledOnce();
    hub.enter(READY);
    hub.connections[1]!.push('status');
    await vi.waitFor(() => expect(follower.view.status).not.toBeNull(), { timeout: 10_000 });
    expect(changed).toHaveBeenCalledTimes(3);
  });

  test('an answer of a hub that is gone is not shown', async () => {
    const hub = fakeHub();
    let answer: (status: { sessions: number }) => void = () => {};
    hub.status.mockImplementation(() => new Promise((resolve) => (answer = resolve)));
    const follower = createHubFollower(hub.process, hub.connect, silentLogger);
    hub.enter(READY);
    hub.connections[0]!.push('status');
    await vi.waitFor(() => expect(hub.status).toHaveBeenCalledOnce(), { timeout: 10_000 });
    hub.enter({ phase: 'stopped' });
    answer({ sessions: 5 });
    await new Promise((resolve) => setImmediate(resolve));
    expect(follower.view.status).toBeNull();
  });

  test('counts that no notice announces are asked for from time to time, until the connection ends', async () => {
    vi.useFakeTimers();
    const hub = fakeHub();
    const follower = createHubFollower(hub.process, hub.connect, silentLogger);
    hub.enter(READY);
    await vi.advanceTimersByTimeAsync(15_000);
    expect(follower.view.status).toEqual({ sessions: 1 });
    await vi.advanceTimersByTimeAsync(15_000);
    expect(follower.view.status).toEqual({ sessions: 2 });
    follower.dispose();
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  test('disposed, it closes its connection and hears nothing more', () => {
    const hub = fakeHub();
    const follower = createHubFollower(hub.process, hub.connect, silentLogger);
    hub.enter(READY);
    follower.dispose();
    expect(hub.connections[0]!.close).toHaveBeenCalledOnce();
    expect(hub.listeners.size).toBe(0);
  });
});
