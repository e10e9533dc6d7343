// @ts-check
// Loaded first in a utility process: gives it `process.parentPort`.
import { isMainThread } from 'node:worker_threads';
import { createEvent, disguise } from './host.mjs';
import { loudEmitter } from './loud.mjs';
import { PortRelay } from './port-relay.mjs';

const send = (/** @type {object} */ message) => {
  if (process.connected) process.send?.(message, undefined, {}, () => {});
};

class ParentPort extends loudEmitter('parentPort') {
  #relay = new PortRelay(send);
  /** @type {{data: unknown, ports: number[]}[] | null} Kept until somebody listens. */
  #waiting = [];

  constructor() {
    super();
    process.on('message', (/** @type {any} */ message) => {
      if (this.#relay.receive(message)) return;
      if (this.#waiting) this.#waiting.push(message);
      else this.#deliver(message);
    });
    this.on('newListener', (name) => {
      if (name !== 'message' || !this.#waiting) return;
      const waiting = this.#waiting;
      this.#waiting = null;
      setImmediate(() => {
        for (const message of waiting) this.#deliver(message);
      });
    });
  }

  /** @param {unknown} data */
  postMessage(data) {
    send({ op: 'message', data });
  }

  /** @param {{data: unknown, ports: number[]}} message */
  #deliver({ data, ports }) {
    this.emit('message', createEvent({ data, ports: ports.map((id) => this.#relay.import(id)) }));
  }
}

// Worker threads inherit the switches of the process and come by here too.
if (isMainThread) {
  Object.defineProperty(process, 'parentPort', { value: new ParentPort() });
  disguise('utility');
  // A utility process does not outlive the browser process, and hears nothing of its end.
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
}
