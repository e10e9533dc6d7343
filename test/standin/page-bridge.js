// @ts-check
// Runs in a page before any script of its own, and then runs the preload script with a sandboxed
// `require('electron')`: contextBridge and ipcRenderer. Unlike in Electron both share the page's world.

/**
 * @typedef {(channel: {sender: unknown, ports: readonly MessagePort[]}, ...args: unknown[]) => void} Listener
 * @typedef {{op: 'message', channel: string, args: unknown[], ports: number[]}} ChannelMessage
 * @typedef {{op: 'port', id: number, data: unknown}} PortMessage
 * @typedef {{op: 'port-close', id: number}} PortClose
 * @typedef {object} Given
 * @property {(message: object) => Promise<{value?: unknown, error?: string}>} [standinCall] the way to main
 * @property {(require: unknown, module: unknown, exports: unknown, process: unknown) => void} [standinPreload]
 */
(() => {
  const given = /** @type {Given} */ (globalThis);
  const { standinCall: call, standinPreload: preload } = given;
  delete given.standinCall;
  delete given.standinPreload;
  // Preload scripts do not run in sub-frames.
  if (window !== window.top || !call || window.location.href === 'about:blank') return;
  void call({ op: 'document-start', origin: window.location.origin });

  const cloned = (/** @type {unknown[]} */ args) => {
    try {
      return structuredClone(args);
    } catch {
      throw new Error('An object could not be cloned.');
    }
  };

  /** @type {Map<number, MessagePort>} Of each port that came from main, our end; the page holds the other. */
  const ports = new Map();
  const openPort = (/** @type {number} */ id) => {
    const { port1, port2 } = new MessageChannel();
    ports.set(id, port1);
    port1.onmessage = (event) => {
      if (event.ports.length > 0) throw new Error('stand-in: a port through a port is not implemented');
      void call({ op: 'port', id, data: event.data });
    };
    port1.addEventListener('close', () => {
      if (ports.delete(id)) void call({ op: 'port-close', id });
    });
    return port2;
  };

  /** @type {Map<string, Listener[]>} */
  const listeners = new Map();
  const ipcRenderer = {
    on(/** @type {string} */ channel, /** @type {Listener} */ listener) {
      listeners.set(channel, [...(listeners.get(channel) ?? []), listener]);
      return ipcRenderer;
    },
    send(/** @type {string} */ channel, /** @type {unknown[]} */ ...args) {
      void call({ op: 'send', channel, args: cloned(args) });
    },
    async invoke(/** @type {string} */ channel, /** @type {unknown[]} */ ...args) {
      const { value, error } = await call({ op: 'invoke', channel, args: cloned(args) });
      if (error !== undefined) throw new Error(`Error invoking remote method '${channel}': ${error}`);
      return value;
    },
  };

  // One task per message, as Electron delivers them, so that promises settle in between.
  const lane = new MessageChannel();
  lane.port1.onmessage = ({ data: { channel, args }, ports: handed }) => {
    for (const listener of listeners.get(channel) ?? []) {
      try {
        listener({ sender: ipcRenderer, ports: handed }, ...args);
      } catch (error) {
        reportError(error);
      }
    }
  };
  const receive = (/** @type {ChannelMessage | PortMessage | PortClose} */ message) => {
    if (message.op === 'message') {
      const { channel, args, ports: ids } = message;
      lane.port2.postMessage({ channel, args }, ids.map(openPort));
      return;
    }
    const port = ports.get(message.id);
    if (message.op === 'port') port?.postMessage(message.data);
    else {
      ports.delete(message.id);
      port?.close();
    }
  };
  Object.defineProperty(window, Symbol.for('standin.receive'), {
    value: (/** @type {(ChannelMessage | PortMessage | PortClose)[]} */ batch) => batch.forEach(receive),
  });

  /**
   * What crosses the context bridge: plain data is copied, functions are wrapped, prototypes are lost.
   * @param {unknown} value
   * @returns {unknown}
   */
  const bridged = (value) => {
    if (typeof value === 'function')
      return (/** @type {unknown[]} */ ...args) => bridged(value(...args.map(bridged)));
    if (typeof value === 'symbol') throw new Error('contextBridge: symbols cannot cross');
    if (value === null || typeof value !== 'object') return value;
    if (value instanceof Promise) return value.then(bridged);
    if (value instanceof Error) return new Error(value.message);
    if (Array.isArray(value)) return Object.freeze(value.map(bridged));
    if (Object.prototype.toString.call(value) !== '[object Object]') return structuredClone(value);
    const members = Object.entries(value).map(([key, member]) => [key, bridged(member)]);
    return Object.freeze(Object.fromEntries(members));
  };
  const contextBridge = {
    exposeInMainWorld(/** @type {string} */ key, /** @type {unknown} */ api) {
      if (key in window)
        throw new Error(`Cannot bind an API on top of an existing property on the window object: ${key}`);
      Object.defineProperty(window, key, { value: bridged(api), enumerable: true });
    },
  };

  const loud = (/** @type {string} */ name, /** @type {object} */ members) =>
    new Proxy(members, {
      get(target, key) {
        if (typeof key === 'symbol' || key in target || key === 'then') return Reflect.get(target, key);
        throw new Error(`stand-in: ${name}.${key} is not implemented`);
      },
    });
  const electron = loud('electron', {
    contextBridge: loud('contextBridge', contextBridge),
    ipcRenderer: loud('ipcRenderer', ipcRenderer),
  });
  const require = (/** @type {string} */ id) => {
    if (id === 'electron' || id === 'electron/renderer') return electron;
    throw new Error(`module not found: ${id} (sandboxed preload)`);
  };
  const module = { exports: {} };
  preload?.(require, module, module.exports, Object.freeze({ type: 'renderer', sandboxed: true, env: {} }));
})();
