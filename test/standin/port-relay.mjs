// @ts-check
import { Endpoint, MessagePortMain } from './message-ports.mjs';

/**
 * @typedef {{op: 'port', id: number, data: unknown} | {op: 'port-close', id: number}} PortTraffic
 */

/**
 * Carries ports over a wire to another process that only takes plain messages. Every port that crosses has a
 * number; an end in this process stands for the one over there.
 */
export class PortRelay {
  /** @type {Map<number, Endpoint>} */
  #ends = new Map();
  #last = 0;
  #send;

  /** @param {(traffic: PortTraffic) => void} send */
  constructor(send) {
    this.#send = send;
  }

  /**
   * A port leaves this process; the number is to be sent along.
   * @param {MessagePortMain} port
   */
  export(port) {
    this.#last += 1;
    const id = this.#last;
    const end = port.detach();
    this.#ends.set(id, end);
    // What waits in the port must not be sent before the number has been.
    queueMicrotask(() => this.#attach(id, end));
    return id;
  }

  /**
   * A port with this number came from over there.
   * @param {number} id
   */
  import(id) {
    const [mine, theirs] = Endpoint.pair();
    this.#ends.set(id, theirs);
    this.#attach(id, theirs);
    return new MessagePortMain(mine);
  }

  /**
   * Takes in what the wire brought; false when it is no traffic of ports.
   * @param {{op?: string, id?: number, data?: unknown}} traffic
   */
  receive({ op, id = 0, data }) {
    if (op === 'port') this.#ends.get(id)?.post(data);
    else if (op === 'port-close') this.#forget(id);
    else return false;
    return true;
  }

  /** The wire is gone: all ends over there are. */
  closeAll() {
    for (const id of this.#ends.keys()) this.#forget(id);
  }

  /**
   * @param {number} id
   * @param {Endpoint} end
   */
  #attach(id, end) {
    end.attach({
      message: (data) => this.#send({ op: 'port', id, data }),
      close: () => {
        if (this.#ends.delete(id)) this.#send({ op: 'port-close', id });
      },
    });
  }

  /** @param {number} id */
  #forget(id) {
    const end = this.#ends.get(id);
    this.#ends.delete(id);
    end?.close();
  }
}
