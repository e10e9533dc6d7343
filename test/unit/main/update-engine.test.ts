import { beforeEach, expect, test, vi } from 'vitest';
import { silentLogger } from '../../../electron/hub/log.ts';
import { type AppUpdater, updateEngine } from '../../../electron/main/update-engine.ts';

let updater: AppUpdater & { progress: (percent: number) => void };
const load = vi.fn(() => Promise.resolve(updater));
beforeEach(() => {
  vi.clearAllMocks();
  updater = {
    autoDownload: true,
    autoInstallOnAppQuit: false,
    logger: null,
    progress: () => {},
    on(_event, listener) {
      this.progress = (percent) => listener({ percent });
    },
    checkForUpdates: vi.fn(() => Promise.resolve({ isUpdateAvailable: true, updateInfo: { version: '2' } })),
    downloadUpdate: vi.fn(async () => updater.progress(50)),
    quitAndInstall: vi.fn(),
  };
});

test('electron-updater is loaded at the first look, once, and told to fetch nothing unasked', async () => {
  const engine = updateEngine(load, silentLogger);
  expect(load).not.toHaveBeenCalled();
  expect(await engine.check()).toBe('2');
  await engine.check();
  expect(load).toHaveBeenCalledOnce();
  expect([updater.autoDownload, updater.autoInstallOnAppQuit]).toEqual([false, true]);
});

test('no newer version, and no updater for this system, are both null', async () => {
  updater.checkForUpdates = () => Promise.resolve({ isUpdateAvailable: false, updateInfo: { version: '1' } });
  expect(await updateEngine(load, silentLogger).check()).toBeNull();
  updater.checkForUpdates = () => Promise.resolve(null);
  expect(await updateEngine(load, silentLogger).check()).toBeNull();
});

test('progress is reported during the download only, and installing starts the new version', async () => {
  const engine = updateEngine(load, silentLogger);
  await engine.check();
  const seen: number[] = [];
  await engine.download((percent) => seen.push(percent));
  updater.progress(99);
  expect(seen).toEqual([50]);
  engine.install();
  expect(updater.quitAndInstall).toHaveBeenCalledWith(false, true);
});

test('what it logs goes to our log, bounded', async () => {
  const logger = { log: vi.fn() };
  await updateEngine(load, logger).check();
  updater.logger?.warn('x'.repeat(5_000));
  expect(logger.log).toHaveBeenCalledWith('warn', 'updater', { text: 'x'.repeat(1_000) });
});
