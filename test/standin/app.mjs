// @ts-check
import os from 'node:os';
import path from 'node:path';
import { closeChromium, isDebugged, startChromium } from './chromium.mjs';
import { createEvent, host } from './host.mjs';
import { takeInstanceLock } from './instance-lock.mjs';
import { applicationLocale, preferredLanguages } from './locales.mjs';
import { loudEmitter } from './loud.mjs';

class App extends loudEmitter('app') {
  /** @type {Map<string, string>} */
  #paths = new Map();
  #isReady = false;
  #isQuitting = false;
  #hasLock = false;
  #openAtLogin = false;
  /** @type {() => void} */
  #markReady = () => {};
  #ready = new Promise((/** @type {(value: void) => void} */ resolve) => (this.#markReady = resolve));
  isPackaged = false;
  commandLine = {
    appendSwitch: (/** @type {string} */ name, value = '') => void host.switches.set(name, value),
    hasSwitch: (/** @type {string} */ name) => host.switches.has(name),
    getSwitchValue: (/** @type {string} */ name) => host.switches.get(name) ?? '',
  };

  /** The main script was evaluated. */
  standinStart() {
    setImmediate(() => {
      this.#isReady = true;
      this.#markReady();
      this.emit('ready', createEvent(), {});
    });
    // Playwright waits for the browser's address, but a second instance that is leaving must not start one.
    if (isDebugged() && !this.#isQuitting) void startChromium(this.getPath('userData'));
  }

  get isQuitting() {
    return this.#isQuitting;
  }

  isReady() {
    return this.#isReady;
  }

  whenReady() {
    return this.#ready;
  }

  get name() {
    return host.manifest.productName ?? host.manifest.name ?? 'Electron';
  }

  getName() {
    return this.name;
  }

  getVersion() {
    return host.manifest.version ?? '0.0.0';
  }

  /** Empty before the app is ready. */
  getLocale() {
    return this.#isReady ? applicationLocale(process.env) : '';
  }

  getPreferredSystemLanguages() {
    return preferredLanguages(process.env);
  }

  getAppPath() {
    return host.appPath;
  }

  /**
   * @param {string} name
   * @param {string} folder
   */
  setPath(name, folder) {
    this.#paths.set(name, folder);
  }

  /**
   * @param {string} name
   * @returns {string}
   */
  getPath(name) {
    const set = this.#paths.get(name);
    if (set) return set;
    if (name === 'home') return os.homedir();
    if (name === 'temp') return os.tmpdir();
    if (name === 'appData') return process.env.XDG_CONFIG_HOME ?? path.join(os.homedir(), '.config');
    if (name === 'userData') return path.join(this.getPath('appData'), this.name);
    throw new Error(`Failed to get '${name}' path`);
  }

  requestSingleInstanceLock() {
    this.#hasLock ||= takeInstanceLock(this.getPath('userData'), (argv, cwd) => {
      this.emit('second-instance', createEvent(), argv, cwd, null);
    });
    return this.#hasLock;
  }

  getLoginItemSettings() {
    return { openAtLogin: this.#openAtLogin, wasOpenedAtLogin: false };
  }

  /** @param {{openAtLogin: boolean}} settings */
  setLoginItemSettings({ openAtLogin }) {
    this.#openAtLogin = openAtLogin;
  }

  /** Pages of the stand-in have no more rights than a web page; what the real sandbox does is not proven here. */
  enableSandbox() {}

  setAppUserModelId() {}

  setActivationPolicy() {}

  /** Nothing is installed here, so there is nothing to start again; `exit` follows. */
  relaunch() {}

  isInApplicationsFolder() {
    return false;
  }

  quit() {
    if (this.#isQuitting) return;
    if (this.#isPrevented('before-quit')) return;
    this.#isQuitting = true;
    this.emit('standin-close-windows');
    if (this.#isPrevented('will-quit')) {
      this.#isQuitting = false;
      return;
    }
    this.exit(0);
  }

  exit(code = 0) {
    this.#isQuitting = true;
    this.emit('quit', createEvent(), code);
    void closeChromium().then(() => process.exit(code));
  }

  /** @param {string} name */
  #isPrevented(name) {
    const event = createEvent();
    this.emit(name, event);
    return event.defaultPrevented;
  }
}

export const app = new App();
