import { EventEmitter } from 'node:events';
import type { IpcMainEvent, WebContents } from 'electron';
import { expect, test, vi } from 'vitest';

const ipcMain = vi.hoisted(() => ({ current: null as unknown as EventEmitter }));
vi.mock('electron', () => {
  ipcMain.current = new EventEmitter();
  return { ipcMain: ipcMain.current, protocol: {} };
});
const { isTrustedSender, onPageMessage } = await import('../../../electron/main/ipc.ts');

const frame = (origin: string, parent: object | null = null): Pick<IpcMainEvent, 'senderFrame'> =>
  ({ senderFrame: { origin, parent, url: `${origin}/` } }) as unknown as Pick<IpcMainEvent, 'senderFrame'>;

test('E33: only the main frame of the UI’s own origin is heard', () => {
  expect(isTrustedSender(frame('app://ui'))).toBe(true);
  expect(isTrustedSender(frame('app://ui', {}))).toBe(false);
  expect(isTrustedSender(frame('app://ui.evil'))).toBe(false);
  expect(isTrustedSender(frame('https://ui'))).toBe(false);
  expect(isTrustedSender(frame('null'))).toBe(false);
  expect(isTrustedSender({ senderFrame: null })).toBe(false);
});

test('E33: a refused message is logged and does not reach the handler', () => {
  const handler = vi.fn<(contents: WebContents) => void>();
  const logger = { log: vi.fn() };
  const stop = onPageMessage('patchbay:x', handler, logger);
  ipcMain.current.emit('patchbay:x', { sender: 'page', ...frame('https://evil.example') });
  expect(handler).not.toHaveBeenCalled();
  expect(logger.log).toHaveBeenCalledWith('warn', 'ipc.refused', {
    channel: 'patchbay:x',
    from: 'https://evil.example/',
  });

  ipcMain.current.emit('patchbay:x', { sender: 'page', ...frame('app://ui') });
  expect(handler).toHaveBeenCalledWith('page');
  stop();
  expect(ipcMain.current.listenerCount('patchbay:x')).toBe(0);
});
