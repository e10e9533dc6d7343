import type { OutboundFrame } from '../server-connection.ts';

/**
 * Keeps the order that HTTP does not: requests travel side by side, so one sent right after
 * `notifications/initialized` could arrive before it and be refused. What comes after it waits until it was taken.
 */
export interface SendGate {
  /** Takes a frame of its own (no view); sends it now or when the gate opens. */
  pass(frame: Buffer, about: OutboundFrame): void;
  /** The server has taken, or never will take, what the gate was closed for. */
  open(): void;
  readonly heldBytes: number;
  /** Forgets a request that waits; true when it did. */
  forget(request: number): boolean;
}

/** `send` may be called from within `pass` and `open`. */
export function createSendGate(send: (frame: Buffer, about: OutboundFrame) => void): SendGate {
  let isOpen = true;
  let waiting: { frame: Buffer; about: OutboundFrame }[] = [];
  const pass = (frame: Buffer, about: OutboundFrame): void => {
    if (!isOpen) {
      waiting.push({ frame, about });
      return;
    }
    if (about.method === 'notifications/initialized') isOpen = false;
    send(frame, about);
  };
  return {
    pass,
    open() {
      isOpen = true;
      const ready = waiting;
      waiting = [];
      for (const { frame, about } of ready) pass(frame, about);
    },
    get heldBytes() {
      return waiting.reduce((sum, { frame }) => sum + frame.length, 0);
    },
    forget(request) {
      const before = waiting.length;
      waiting = waiting.filter(({ about }) => about.request !== request);
      return waiting.length < before;
    },
  };
}
