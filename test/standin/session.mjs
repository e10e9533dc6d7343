// @ts-check
import { loudEmitter, loudObject } from './loud.mjs';

/** @typedef {(contents: null, permission: string, origin: string) => boolean} PermissionCheck */

class Session extends loudEmitter('session') {
  /** @type {PermissionCheck | null} */
  #check = null;

  /** @param {PermissionCheck} check */
  setPermissionCheckHandler(check) {
    this.#check = check;
  }

  /** Chromium's headless mode has nobody to ask: the check handler alone decides here. */
  setPermissionRequestHandler() {}

  setDevicePermissionHandler() {}

  standinPermissionCheck() {
    return this.#check;
  }
}

export const session = loudObject('session', { defaultSession: new Session() });
