import { createRestartPolicy, type RestartPolicy } from '../supervisor/restart-policy.ts';

/** Whether a launch may be started (again) now. `failed`: not before somebody acts. */
export type StartPermission = { ok: true } | { ok: false; retryMs: number } | { ok: false; failed: string };

/**
 * Keeps servers that crash from being started in a loop (B04): at most 5 starts in 60 s, with back-off between them,
 * then none until somebody restarts the server or changes its definition. Per launch key: a definition that works in
 * one folder may crash in another.
 */
export interface InstanceRestarts {
  mayStart(key: string): StartPermission;
  /** An instance ended without being asked to, or did not get through its handshake. `reason` is for people. */
  crashed(key: string, server: string, reason: string): void;
  /** Somebody acted: all launches of this server start afresh. */
  forgive(server: string): void;
}

export interface RestartClock {
  /** Monotonic milliseconds. */
  now(): number;
  /** Milliseconds since 1970. */
  wallNow(): number;
  random(): number;
}

/** The wall clock ran on by this much more than the other one: the machine was asleep. */
const SLEPT_MS = 15_000;
/** What ends this soon after a sleep has lost its network, not its mind (D05). */
const AWAKE_GRACE_MS = 30_000;
/** Then too, one start a second is enough. */
const GRACE_SPACING_MS = 1_000;
/** Nobody has asked for longer; the policy forgets crashes sooner. */
const FORGET_MS = 10 * 60_000;
/** Keys of sessions that are gone would add up for as long as a server is down. */
const MAX_ENTRIES = 1_000;

interface Entry {
  server: string;
  policy: RestartPolicy;
  notBefore: number;
  failed: string | null;
  touchedAt: number;
}

export function createInstanceRestarts(clock: RestartClock): InstanceRestarts {
  const entries = new Map<string, Entry>();
  let last = { now: clock.now(), wall: clock.wallNow() };
  let graceUntil = -Infinity;

  /** Linux stops the monotonic clock in a sleep; where it runs on, crashes from before are a minute old by then. */
  const noticeSleep = (): number => {
    const now = clock.now();
    const wall = clock.wallNow();
    if (wall - last.wall - (now - last.now) > SLEPT_MS) {
      graceUntil = now + AWAKE_GRACE_MS;
      for (const entry of entries.values()) if (entry.failed === null) entry.policy.reset();
    }
    last = { now, wall };
    return now;
  };
  /** The longest untouched stand first. */
  const forgetOld = (now: number): void => {
    for (const [key, { failed, touchedAt }] of entries) {
      if (entries.size > MAX_ENTRIES || (failed === null && now - touchedAt > FORGET_MS)) entries.delete(key);
    }
  };

  return {
    mayStart(key) {
      const now = noticeSleep();
      const entry = entries.get(key);
      if (!entry) return { ok: true };
      if (entry.failed !== null) return { ok: false, failed: entry.failed };
      const retryMs = Math.ceil(entry.notBefore - now);
      return retryMs > 0 ? { ok: false, retryMs } : { ok: true };
    },
    crashed(key, server, reason) {
      const now = noticeSleep();
      const entry = entries.get(key) ?? {
        server,
        policy: createRestartPolicy(clock.random),
        notBefore: now,
        failed: null,
        touchedAt: now,
      };
      entry.touchedAt = now;
      entries.delete(key);
      entries.set(key, entry);
      forgetOld(now);
      if (now < graceUntil) {
        entry.notBefore = now + GRACE_SPACING_MS;
        return;
      }
      const decision = entry.policy.crashed(now);
      if (decision.action === 'restart') entry.notBefore = now + decision.delayMs;
      else entry.failed = `${server} keeps crashing: it ${reason}.`;
    },
    forgive(server) {
      for (const [key, entry] of entries) if (entry.server === server) entries.delete(key);
    },
  };
}
