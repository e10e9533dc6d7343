import type { MenuItemConstructorOptions } from 'electron';
import { beforeEach, expect, test, vi } from 'vitest';
import { messagesIn } from '../../../electron/main/messages/messages.ts';

const shown = vi.hoisted(() => ({ menu: undefined as MenuItemConstructorOptions[] | null | undefined }));
vi.mock('electron', () => ({
  Menu: {
    buildFromTemplate: (template: MenuItemConstructorOptions[]) => template,
    setApplicationMenu: (menu: MenuItemConstructorOptions[] | null) => (shown.menu = menu),
  },
}));
const { setAppMenu } = await import('../../../electron/main/app-menu.ts');

beforeEach(() => (shown.menu = undefined));

/** Every item, those of submenus included. */
const all = (items: MenuItemConstructorOptions[]): MenuItemConstructorOptions[] =>
  items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? all(item.submenu) : [])]);

test('on macOS every item is in the person’s language, and still does what the system knows it for', () => {
  const labels = messagesIn('de').appMenu;
  setAppMenu('darwin', true, labels);
  const items = all(shown.menu ?? []).filter(({ type }) => type !== 'separator');
  // The system itself names the first menu after the app.
  expect(items.filter(({ label }) => label === undefined)).toMatchObject([{ role: 'appMenu' }]);
  expect(items.flatMap(({ label }) => label ?? []).toSorted()).toEqual(Object.values(labels).toSorted());
  const roleOf = (wanted: string): string | undefined => items.find(({ label }) => label === wanted)?.role;
  expect(['Einsetzen', 'Alle einblenden', 'Patchbay beenden', 'Fenster'].map(roleOf)).toEqual([
    'paste',
    'unhide',
    'quit',
    'windowMenu',
  ]);
});

test('whoever develops the app gets the view menu too', () => {
  setAppMenu('darwin', false, messagesIn('en').appMenu);
  expect(shown.menu?.map(({ role }) => role)).toEqual(['appMenu', 'editMenu', 'viewMenu', 'windowMenu']);
});

test.each(['linux', 'win32'] as const)('on %s the window has no menu', (os) => {
  setAppMenu(os, true, messagesIn('en').appMenu);
  expect(shown.menu).toBeNull();
});
