import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright/test';
import { inBothThemes } from './inspect.ts';
import { expect, test } from './patchbay-test.ts';

/** Nothing at all, not only nothing serious. */
const expectFlawless = (ui: Page): Promise<void> =>
  inBothThemes(ui, async () => {
    expect((await new AxeBuilder({ page: ui }).analyze()).violations).toEqual([]);
  });

test('the palette finds a command by typing, gives it, and gives the focus back', async ({ ui }) => {
  await ui.keyboard.press('Control+k');
  const box = ui.getByRole('combobox', { name: 'Commands' });
  await expect(box).toBeFocused();
  await expectFlawless(ui);
  await box.fill('latency');
  await expect(ui.getByRole('option', { selected: true })).toContainText('Go to Latency');
  await ui.keyboard.press('Enter');
  await expect(ui.getByRole('heading', { name: 'Latency', level: 1 })).toBeVisible();
  await expect(box).toBeHidden();

  await ui.keyboard.press('Control+k');
  await box.fill('no such thing');
  await expect(ui.getByText('No command matches.')).toBeVisible();
  await ui.keyboard.press('Escape');
  await expect(box).toBeHidden();
});

test('what is given is what was typed, however fast Enter comes', async ({ ui }) => {
  await ui.keyboard.press('Control+k');
  const box = ui.getByRole('combobox', { name: 'Commands' });
  await expect(box).toBeFocused();
  await box.evaluate((field: HTMLInputElement) => {
    // In one turn of the page, so that nothing is drawn between them.
    document.execCommand('insertText', false, 'latency');
    field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
  });
  await expect(ui.getByRole('heading', { name: 'Latency', level: 1 })).toBeVisible();
});

test('a palette opened in the same moment as another dialog closes keeps the keyboard', async ({ ui }) => {
  await ui.keyboard.press('?');
  await expect(ui.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await ui.evaluate(() => {
    for (const key of [{ key: 'Escape' }, { key: 'k', ctrlKey: true }]) {
      const event = new KeyboardEvent('keydown', { ...key, bubbles: true, cancelable: true });
      (document.activeElement ?? document.body).dispatchEvent(event);
    }
  });
  await expect(ui.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeHidden();
  await expect(ui.getByRole('combobox', { name: 'Commands' })).toBeFocused();
  await ui.keyboard.type('latency');
  await ui.keyboard.press('Enter');
  await expect(ui.getByRole('heading', { name: 'Latency', level: 1 })).toBeVisible();
});

test('keys go to screens, two in a row; in a field they are text; the sheet lists them', async ({ ui }) => {
  await ui.keyboard.press('g');
  await ui.keyboard.press('s');
  await expect(ui.getByRole('heading', { name: 'Servers', level: 1 })).toBeVisible();
  await ui.keyboard.press('g');
  await ui.keyboard.press('t');
  const filter = ui.getByRole('combobox', { name: 'Filter' });
  await filter.fill('');
  await filter.pressSequentially('gs?');
  await expect(filter).toHaveValue('gs?');
  await expect(ui.getByRole('heading', { name: 'Traffic', level: 1 })).toBeVisible();

  await filter.fill('');
  await filter.blur();
  await ui.keyboard.press('?');
  const sheet = ui.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await expect(sheet.getByText('Go to Latency')).toBeVisible();
  await expectFlawless(ui);
  // What the page could do waits until the dialog is closed.
  await ui.keyboard.press('g');
  await ui.keyboard.press('l');
  await expect(sheet).toBeVisible();
  await ui.keyboard.press('Escape');
  await expect(sheet).toBeHidden();
});
