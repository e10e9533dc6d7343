// @ts-check
import { app } from './app.mjs';
import { createEvent } from './host.mjs';
import { loudEmitter } from './loud.mjs';
import { WebContents } from './web-contents.mjs';

/** @type {Set<BrowserWindow>} */
const windows = new Set();
let lastId = 0;

/** A window without a window manager: it remembers what it was told, and has a real page. */
export class BrowserWindow extends loudEmitter('BrowserWindow') {
  #bounds;
  #isVisible;
  #isMaximized = false;
  #isMinimized = false;
  #isFocused = false;
  #isDestroyed = false;

  /** @param {import('electron').BrowserWindowConstructorOptions} [options] */
  constructor(options = {}) {
    super();
    if (!app.isReady()) throw new Error('Cannot create BrowserWindow before app is ready');
    const { x = 0, y = 0, width = 800, height = 600, show = true, webPreferences = {} } = options;
    lastId += 1;
    this.id = lastId;
    this.#bounds = { x, y, width, height };
    this.#isVisible = show;
    windows.add(this);
    this.webContents = new WebContents(this, webPreferences);
    this.webContents.standinResize(this.#bounds);
    this.webContents.once('did-finish-load', () => this.emit('ready-to-show', createEvent()));
    app.emit('browser-window-created', createEvent(), this);
  }

  static getAllWindows() {
    return [...windows];
  }

  /** @param {WebContents | undefined} contents */
  static fromWebContents(contents) {
    return WebContents.ownerOf(contents);
  }

  /** @param {string} url */
  loadURL(url) {
    return this.webContents.loadURL(url);
  }

  show() {
    const wasVisible = this.#isVisible;
    this.#isVisible = true;
    this.#isMinimized = false;
    if (!wasVisible) this.emit('show');
    this.focus();
  }

  hide() {
    if (!this.#isVisible) return;
    this.#isVisible = false;
    this.#isFocused = false;
    this.emit('hide');
  }

  focus() {
    for (const window of windows) window.#isFocused = window === this;
    this.emit('focus');
  }

  isVisible() {
    return this.#isVisible && !this.#isDestroyed;
  }

  isFocused() {
    return this.#isFocused;
  }

  minimize() {
    this.#isMinimized = true;
  }

  restore() {
    this.#isMinimized = false;
  }

  isMinimized() {
    return this.#isMinimized;
  }

  maximize() {
    this.#isMaximized = true;
  }

  isMaximized() {
    return this.#isMaximized;
  }

  getBounds() {
    return { ...this.#bounds };
  }

  getNormalBounds() {
    return { ...this.#bounds };
  }

  /** @param {Partial<import('electron').Rectangle>} bounds */
  setBounds(bounds) {
    this.#bounds = { ...this.#bounds, ...bounds };
    this.webContents.standinResize(this.#bounds);
  }

  close() {
    if (this.#isDestroyed) return;
    const event = createEvent();
    this.emit('close', event);
    if (!event.defaultPrevented) this.destroy();
  }

  destroy() {
    if (this.#isDestroyed) return;
    this.#isDestroyed = true;
    windows.delete(this);
    this.webContents.standinDestroy();
    this.emit('closed');
    if (windows.size > 0 || app.isQuitting) return;
    if (app.listenerCount('window-all-closed') > 0) app.emit('window-all-closed');
    else app.quit();
  }

  isDestroyed() {
    return this.#isDestroyed;
  }
}

app.on('standin-close-windows', () => {
  for (const window of windows) window.close();
});
