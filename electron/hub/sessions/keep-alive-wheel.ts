/** Something that says from time to time that it is still there. */
export interface Beating {
  /** Where it stands on the wheel; the wheel's own. -1: nowhere. */
  slot: number;
  beat(): void;
}

/** One turn, in steps of `STEP_MS`: proxies close and laptops forget streams that are silent for longer (C02). */
const STEPS = 15;
const STEP_MS = 1_000;

/**
 * One timer for all streams, instead of one each: entering and leaving costs next to nothing, which every call does,
 * and ten thousand idle streams are spread over the turn. Runs only while somebody is on it.
 */
export interface KeepAliveWheel {
  /** Beats it about every 15 s, the first time 14 to 15 s from now. */
  add(entry: Beating): void;
  remove(entry: Beating): void;
  close(): void;
}

export function createKeepAliveWheel(stepMs: number = STEP_MS): KeepAliveWheel {
  const slots = Array.from({ length: STEPS }, () => new Set<Beating>());
  let present = 0;
  let size = 0;
  let timer: NodeJS.Timeout | null = null;

  const step = (): void => {
    // Left running over short pauses: arming a timer costs more than finding nothing to do.
    if (size === 0) return stop();
    present = (present + 1) % STEPS;
    for (const entry of slots[present]!) entry.beat();
  };
  const stop = (): void => {
    if (timer) clearInterval(timer);
    timer = null;
  };

  return {
    add(entry) {
      entry.slot = present;
      slots[present]!.add(entry);
      size += 1;
      timer ??= setInterval(step, stepMs).unref();
    },
    remove(entry) {
      if (entry.slot === -1 || !slots[entry.slot]!.delete(entry)) return;
      entry.slot = -1;
      size -= 1;
    },
    close: stop,
  };
}
