/** Bounds how many children start at the same time: starting is work for the processor, and one at a time is ready first. */
export interface StartSlots {
  /** Resolves with the function that gives the slot back; safe to call twice. */
  take(urgency: 'now' | 'ahead'): Promise<() => void>;
}

/**
 * `count` slots, handed out in the order of asking. A start ahead of need waits until nobody else does, and never
 * takes the last slot.
 */
export function createStartSlots(count: number): StartSlots {
  let taken = 0;
  const now: (() => void)[] = [];
  const ahead: (() => void)[] = [];

  const next = (): void => {
    while (taken < count && now.length > 0) {
      taken += 1;
      now.shift()!();
    }
    while (taken < count - 1 && now.length === 0 && ahead.length > 0) {
      taken += 1;
      ahead.shift()!();
    }
  };
  return {
    async take(urgency) {
      await new Promise<void>((resolve) => {
        (urgency === 'now' ? now : ahead).push(resolve);
        next();
      });
      let isBack = false;
      return () => {
        if (isBack) return;
        isBack = true;
        taken -= 1;
        next();
      };
    },
  };
}
