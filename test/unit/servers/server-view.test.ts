import { describe, expect, it } from 'vitest';
import { remoteFacts, viewOf, type LiveFacts } from '../../../electron/hub/servers/server-view.ts';
import type { InstanceView } from '../../../shared/model/server.ts';

const instance = (state: InstanceView['state']): InstanceView => ({
  id: 'i',
  state,
  pid: 1,
  startedAt: 0,
  sessionId: 's',
  client: 'c',
  cwd: '/',
  rssBytes: null,
  cpuPercent: null,
});
const live = (states: InstanceView['state'][], isFailed = false): LiveFacts => ({
  instances: states.map(instance),
  isFailed,
  restarts: 0,
  lastError: null,
  login: null,
  loginAttempt: null,
});

describe('a server as people see it', () => {
  it.each([
    [live([]), 'idle'],
    [live([], true), 'failed'],
    [live(['starting']), 'starting'],
    [live(['starting', 'running'], true), 'running'],
    [live(['stopping']), 'running'],
  ] as const)('its state follows its instances: %j', (facts, state) => {
    expect(viewOf('a', { command: 'x' }, facts).state).toBe(state);
    expect(viewOf('a', { command: 'x', enabled: false }, facts).state).toBe('disabled');
  });

  it('shows what it shares and keeps warm, and the names of its variables only', () => {
    const definition = { command: 'x', isolation: 'client' as const, warm: 2, env: { TOKEN: 'secret' } };
    const view = viewOf('a', definition, live([]));
    expect(view).toMatchObject({ isolation: 'client', warm: 2, envNames: ['TOKEN'] });
    expect(JSON.stringify(view)).not.toContain('secret');
    expect(viewOf('b', { command: 'x' }, live([]))).toMatchObject({ isolation: 'session', warm: 0 });
  });

  it('B29: a remote server runs while it is connected, and has failed while it is suspended or wants a login', () => {
    const health = {
      connections: [],
      suspendedUntil: 0,
      lastFailure: 'status 500',
      loginNeeded: null,
      login: 'needed' as const,
    };
    const one = { id: 'r', startedAt: 1, sessionId: 's', client: 'c' };
    const view = (change: object) =>
      viewOf('far', { url: 'https://x' }, remoteFacts({ ...health, ...change }, 0, null));
    expect(view({})).toMatchObject({ state: 'idle', lastError: 'status 500', transport: 'remote' });
    expect(view({ connections: [one] })).toMatchObject({
      state: 'running',
      instances: [{ id: 'r', pid: null }],
    });
    expect(view({ connections: [one], suspendedUntil: 5 }).state).toBe('failed');
    expect(view({ loginNeeded: 'Log in.' })).toMatchObject({ state: 'failed', lastError: 'Log in.' });
  });
});
