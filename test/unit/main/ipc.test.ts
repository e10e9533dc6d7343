import { EventEmitter } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { IpcMainEvent, WebContents } from 'electron';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { PatchbayError } from '../../../shared/model/error.ts';

const ipcMain = vi.hoisted(() => ({ current: null as unknown as EventEmitter }));
type Handler = (event: object, input: unknown) => Promise<unknown>;
const handlers = vi.hoisted(() => new Map<string, Handler>());
vi.mock('electron', () => {
  ipcMain.current = Object.assign(new EventEmitter(), {
    handle: (channel: string, handler: Handler) => handlers.set(channel, handler),
    removeHandler: (channel: string) => handlers.delete(channel),
  });
  return { ipcMain: ipcMain.current, protocol: {} };
});
const { messagesIn } = await import('../../../electron/main/messages/messages.ts');
const { isTrustedSender, onPageCall, onPageMessage } = await import('../../../electron/main/ipc.ts');

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

describe('a call of a page', () => {
  const logger = { log: vi.fn() };
  const answer = vi.fn((input: { on: boolean }): unknown => ({ got: input.on }));
  const call = (from: object, input: unknown): Promise<unknown> =>
    handlers.get('patchbay:c')!({ sender: 'page', ...from }, input);
  let stop: () => void;

  beforeEach(() => {
    vi.clearAllMocks();
    handlers.clear();
    const input = z.strictObject({ on: z.boolean() });
    stop = onPageCall({ channel: 'patchbay:c', input, answer }, logger, () => messagesIn('en'));
  });

  test('is answered', async () => {
    expect(await call(frame('app://ui'), { on: true })).toEqual({ ok: true, value: { got: true } });
    expect(answer).toHaveBeenCalledWith({ on: true }, 'page');
    stop();
    expect(handlers.size).toBe(0);
  });

  test.each([
    ['a foreign page', frame('https://evil.example')],
    ['a frame in our page', frame('app://ui', {})],
    ['a frame that is gone', { senderFrame: null }],
  ])('E33: from %s it is refused and logged, whatever it holds', async (_who, from) => {
    expect(await call(from, { on: true })).toEqual({ ok: false, message: 'This page may not ask for that.' });
    expect(answer).not.toHaveBeenCalled();
    expect(logger.log).toHaveBeenCalledWith('warn', 'ipc.refused', expect.objectContaining({}));
  });

  test.each([[undefined], [{ on: 1 }], [{ on: true, more: 1 }], [JSON.parse('{"__proto__": {"on": true}}')]])(
    'with %j it is refused before anything is done',
    async (input) => {
      expect(await call(frame('app://ui'), input)).toMatchObject({ ok: false });
      expect(answer).not.toHaveBeenCalled();
      expect(logger.log).toHaveBeenCalledWith('warn', 'ipc.input-refused', expect.objectContaining({}));
    },
  );

  test('that fails is answered with words for people, never with a stack', async () => {
    answer.mockImplementation(() => {
      throw new PatchbayError('NOT_SUPPORTED', 'It cannot.', { hint: 'Do this.' });
    });
    expect(await call(frame('app://ui'), { on: true })).toEqual({
      ok: false,
      message: 'It cannot. Do this.',
    });
  });
});

test('nothing else listens to pages: ipcMain is used in this one file', () => {
  const folder = path.resolve(import.meta.dirname, '..', '..', '..', 'electron', 'main');
  const using = readdirSync(folder, { encoding: 'utf8', recursive: true }).filter(
    (name) => name.endsWith('.ts') && /\bipcMain\b/.test(readFileSync(path.join(folder, name), 'utf8')),
  );
  expect(using).toEqual(['ipc.ts']);
});
