// @ts-check
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import v8 from 'node:v8';

/**
 * What this pretended Electron knows of itself and of the app it runs. The lists are what a person would see on the
 * screen; specs read them as `globalThis.standin`.
 */
export const host = {
  version: '45.4.1',
  /** The Node that really runs. */
  node: process.execPath,
  /** What the app believes to be Electron's binary; with ELECTRON_RUN_AS_NODE it is Node, as the real one. */
  executable: fileURLToPath(new URL('./electron', import.meta.url)),
  appPath: '',
  /** @type {{name?: string, productName?: string, version?: string, main?: string}} */
  manifest: {},
  /** @type {Map<string, string>} */
  switches: new Map(),
  /** @type {import('./tray.mjs').Tray[]} */
  trays: [],
  /** @type {{title: string, body: string, press: () => void}[]} */
  notifications: [],
  /** @type {{kind: string, options: Record<string, unknown>}[]} */
  dialogs: [],
  /** @type {string[]} */
  openedExternal: [],

  /**
   * Takes in the app at a path and the command line; returns the app's main file.
   * @param {string} target a folder with package.json, or a main file
   * @param {string[]} argv
   */
  load(target, argv) {
    for (const argument of argv) {
      const [, name, value = ''] = /^--([^=]+)(?:=(.*))?$/.exec(argument) ?? [];
      if (name) this.switches.set(name, value);
    }
    const isFolder = statSync(target).isDirectory();
    let folder = isFolder ? target : path.dirname(target);
    while (!existsSync(path.join(folder, 'package.json')) && folder !== path.dirname(folder))
      folder = path.dirname(folder);
    this.appPath = folder;
    this.manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    return isFolder ? path.join(folder, this.manifest.main ?? 'index.js') : target;
  },
};
Object.assign(globalThis, { standin: host });

/**
 * Has this process look like one of Electron's.
 * @param {'browser' | 'utility'} type
 */
export function disguise(type) {
  const versions = Object.freeze({ ...process.versions, electron: host.version, chrome: 'standin' });
  Object.defineProperty(process, 'versions', { value: versions, configurable: true });
  Object.defineProperty(process, 'type', { value: type, configurable: true });
  process.execPath = host.executable;
}

/**
 * An event object as listeners get it.
 * @template {object} T
 * @param {T} [more]
 */
export function createEvent(more) {
  return {
    defaultPrevented: false,
    preventDefault() {
      this.defaultPrevented = true;
    },
    .../** @type {T} */ (more),
  };
}

/**
 * A copy by structured clone, with Electron's error for what cannot be copied.
 * @template T
 * @param {T} value
 * @returns {T}
 */
export function clone(value) {
  try {
    return v8.deserialize(v8.serialize(value));
  } catch {
    throw new Error('An object could not be cloned.');
  }
}
