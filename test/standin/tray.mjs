// @ts-check
import { readFileSync } from 'node:fs';
import { host } from './host.mjs';
import { loudEmitter, loudObject } from './loud.mjs';

/** An image as far as it can be known without drawing it: the file it came from. */
class NativeImage {
  /** @param {string} file */
  constructor(file) {
    this.file = file;
    this.bytes = read(file);
  }

  isEmpty() {
    return this.bytes.length === 0;
  }
}

/** @param {string} file */
function read(file) {
  try {
    return readFileSync(file);
  } catch {
    return Buffer.alloc(0);
  }
}

export const nativeImage = loudObject('nativeImage', {
  createFromPath: (/** @type {string} */ file) => new NativeImage(file),
});

/** What the notification area would show; specs read it in `standin.trays`. */
export class Tray extends loudEmitter('Tray') {
  /** @type {import('./menu.mjs').Menu | null} */
  menu = null;
  toolTip = '';
  #isDestroyed = false;

  /** @param {NativeImage} image */
  constructor(image) {
    super();
    this.image = checked(image);
    host.trays.push(this);
  }

  /** @param {NativeImage} image */
  setImage(image) {
    this.image = checked(image);
  }

  /** @param {string} text */
  setToolTip(text) {
    this.toolTip = text;
  }

  /** @param {import('./menu.mjs').Menu} menu */
  setContextMenu(menu) {
    this.menu = menu;
  }

  isDestroyed() {
    return this.#isDestroyed;
  }

  destroy() {
    this.#isDestroyed = true;
    host.trays.splice(host.trays.indexOf(this), 1);
  }
}

/**
 * Electron shows nothing for an image that cannot be read; here that is an error.
 * @param {NativeImage} image
 */
function checked(image) {
  if (image.isEmpty()) throw new Error(`stand-in: the tray image ${image.file} is empty or missing`);
  return image;
}
