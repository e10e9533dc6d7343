import { describe, expect, it } from 'vitest';
import { sharingOf } from '../../../electron/hub/servers/sharing.ts';

describe('how instances are shared', () => {
  it('gives a session a process of its own, which ends when it does', () => {
    expect(sharingOf({ command: 'x', copies: 4, idleTimeout: 9 })).toEqual({
      isolation: 'session',
      copies: 1,
      concurrency: 1_024,
      idleMs: 0,
      startTimeoutMs: 60_000,
      callTimeoutMs: 600_000,
    });
  });

  it('B18: bounds a shared process by default', () => {
    expect(sharingOf({ command: 'x', isolation: 'shared' })).toMatchObject({
      copies: 1,
      concurrency: 64,
      idleMs: 300_000,
    });
  });

  it('follows the definition', () => {
    const definition = {
      url: 'https://x',
      isolation: 'client' as const,
      copies: 3,
      concurrency: 2,
      idleTimeout: 0,
      startTimeout: 1,
      timeout: 2,
    };
    expect(sharingOf(definition)).toEqual({
      isolation: 'client',
      copies: 3,
      concurrency: 2,
      idleMs: 0,
      startTimeoutMs: 1,
      callTimeoutMs: 2,
    });
  });

  it('does not end a shared process that shall be kept warm', () => {
    expect(sharingOf({ command: 'x', isolation: 'user', warm: 1, idleTimeout: 5 }).idleMs).toBe(Infinity);
  });
});
