import { EventEmitter } from 'node:events';
import { beforeEach, expect, test, vi } from 'vitest';
import { silentLogger } from '../../../electron/hub/log.ts';
import type { HubProcess, HubState } from '../../../electron/main/hub-process.ts';
import { HUB_PORT_CHANNEL, REQUEST_HUB_PORT_CHANNEL } from '../../../electron/preload/channels.ts';

const electron = vi.hoisted(() => ({ ipcMain: null as unknown as EventEmitter }));
vi.mock('electron', () => ({
  get ipcMain() {
    return electron.ipcMain;
  },
  MessageChannelMain: class {
    port1 = { end: 'hub' };
    port2 = { end: 'page' };
  },
  protocol: {},
  utilityProcess: {},
}));
const { servePagePorts } = await import('../../../electron/main/page-ports.ts');

class Contents extends EventEmitter {
  readonly postMessage = vi.fn();
  isDestroyed = (): boolean => false;
}

const READY: HubState = { phase: 'ready', url: '', port: 1, pid: 1 };
let state: HubState;
let listeners: Set<(state: HubState) => void>;
const hub = {
  connect: vi.fn(() => state.phase === 'ready'),
  onChange(listener: (state: HubState) => void) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

beforeEach(() => {
  vi.clearAllMocks();
  electron.ipcMain = new EventEmitter();
  state = READY;
  listeners = new Set();
});

function enter(next: HubState): void {
  state = next;
  for (const listener of listeners) listener(next);
}

/** A page of ours asks for a port. */
function ask(contents: Contents): void {
  const senderFrame = { origin: 'app://ui', parent: null, url: 'app://ui/' };
  electron.ipcMain.emit(REQUEST_HUB_PORT_CHANNEL, { sender: contents, senderFrame });
}

const serve = (): (() => void) => servePagePorts(hub as unknown as HubProcess, silentLogger);

test('a page that asks gets one end of a channel, the hub the other', () => {
  serve();
  const page = new Contents();
  ask(page);
  expect(hub.connect).toHaveBeenCalledWith({ end: 'hub' });
  expect(page.postMessage.mock.calls).toEqual([[HUB_PORT_CHANNEL, null, [{ end: 'page' }]]]);
});

test('asked before the hub is ready, the port comes when it is; and again, unasked, after every restart', () => {
  serve();
  state = { phase: 'starting' };
  const page = new Contents();
  ask(page);
  ask(page);
  expect(page.postMessage).not.toHaveBeenCalled();
  enter(READY);
  expect(page.postMessage).toHaveBeenCalledTimes(1);
  enter({ phase: 'restarting', delayMs: 0, reason: 'x' });
  enter(READY);
  expect(page.postMessage).toHaveBeenCalledTimes(2);
});

test('both ends are handed over unread: a page that stops reading holds nothing up in main', () => {
  serve();
  const page = new Contents();
  ask(page);
  const [[hubEnd]] = hub.connect.mock.calls as unknown as [[object]];
  const [[, , [pageEnd]]] = page.postMessage.mock.calls as [[string, null, [object]]];
  // Any use of a port (`on`, `start`, `postMessage`) would throw here: the fakes have none of them.
  expect([Object.keys(hubEnd), Object.keys(pageEnd)]).toEqual([['end'], ['end']]);
  expect(electron.ipcMain.eventNames()).toEqual([REQUEST_HUB_PORT_CHANNEL]);
});

test('a page that is gone is forgotten', () => {
  serve();
  const page = new Contents();
  ask(page);
  page.emit('destroyed');
  enter(READY);
  expect(page.postMessage).toHaveBeenCalledTimes(1);
});

test('disposed, nothing is listened to any more', () => {
  const stop = serve();
  stop();
  expect([electron.ipcMain.listenerCount(REQUEST_HUB_PORT_CHANNEL), listeners.size]).toEqual([0, 0]);
});
