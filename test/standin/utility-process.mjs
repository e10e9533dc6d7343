// @ts-check
import { fork } from 'node:child_process';
import os from 'node:os';
import { app } from './app.mjs';
import { clone, createEvent, host } from './host.mjs';
import { loudEmitter } from './loud.mjs';
import { PortRelay } from './port-relay.mjs';

const PARENT_PORT = new URL('./parent-port.mjs', import.meta.url).href;

/** A child Node process with `process.parentPort`. */
class UtilityProcess extends loudEmitter('UtilityProcess') {
  #child;
  #relay;
  /** @type {number | undefined} */
  pid = undefined;

  /**
   * @param {string} modulePath
   * @param {string[]} args
   * @param {import('electron').ForkOptions} options
   */
  constructor(modulePath, args, options) {
    super();
    const stdio = typeof options.stdio === 'string' ? Array(3).fill(options.stdio) : options.stdio;
    this.#child = fork(modulePath, args, {
      execPath: host.node,
      execArgv: [...(options.execArgv ?? []), '--import', PARENT_PORT],
      env: { ...(options.env ?? process.env) },
      cwd: options.cwd,
      stdio: ['ignore', stdio?.[1] ?? 'inherit', stdio?.[2] ?? 'inherit', 'ipc'],
      serialization: 'advanced',
    });
    const child = this.#child;
    this.#relay = new PortRelay((traffic) => this.#send(traffic));
    this.stdout = child.stdout;
    this.stderr = child.stderr;
    child.on('spawn', () => {
      this.pid = child.pid;
      this.emit('spawn');
    });
    child.on('message', (/** @type {{op: string, data?: unknown}} */ message) => {
      if (!this.#relay.receive(message)) this.emit('message', message.data);
    });
    child.on('exit', (code, signal) => {
      // On POSIX Electron hands on what waitpid said, where a signal is its bare number.
      const status = code ?? (signal ? os.constants.signals[signal] : 1);
      this.#relay.closeAll();
      if (status !== 0) {
        const details = { type: 'Utility', reason: signal ? 'killed' : 'abnormal-exit', exitCode: status };
        app.emit('child-process-gone', createEvent(), {
          ...details,
          serviceName: 'node.mojom.NodeService',
          name: options.serviceName ?? 'Node Utility Process',
        });
      }
      this.emit('exit', status);
      this.pid = undefined;
    });
  }

  /**
   * @param {unknown} data
   * @param {import('./message-ports.mjs').MessagePortMain[]} [transfer]
   */
  postMessage(data, transfer = []) {
    this.#send({ op: 'message', data: clone(data), ports: transfer.map((port) => this.#relay.export(port)) });
  }

  kill() {
    return this.#child.kill('SIGTERM');
  }

  /** @param {object} message */
  #send(message) {
    // A message to a process that is just ending is lost, not an error.
    if (this.#child.connected) this.#child.send(message, () => {});
  }
}

export const utilityProcess = {
  /**
   * @param {string} modulePath
   * @param {string[]} [args]
   * @param {import('electron').ForkOptions} [options]
   */
  fork(modulePath, args = [], options = {}) {
    if (!app.isReady()) throw new Error('utilityProcess cannot be created before app is ready.');
    return new UtilityProcess(modulePath, args, options);
  },
};
