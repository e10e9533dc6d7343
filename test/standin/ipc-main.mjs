// @ts-check
import { clone } from './host.mjs';
import { loudEmitter } from './loud.mjs';

class IpcMain extends loudEmitter('ipcMain') {
  /** @type {Map<string, (event: object, ...args: unknown[]) => unknown>} */
  #handlers = new Map();

  /**
   * @param {string} channel
   * @param {(event: object, ...args: unknown[]) => unknown} handler
   */
  handle(channel, handler) {
    if (this.#handlers.has(channel))
      throw new Error(`Attempted to register a second handler for '${channel}'`);
    this.#handlers.set(channel, handler);
  }

  /** @param {string} channel */
  removeHandler(channel) {
    this.#handlers.delete(channel);
  }

  /**
   * What `ipcRenderer.invoke` gets back over the wire.
   * @param {object} event
   * @param {string} channel
   * @param {unknown[]} args
   */
  async standinInvoke(event, channel, args) {
    try {
      const handler = this.#handlers.get(channel);
      if (!handler) throw new Error(`No handler registered for '${channel}'`);
      return { value: clone(await handler(event, ...args)) };
    } catch (error) {
      process.stderr.write(`Error occurred in handler for '${channel}': ${String(error)}\n`);
      return { error: String(error) };
    }
  }
}

export const ipcMain = new IpcMain();
