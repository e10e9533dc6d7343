import { Worker } from 'node:worker_threads';
import { buffersOf, type FromStore, type StoreStart, type ToStore } from './store-messages.ts';

/** A store somewhere else: in a worker, or in the same thread for tests. */
export interface StoreLink {
  send(message: ToStore): void;
  /** Ends it at once. */
  end(): Promise<void>;
}

export interface StoreLinkEvents {
  message(message: FromStore): void;
  /** It ended without being asked to; whatever it had not confirmed is lost. */
  died(reason: string): void;
}

export type OpenStoreLink = (start: StoreStart, events: StoreLinkEvents) => StoreLink;

/** The store in a worker thread; `script` is the bundled entry point traffic-worker. */
export const workerLink =
  (script: string): OpenStoreLink =>
  (start, events) => {
    const worker = new Worker(script, { workerData: start, name: 'patchbay-traffic', execArgv: [] });
    let reason = 'the worker ended';
    let isAsked = false;
    // The log must not keep the hub alive: close() waits for what has to be written.
    worker.unref();
    worker.on('message', (message: FromStore) => events.message(message));
    worker.on('error', (error: Error) => (reason = error.message));
    worker.on('exit', () => {
      if (!isAsked) events.died(reason);
    });
    return {
      send(message) {
        worker.postMessage(message, buffersOf(message));
      },
      async end() {
        isAsked = true;
        await worker.terminate();
      },
    };
  };
