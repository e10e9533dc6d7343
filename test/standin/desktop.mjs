// @ts-check
// What an app says to the person and asks of the system, recorded instead of shown.
import { EventEmitter } from 'node:events';
import { createEvent, host } from './host.mjs';
import { loudEmitter, loudObject } from './loud.mjs';

/**
 * The options are the last argument; a window may come before them.
 * @param {string} kind
 * @param {unknown[]} args
 */
function record(kind, args) {
  host.dialogs.push({ kind, options: /** @type {Record<string, unknown>} */ (args.at(-1)) });
}

/** How the label of the button begins that is pressed from the first message box on: one may come with the start. */
const ANSWER = process.env.PATCHBAY_STANDIN_ANSWER;

/** Nobody is there to answer: a message box is dismissed. Specs replace the function to give another answer. */
export const dialog = loudObject('dialog', {
  async showMessageBox(/** @type {unknown[]} */ ...args) {
    record('message', args);
    const { buttons = [], cancelId = 0 } = /** @type {import('electron').MessageBoxOptions} */ (args.at(-1));
    const wanted = ANSWER === undefined ? -1 : buttons.findIndex((button) => button.startsWith(ANSWER));
    return { response: wanted < 0 ? cancelId : wanted, checkboxChecked: false };
  },
  showErrorBox(/** @type {string} */ title, /** @type {string} */ content) {
    record('error', [{ title, content }]);
    process.stderr.write(`${title}: ${content}\n`);
  },
});

export class Notification extends loudEmitter('Notification') {
  /** @param {{title?: string, body?: string}} options */
  constructor({ title = '', body = '' }) {
    super();
    this.title = title;
    this.body = body;
  }

  static isSupported() {
    return true;
  }

  show() {
    // `press` is what a click of the person would do.
    host.notifications.push({
      title: this.title,
      body: this.body,
      press: () => void this.emit('click', createEvent()),
    });
  }
}

export const shell = loudObject('shell', {
  async openExternal(/** @type {string} */ url) {
    host.openedExternal.push(url);
  },
  async openPath(/** @type {string} */ file) {
    host.openedExternal.push(file);
    return '';
  },
});

const AREA = { x: 0, y: 0, width: 1920, height: 1080 };

export const screen = loudObject('screen', {
  getAllDisplays: () => [{ id: 1, bounds: AREA, workArea: AREA }],
});

export const nativeTheme = loudObject(
  'nativeTheme',
  Object.assign(new EventEmitter(), {
    shouldUseDarkColors: false,
    shouldUseDarkColorsForSystemIntegratedUI: false,
  }),
);

export const powerMonitor = loudObject('powerMonitor', new EventEmitter());
