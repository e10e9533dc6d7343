import { describe, expect, it } from 'vitest';
import { createRestartPolicy } from '../../../electron/hub/supervisor/restart-policy.ts';

describe('restart policy', () => {
  it('B04: restarts at once, then backs off, then gives up for good after five starts in a minute', () => {
    const policy = createRestartPolicy(() => 0);
    const decisions = [0, 1_000, 3_000, 7_000, 15_000, 500_000].map((at) => policy.crashed(at));
    expect(decisions).toEqual([
      { action: 'restart', delayMs: 0 },
      { action: 'restart', delayMs: 1_000 },
      { action: 'restart', delayMs: 2_000 },
      { action: 'restart', delayMs: 4_000 },
      { action: 'give-up' },
      { action: 'give-up' },
    ]);
  });

  it('forgets crashes that are more than a minute old', () => {
    const policy = createRestartPolicy(() => 0);
    for (const at of [0, 1, 2, 3]) policy.crashed(at);
    expect(policy.crashed(70_000)).toEqual({ action: 'restart', delayMs: 0 });
  });

  it('starts afresh when somebody acted, and adds at most 20 % jitter', () => {
    const policy = createRestartPolicy(() => 1);
    for (const at of [0, 1, 2, 3, 4, 5]) policy.crashed(at);
    policy.reset();
    expect(policy.crashed(6)).toEqual({ action: 'restart', delayMs: 0 });
    expect(policy.crashed(7)).toEqual({ action: 'restart', delayMs: 1_200 });
  });
});
