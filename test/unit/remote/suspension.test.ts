import { describe, expect, it } from 'vitest';
import { createSuspension, retryAfterMs } from '../../../electron/hub/servers/remote/suspension.ts';

function start(): { now: { ms: number }; told: string[]; suspension: ReturnType<typeof createSuspension> } {
  const now = { ms: 1_000 };
  const told: string[] = [];
  return {
    now,
    told,
    suspension: createSuspension(
      () => now.ms,
      (reason) => told.push(reason),
    ),
  };
}

describe('suspension (B29)', () => {
  it('begins with the fifth failure in a row and tells of it once', () => {
    const { suspension, told } = start();
    for (let n = 1; n <= 4; n += 1) suspension.failed(`f${n}`);
    expect(suspension.blockedUntil()).toBe(0);
    suspension.failed('f5');
    expect(suspension.blockedUntil()).toBe(31_000);
    expect(suspension.secondsLeft).toBe(30);
    suspension.failed('late');
    expect(told).toEqual(['f5']);
    expect(suspension.reason).toBe('late');
  });

  it('lets one trial through after the pause, and another when that one never tells', () => {
    const { suspension, now } = start();
    for (let n = 1; n <= 5; n += 1) suspension.failed('f');
    now.ms += 30_000;
    expect(suspension.until).toBe(0);
    expect(suspension.blockedUntil()).toBe(0);
    expect(suspension.blockedUntil()).toBe(61_000);
    now.ms += 30_000;
    expect(suspension.blockedUntil()).toBe(0);
    suspension.succeeded();
    expect([suspension.blockedUntil(), suspension.blockedUntil()]).toEqual([0, 0]);
    expect(suspension.reason).toBeNull();
  });

  it('begins anew when the trial fails', () => {
    const { suspension, now } = start();
    for (let n = 1; n <= 5; n += 1) suspension.failed('f');
    now.ms += 30_000;
    suspension.blockedUntil();
    now.ms += 1_000;
    suspension.failed('again');
    expect(suspension.blockedUntil()).toBe(62_000);
  });

  it('keeps a pause that the server asks for, within reason', () => {
    const { suspension } = start();
    suspension.asked(2_000, 'busy');
    expect(suspension.blockedUntil()).toBe(3_000);
    suspension.asked(24 * 3_600_000, 'for a day');
    expect(suspension.blockedUntil()).toBe(301_000);
    suspension.lift();
    expect(suspension.blockedUntil()).toBe(0);
  });
});

describe('Retry-After', () => {
  it('is read in seconds and as a date', () => {
    const now = Date.parse('Wed, 21 Oct 2026 07:28:00 GMT');
    expect(retryAfterMs('120', now)).toBe(120_000);
    expect(retryAfterMs('Wed, 21 Oct 2026 07:28:30 GMT', now)).toBe(30_000);
    expect(retryAfterMs('Wed, 21 Oct 2026 07:00:00 GMT', now)).toBe(0);
  });

  it('is passed over when it is neither', () => {
    for (const text of [undefined, '', '-1', '1.5', 'soon', '2026-10-21', '99999999999']) {
      expect(retryAfterMs(text, 0), String(text)).toBeNull();
    }
  });
});
