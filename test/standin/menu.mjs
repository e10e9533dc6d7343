// @ts-check
import { app } from './app.mjs';
import { loudEmitter } from './loud.mjs';

const TYPES = ['normal', 'separator', 'submenu', 'checkbox', 'radio'];

/** @typedef {import('electron').MenuItemConstructorOptions} ItemOptions */

class MenuItem {
  /** @param {ItemOptions} options */
  constructor(options) {
    const { submenu, click, role } = options;
    this.id = options.id;
    this.role = role;
    this.label = options.label ?? role ?? '';
    this.enabled = options.enabled ?? true;
    this.visible = options.visible ?? true;
    this.checked = options.checked ?? false;
    this.submenu = submenu ? Menu.buildFromTemplate(/** @type {ItemOptions[]} */ (submenu)) : undefined;
    this.type = options.type ?? (submenu ? 'submenu' : 'normal');
    if (!TYPES.includes(this.type)) throw new Error(`Unknown menu item type: ${this.type}`);
    /** As if a person had clicked it: nothing happens when it is disabled, and a checkbox flips first. */
    this.click = () => {
      if (!this.enabled) return;
      if (this.type === 'checkbox') this.checked = !this.checked;
      if (role === 'quit') app.quit();
      else click?.(/** @type {any} */ (this), undefined, /** @type {any} */ ({}));
    };
  }
}

export class Menu extends loudEmitter('Menu') {
  /** @type {Menu | null} */
  static #application = null;
  /** @type {MenuItem[]} */
  items = [];

  /** @param {ItemOptions[]} template */
  static buildFromTemplate(template) {
    const menu = new Menu();
    for (const options of template) {
      if (!options.label && !options.role && options.type !== 'separator')
        throw new TypeError('Invalid template for MenuItem: must have at least one of label, role or type');
      menu.items.push(new MenuItem(options));
    }
    return menu;
  }

  /** @param {Menu | null} menu */
  static setApplicationMenu(menu) {
    Menu.#application = menu;
  }

  static getApplicationMenu() {
    return Menu.#application;
  }

  /**
   * @param {string} id
   * @returns {MenuItem | null}
   */
  getMenuItemById(id) {
    for (const item of this.items) {
      const found = item.id === id ? item : item.submenu?.getMenuItemById(id);
      if (found) return found;
    }
    return null;
  }
}
