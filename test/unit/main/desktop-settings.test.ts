import { beforeEach, expect, test, vi } from 'vitest';

const disk = vi.hoisted(() => ({ content: {} as Record<string, unknown>, isFull: false }));
vi.mock('electron-store', () => ({
  default: class {
    get store(): Record<string, unknown> {
      return disk.content;
    }
    set(values: Record<string, unknown>): void {
      if (disk.isFull) throw new Error('ENOSPC');
      disk.content = { ...disk.content, ...values };
    }
  },
}));
const { openDesktopSettings } = await import('../../../electron/main/desktop-settings.ts');

const logger = { log: vi.fn() };
beforeEach(() => {
  vi.clearAllMocks();
  disk.content = {};
  disk.isFull = false;
});

const choices = {
  closeToTray: true,
  notify: { alerts: true, serverFailures: true, guardian: true, toolChanges: true },
  checkForUpdates: true,
  language: null,
};

test('settings are kept', () => {
  const window = { bounds: { x: 1, y: 2, width: 800, height: 600 }, isMaximized: true };
  openDesktopSettings(logger).update({ window });
  expect(openDesktopSettings(logger).get()).toEqual({ window, wasTrayHintShown: false, choices });
});

test('D15: values that make no sense become defaults, one by one', () => {
  disk.content = { window: { bounds: { x: 'left' }, isMaximized: 1 }, wasTrayHintShown: true };
  expect(openDesktopSettings(logger).get()).toEqual({
    window: null,
    wasTrayHintShown: true,
    choices,
  });
  disk.content = { choices: { closeToTray: false, notify: { alerts: 'loud', guardian: false } } };
  expect(openDesktopSettings(logger).get().choices).toEqual({
    closeToTray: false,
    notify: { alerts: true, serverFailures: true, guardian: false, toolChanges: true },
    checkForUpdates: true,
    language: null,
  });
  for (const language of ['fr', 7, { de: true }]) {
    disk.content = { choices: { language, checkForUpdates: false } };
    expect(openDesktopSettings(logger).get().choices).toEqual({ ...choices, checkForUpdates: false });
  }
});

test('the language is kept', () => {
  openDesktopSettings(logger).update({ choices: { ...choices, language: 'de' } });
  expect(openDesktopSettings(logger).get().choices.language).toBe('de');
});

test('D06: a full disk costs the setting at the next start, not this one', () => {
  disk.isFull = true;
  const settings = openDesktopSettings(logger);
  settings.update({ wasTrayHintShown: true });
  expect(settings.get().wasTrayHintShown).toBe(true);
  expect(logger.log).toHaveBeenCalledWith('warn', 'settings.not-saved', { problem: 'Error: ENOSPC' });
});
