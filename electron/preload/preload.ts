import { contextBridge, ipcRenderer } from 'electron';
import { type DesktopBridge, HUB_PORT_MESSAGE } from '../../shared/contract/desktop-bridge.ts';
import type { DesktopState } from '../../shared/model/desktop.ts';
import {
  DESKTOP_CALLS,
  DESKTOP_STATE_CHANNEL,
  HUB_PORT_CHANNEL,
  type PageAnswer,
  REQUEST_HUB_PORT_CHANNEL,
} from './channels.ts';

async function call<T>(name: keyof typeof DESKTOP_CALLS, input?: unknown): Promise<T> {
  const answer = (await ipcRenderer.invoke(DESKTOP_CALLS[name], input)) as PageAnswer;
  if (!answer.ok) throw new Error(answer.message);
  return answer.value as T;
}

const listeners = new Set<(state: DesktopState) => void>();

// All a page gets: a named call each, never ipcRenderer itself. A compromised page can ask for a port to the hub,
// which is what the UI is for, change the few choices of the app, and have the login page of a server of the catalog
// opened; nothing else.
const bridge: DesktopBridge = {
  host: 'desktop',
  requestHubPort: () => ipcRenderer.send(REQUEST_HUB_PORT_CHANNEL),
  state: () => call('state'),
  choose: (change) => call('choose', change),
  checkForUpdate: () => call('checkForUpdate'),
  downloadUpdate: () => call('downloadUpdate'),
  installUpdate: () => call('installUpdate'),
  openLoginPage: (server) => call('openLoginPage', server),
  onState(listener) {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
};
contextBridge.exposeInMainWorld('patchbay', bridge);

ipcRenderer.on(HUB_PORT_CHANNEL, (event) => {
  // Ports cannot cross the context bridge; a message to our own window carries them over.
  window.postMessage(HUB_PORT_MESSAGE, window.location.origin, [...event.ports]);
});
ipcRenderer.on(DESKTOP_STATE_CHANNEL, (_event, state: DesktopState) => {
  for (const listener of listeners) listener(state);
});
