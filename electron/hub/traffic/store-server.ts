import { ExchangeStore } from './exchange-store.ts';
import { answerInSteps } from './store-answers.ts';
import type { FromStore, StoreQuestion, StoreStart, ToStore } from './store-messages.ts';
import { isPassing, isUnreadable, type OpenDatabase } from './store-open.ts';
import { StepQueue } from './store-steps.ts';

const TRIM_EVERY_MS = 60_000;
const REOPEN_AFTER_MS = 5_000;
/** A search that finds nothing says at most this often how far it is. */
const PROGRESS_EVERY_MS = 100;

export interface StoreServerOptions extends StoreStart {
  send(message: FromStore): void;
  now?: () => number;
  open?: OpenDatabase;
}

export interface StoreServer {
  receive(message: ToStore): void;
}

/**
 * The worker's side of the store. No failure ends it: a store that cannot be opened or written is tried again with
 * the next rows, one that turns out to be damaged is set aside, and what was not kept is said (D06, D07).
 */
export function serveStore(options: StoreServerOptions): StoreServer {
  const { file, send, open } = options;
  const now = options.now ?? Date.now;
  let { limits } = options;
  let store: ExchangeStore | null = null;
  let openTriedAt = 0;
  let trimmedAt = 0;
  let isTrimming = false;
  let isClosed = false;
  /** Why there is no store. */
  let reason = 'the store is not open';
  const steps = new StepQueue();

  const openStore = (): void => {
    openTriedAt = now();
    try {
      store = new ExchangeStore(file, open);
      send({ type: 'opened', maxId: store.maxId(), warning: store.warning });
      trim();
    } catch (error) {
      giveUp(error);
    }
  };

  const giveUp = (error: unknown): void => {
    discard();
    reason = reasonOf(error);
    send({ type: 'unavailable', reason });
  };

  const discard = (): void => {
    try {
      store?.close();
    } catch {
      // It is being given up; its file is dealt with when it is opened again.
    }
    store = null;
    steps.dropAll();
  };

  /** A damaged file is set aside by opening anew; after any other trouble the file is opened again later. */
  const recover = (error: unknown): void => {
    if (isPassing(error) || !store) return;
    if (!isUnreadable(error)) return giveUp(error);
    discard();
    openStore();
  };

  const trim = (): void => {
    if (isTrimming) return;
    isTrimming = true;
    trimmedAt = now();
    const step = (): void => {
      isTrimming = false;
      if (isClosed || !store) return;
      try {
        if (!store.trim(limits, now())) return;
      } catch (error) {
        // The next write meets the same trouble and reports it.
        return recover(error);
      }
      isTrimming = true;
      setImmediate(step);
    };
    setImmediate(step);
  };

  const write = ({ batch, above }: Extract<ToStore, { type: 'write' }>): void => {
    const done = (dropped: number, error: string | null): void =>
      send({ type: 'written', dropped, error, spent: { cells: batch.cells, bodies: batch.bodies } });
    if (store?.isGone()) discard();
    if (!store && now() - openTriedAt >= REOPEN_AFTER_MS) openStore();
    try {
      if (!store) throw new Error(reason);
      const kept = store.write(batch, above);
      done(batch.rows - kept, null);
      if (now() - trimmedAt >= TRIM_EVERY_MS) trim();
    } catch (error) {
      done(batch.rows, reasonOf(error));
      recover(error);
    }
  };

  const answer = (question: StoreQuestion): void => {
    const { call } = question;
    const refuse = (error: unknown): void => send({ type: 'refused', call, reason: reasonOf(error) });
    if (!store) return refuse(reason);
    const answering = answerInSteps(store, question);
    let saidAt = now();
    steps.add(call, {
      step() {
        try {
          const { done, value } = answering.next();
          if (done) send({ type: 'answer', call, answer: value });
          else if (value && (value.exchanges.length > 0 || now() - saidAt >= PROGRESS_EVERY_MS)) {
            saidAt = now();
            send({ type: 'found', call, found: value });
          }
          return done === true;
        } catch (error) {
          refuse(error);
          recover(error);
          return true;
        }
      },
      dropped: () => refuse('it was opened again'),
    });
  };

  openStore();
  return {
    receive(message) {
      if (isClosed) return;
      if (message.type === 'write') write(message);
      else if (message.type === 'limits') {
        limits = message.limits;
        trim();
      } else if (message.type === 'close') {
        isClosed = true;
        discard();
        send({ type: 'closed' });
      } else if (message.type === 'cancel') steps.cancel(message.call);
      else answer(message);
    },
  };
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
