import type { OpenStoreLink, StoreLinkEvents } from '../../../electron/hub/traffic/store-link.ts';
import { buffersOf, type FromStore, type ToStore } from '../../../electron/hub/traffic/store-messages.ts';
import { serveStore, type StoreServer } from '../../../electron/hub/traffic/store-server.ts';

export interface SameThreadStore {
  open: OpenStoreLink;
  /** What was sent to the store so far. */
  sent: ToStore[];
  /** Holds every message back, both ways, until it is called with false. */
  hold(isHeld: boolean): void;
  /** Ends the store as a crash of the worker would. */
  crash(): void;
  /** How often a store was started. */
  starts(): number;
}

/** The store without a worker; messages are copied and arrive later, as between threads. */
export function sameThreadStore(now: () => number): SameThreadStore {
  const sent: ToStore[] = [];
  let isHeld = false;
  let starts = 0;
  let held: (() => void)[] = [];
  let server: StoreServer | null = null;
  let current: StoreLinkEvents | null = null;
  const deliver = (action: () => void): void => void (isHeld ? held.push(action) : setImmediate(action));

  return {
    sent,
    open(start, events) {
      starts += 1;
      current = events;
      const isCurrent = (): boolean => current === events;
      deliver(() => {
        server = serveStore({
          ...start,
          now,
          send: (message: FromStore) =>
            deliver(
              () => isCurrent() && events.message(structuredClone(message, { transfer: buffersOf(message) })),
            ),
        });
      });
      return {
        send(message) {
          const copy = structuredClone(message, { transfer: buffersOf(message) });
          sent.push(copy);
          deliver(() => isCurrent() && server?.receive(copy));
        },
        end() {
          server?.receive({ type: 'close' });
          current = null;
          return Promise.resolve();
        },
      };
    },
    hold(next) {
      isHeld = next;
      if (isHeld) return;
      for (const action of held) setImmediate(action);
      held = [];
    },
    crash() {
      const events = current;
      current = null;
      server?.receive({ type: 'close' });
      server = null;
      events?.died('the worker ended');
    },
    starts: () => starts,
  };
}
