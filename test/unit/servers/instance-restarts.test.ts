import { beforeEach, describe, expect, it } from 'vitest';
import {
  createInstanceRestarts,
  type InstanceRestarts,
} from '../../../electron/hub/servers/instance-restarts.ts';

let now: number;
let wall: number;
let restarts: InstanceRestarts;

beforeEach(() => {
  now = 5_000;
  wall = 1_700_000_000_000;
  restarts = createInstanceRestarts({ now: () => now, wallNow: () => wall, random: () => 0 });
});

const pass = (ms: number): void => {
  now += ms;
  wall += ms;
};
/** Waits as told until it may start; false when it never may. */
function start(key: string): boolean {
  const permission = restarts.mayStart(key);
  if (permission.ok) return true;
  if ('failed' in permission) return false;
  pass(permission.retryMs);
  return restarts.mayStart(key).ok;
}

describe('restarts of shared instances', () => {
  it('B04: a crash loop gets five starts in a minute, further and further apart, and then none', () => {
    const starts: number[] = [];
    for (let tries = 0; tries < 20 && start('k'); tries += 1) {
      starts.push(now - 5_000);
      restarts.crashed('k', 'github', 'exited with code 1');
    }
    expect(starts).toEqual([0, 0, 1_000, 3_000, 7_000]);
    pass(3_600_000);
    expect(restarts.mayStart('k')).toEqual({
      ok: false,
      failed: 'github keeps crashing: it exited with code 1.',
    });
  });

  it('keeps launches apart, and starts all of a server afresh when somebody acts', () => {
    for (const key of ['k', 'l']) {
      for (let crash = 0; crash < 5; crash += 1) restarts.crashed(key, 'github', 'exited with code 1');
    }
    for (let crash = 0; crash < 5; crash += 1) restarts.crashed('m', 'other', 'exited with code 1');
    expect(restarts.mayStart('n')).toEqual({ ok: true });
    restarts.forgive('github');
    expect([start('k'), start('l'), start('m')]).toEqual([true, true, false]);
  });

  it('forgets crashes of long ago', () => {
    for (let crash = 0; crash < 4; crash += 1) restarts.crashed('k', 'github', 'exited with code 1');
    pass(61_000);
    restarts.crashed('k', 'github', 'exited with code 1');
    expect(restarts.mayStart('k')).toEqual({ ok: true });
  });

  it('D05: what dies around a sleep does not count, and is not started in a tight loop either', () => {
    for (let crash = 0; crash < 4; crash += 1) restarts.crashed('k', 'github', 'exited with code 1');
    wall += 8 * 3_600_000;
    for (let crash = 0; crash < 10; crash += 1) {
      expect(start('k')).toBe(true);
      restarts.crashed('k', 'github', 'lost its network');
      expect(restarts.mayStart('k')).toEqual({ ok: false, retryMs: 1_000 });
    }
    pass(31_000);
    for (let crash = 0; crash < 5; crash += 1) restarts.crashed('k', 'github', 'exited with code 1');
    expect(start('k')).toBe(false);
  });

  it('D04: a wall clock that jumps back changes nothing', () => {
    for (let crash = 0; crash < 5; crash += 1) {
      wall -= 365 * 24 * 3_600_000;
      restarts.crashed('k', 'github', 'exited with code 1');
    }
    expect(start('k')).toBe(false);
  });

  it('does not grow with the sessions that have met a server which is down', () => {
    for (let key = 0; key < 1_500; key += 1) {
      for (let crash = 0; crash < 5; crash += 1) restarts.crashed(`k${key}`, 'github', 'exited with code 1');
    }
    expect(restarts.mayStart('k0')).toEqual({ ok: true });
    expect(restarts.mayStart('k1499').ok).toBe(false);
  });
});
