import type { ElectronApplication } from 'playwright/test';

/** What the stand-in would show on the screen. Electron itself has no way to look at it. */
interface Standin {
  standin: {
    dialogs: { options: { message?: string; title?: string; detail?: string } }[];
    notifications: { title: string }[];
    trays: {
      toolTip: string;
      image: { file: string };
      menu: { items: Item[]; getMenuItemById(id: string): (Item & { click(): void }) | null };
    }[];
  };
}
interface Item {
  id?: string;
  type: string;
  label: string;
  checked: boolean;
  enabled: boolean;
}

/** The tray's menu as a person reads it, separators left out. */
export const trayLabels = (app: ElectronApplication): Promise<string[]> =>
  app.evaluate(() => {
    const [tray] = (globalThis as unknown as Standin).standin.trays;
    return (tray?.menu.items ?? [])
      .filter((item) => item.type !== 'separator')
      .map((item) => `${item.type === 'checkbox' ? (item.checked ? '[x] ' : '[ ] ') : ''}${item.label}`);
  });

/** Presses an item of the tray's menu; throws when it is absent or disabled. */
export const clickTray = (app: ElectronApplication, id: string): Promise<void> =>
  app.evaluate((_electron, wanted) => {
    const [tray] = (globalThis as unknown as Standin).standin.trays;
    const item = tray?.menu.getMenuItemById(wanted);
    if (!item?.enabled) throw new Error(`The tray has no item ${wanted} that can be pressed.`);
    item.click();
  }, id);

/** Whether an item of the tray's menu is there and enabled. */
export const canClickTray = (app: ElectronApplication, id: string): Promise<boolean> =>
  app.evaluate((_electron, wanted) => {
    const [tray] = (globalThis as unknown as Standin).standin.trays;
    return tray?.menu.getMenuItemById(wanted)?.enabled ?? false;
  }, id);

/** File name of the tray's image, and its tooltip. */
export const trayFace = (app: ElectronApplication): Promise<{ image: string; toolTip: string }> =>
  app.evaluate(() => {
    const [tray] = (globalThis as unknown as Standin).standin.trays;
    return {
      image: tray?.image.file.split(/[\\/]/).at(-1) ?? '',
      toolTip: tray?.toolTip ?? '',
    };
  });

/** The message boxes so far that nobody's own answer has taken the place of. */
export const shownBoxes = (app: ElectronApplication): Promise<{ message?: string; detail?: string }[]> =>
  app.evaluate(() => (globalThis as unknown as Standin).standin.dialogs.map(({ options }) => options));

/** Titles of all message boxes and notifications so far. */
export const shownMessages = (app: ElectronApplication): Promise<(string | undefined)[]> =>
  app.evaluate(() => {
    const { dialogs, notifications } = (globalThis as unknown as Standin).standin;
    return [
      ...dialogs.map(({ options }) => options.message ?? options.title),
      ...notifications.map(({ title }) => title),
    ];
  });
