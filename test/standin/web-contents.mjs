// @ts-check
import { readFileSync } from 'node:fs';
import { app } from './app.mjs';
import { startChromium } from './chromium.mjs';
import { clone, createEvent } from './host.mjs';
import { ipcMain } from './ipc-main.mjs';
import { loudEmitter } from './loud.mjs';
import { applyPermissions, guardNavigation, openPage } from './page-rights.mjs';
import { PortRelay } from './port-relay.mjs';
import { fromPageUrl, originOf, serveSchemes, toPageUrl } from './schemes.mjs';
import { session } from './session.mjs';

/** @typedef {{op: string, channel?: string, args?: unknown[], id?: number, data?: unknown, origin?: string}} FromPage */

const BRIDGE = readFileSync(new URL('./page-bridge.js', import.meta.url), 'utf8');
/** @type {Set<WebContents>} */
const all = new Set();
let lastId = 0;

/** The page of one window. Electron's events and checks on top of a page of Chromium. */
export class WebContents extends loudEmitter('webContents') {
  #preferences;
  #owner;
  /** @type {import('playwright').Page | null} */
  #page = null;
  #opened;
  #targetId = '';
  #isLoading = false;
  #isDestroyed = false;
  /** @type {object[]} */
  #outgoing = [];
  #isFlushing = false;
  #ports = new PortRelay((traffic) => this.#post(traffic));
  /** @type {(details: {url: string}) => {action: string}} */
  #openHandler = () => ({ action: 'allow' });

  /**
   * @param {import('./browser-window.mjs').BrowserWindow} owner
   * @param {import('electron').WebPreferences} preferences
   */
  constructor(owner, preferences) {
    super();
    lastId += 1;
    this.id = lastId;
    this.session = session.defaultSession;
    this.#owner = owner;
    this.#preferences = preferences;
    all.add(this);
    app.emit('web-contents-created', createEvent(), this);
    this.#opened = this.#open();
  }

  static getAllWebContents() {
    return [...all];
  }

  /** @param {string} targetId */
  static fromDevToolsTargetId(targetId) {
    return [...all].find((contents) => contents.#targetId === targetId);
  }

  /** @param {WebContents | undefined} contents */
  static ownerOf(contents) {
    return contents ? contents.#owner : null;
  }

  /** @param {string} url */
  async loadURL(url) {
    const page = await this.#opened;
    this.#isLoading = true;
    try {
      await page.goto(toPageUrl(url), { waitUntil: 'load' });
    } catch (error) {
      if (this.#isDestroyed) return;
      throw new Error(`ERR_FAILED (-2) loading '${url}'`, { cause: error });
    } finally {
      this.#isLoading = false;
    }
  }

  getURL() {
    return fromPageUrl(this.#page?.url() ?? '');
  }

  isDestroyed() {
    return this.#isDestroyed;
  }

  getLastWebPreferences() {
    return { ...this.#preferences };
  }

  /** @param {(details: {url: string}) => {action: string}} handler */
  setWindowOpenHandler(handler) {
    this.#openHandler = handler;
  }

  /**
   * @param {string} channel
   * @param {unknown} message
   * @param {import('./message-ports.mjs').MessagePortMain[]} [transfer]
   */
  postMessage(channel, message, transfer = []) {
    if (this.#isDestroyed) throw new TypeError('Object has been destroyed');
    const ports = transfer.map((port) => this.#ports.export(port));
    this.#post({ op: 'message', channel, args: [clone(message)], ports });
  }

  close() {
    this.#owner.close();
  }

  /** The window is gone, or the page ended by itself. */
  standinDestroy() {
    if (this.#isDestroyed) return;
    this.#isDestroyed = true;
    all.delete(this);
    this.#ports.closeAll();
    this.emit('destroyed');
    void this.#opened.then((page) => page.close()).catch(() => {});
  }

  /** @param {{width: number, height: number}} size */
  standinResize({ width, height }) {
    void this.#opened.then((page) => page.setViewportSize({ width, height })).catch(() => {});
  }

  async #open() {
    const context = await startChromium(app.getPath('userData'));
    const page = await openPage(context);
    this.#page = page;
    await serveSchemes(page);
    await guardNavigation(page, {
      isLoading: () => this.#isLoading,
      isPrevented: (url) => {
        const event = createEvent({ url });
        this.emit('will-navigate', event, url);
        return event.defaultPrevented;
      },
    });
    await page.exposeBinding('standinCall', ({ frame }, message) => this.#receive(frame, message));
    const { preload } = this.#preferences;
    const script = preload ? readFileSync(preload, 'utf8') : '';
    await page.addInitScript({
      content: `globalThis.standinPreload = function (require, module, exports, process) {\n${script}\n};\n${BRIDGE}`,
    });
    page.on('close', () => this.#owner.destroy());
    page.on('crash', () => {
      this.#ports.closeAll();
      this.emit('render-process-gone', createEvent(), { reason: 'crashed', exitCode: 1 });
    });
    page.on('load', () => {
      if (page.url() !== 'about:blank') this.emit('did-finish-load', createEvent());
    });
    const protocolSession = await context.newCDPSession(page);
    const { targetInfo } = await protocolSession.send('Target.getTargetInfo');
    this.#targetId = targetInfo.targetId;
    await protocolSession.send('Page.enable');
    protocolSession.on('Page.windowOpen', ({ url }) => {
      const { action } = this.#openHandler({ url: fromPageUrl(url) });
      if (action !== 'deny') throw new Error(`stand-in: the window-open answer ${action} is not implemented`);
    });
    return page;
  }

  /**
   * @param {import('playwright').Frame} frame
   * @param {FromPage} message
   */
  async #receive(frame, message) {
    const { op, channel = '', args = [], origin = '' } = message;
    if (op === 'document-start') {
      // A new document: the ports of the one before are gone with it.
      this.#ports.closeAll();
      await applyPermissions(frame.page(), origin, this.session.standinPermissionCheck());
      return;
    }
    if (this.#ports.receive(message)) return;
    const event = createEvent({ sender: this, senderFrame: describeFrame(frame) });
    if (op === 'invoke') return ipcMain.standinInvoke(event, channel, args);
    ipcMain.emit(channel, event, ...args);
  }

  /** @param {object} message */
  #post(message) {
    this.#outgoing.push(message);
    if (!this.#isFlushing) void this.#flush();
  }

  /** One call into the page at a time keeps the order. */
  async #flush() {
    this.#isFlushing = true;
    const page = await this.#opened;
    while (this.#outgoing.length > 0 && !page.isClosed()) {
      const batch = this.#outgoing.splice(0);
      // A page that navigates meanwhile loses what was meant for the document before.
      await page.evaluate(deliver, batch).catch(() => {});
    }
    this.#isFlushing = false;
  }
}

/** Runs in the page. @param {object[]} batch */
function deliver(batch) {
  const receive = /** @type {Record<symbol, ((batch: object[]) => void) | undefined>} */ (
    /** @type {unknown} */ (window)
  )[Symbol.for('standin.receive')];
  receive?.(batch);
}

/**
 * @param {import('playwright').Frame} frame
 * @returns {{url: string, origin: string, parent: object | null}}
 */
function describeFrame(frame) {
  const url = fromPageUrl(frame.url());
  const parent = frame.parentFrame();
  return { url, origin: originOf(url), parent: parent ? describeFrame(parent) : null };
}
