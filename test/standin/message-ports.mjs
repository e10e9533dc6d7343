// @ts-check
import { clone, createEvent } from './host.mjs';
import { loudEmitter } from './loud.mjs';

/**
 * @typedef {object} Receiver
 * @property {(data: unknown) => void} message
 * @property {() => void} close the other end is gone
 */

/** One end of a channel inside this process. Messages wait until a receiver is attached. */
export class Endpoint {
  /** @type {Endpoint | null} */
  #peer = null;
  /** @type {Receiver | null} */
  #receiver = null;
  /** @type {unknown[]} */
  #waiting = [];
  #isOpen = true;

  /** @returns {[Endpoint, Endpoint]} */
  static pair() {
    const one = new Endpoint();
    const other = new Endpoint();
    one.#peer = other;
    other.#peer = one;
    return [one, other];
  }

  /** @param {unknown} data */
  post(data) {
    if (this.#isOpen && this.#peer) this.#peer.#arrive(data);
  }

  /** @param {Receiver} receiver */
  attach(receiver) {
    this.#receiver = receiver;
    for (const data of this.#waiting.splice(0)) receiver.message(data);
    if (!this.#isOpen) receiver.close();
  }

  /** Closes the channel; only the other end is told, as with real ports. */
  close() {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    if (this.#peer) this.#peer.#lost();
  }

  /** @param {unknown} data */
  #arrive(data) {
    if (!this.#isOpen) return;
    if (this.#receiver) this.#receiver.message(data);
    else this.#waiting.push(data);
  }

  #lost() {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#receiver?.close();
  }
}

/** Electron's MessagePortMain, in main and in utility processes. */
export class MessagePortMain extends loudEmitter('MessagePortMain') {
  /** @type {Endpoint | null} */
  #end;
  #isStarted = false;

  /** @param {Endpoint} end */
  constructor(end) {
    super();
    this.#end = end;
  }

  /**
   * @param {unknown} data
   * @param {MessagePortMain[]} [transfer]
   */
  postMessage(data, transfer = []) {
    if (transfer.length > 0) throw new Error('stand-in: a port through a port is not implemented');
    this.#end?.post(clone(data));
  }

  start() {
    if (this.#isStarted || !this.#end) return;
    this.#isStarted = true;
    // A task of its own per message, so that promises settle in between, as they do in Electron.
    this.#end.attach({
      message: (data) =>
        void setImmediate(() => this.#end && this.emit('message', createEvent({ data, ports: [] }))),
      close: () => void setImmediate(() => this.emit('close')),
    });
  }

  close() {
    this.#end?.close();
    this.#end = null;
  }

  /** Takes the channel's end out, for a transfer: this object is of no use afterwards. */
  detach() {
    if (!this.#end || this.#isStarted)
      throw new Error('stand-in: only a port that was not started is transferred');
    const end = this.#end;
    this.#end = null;
    return end;
  }
}

export class MessageChannelMain {
  constructor() {
    const [one, other] = Endpoint.pair();
    this.port1 = new MessagePortMain(one);
    this.port2 = new MessagePortMain(other);
  }
}
