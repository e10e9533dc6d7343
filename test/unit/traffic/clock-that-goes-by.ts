import { vi } from 'vitest';

/**
 * A clock on which so much passes between two looks at it, so that how far a step gets is no matter of the machine.
 * `vi.restoreAllMocks` takes it away.
 */
export function clockThatGoesBy(ms: number): void {
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => (now += ms));
}
