import { contextBridge, ipcRenderer } from 'electron';
import { type DesktopBridge, HUB_PORT_MESSAGE } from '../../shared/contract/desktop-bridge.ts';
import { HUB_PORT_CHANNEL, REQUEST_HUB_PORT_CHANNEL } from './channels.ts';

// All a page gets. A compromised one can ask for a port to the hub, which is what the UI is for, and nothing else.
const bridge: Pick<DesktopBridge, 'host' | 'requestHubPort'> = {
  host: 'desktop',
  requestHubPort: () => ipcRenderer.send(REQUEST_HUB_PORT_CHANNEL),
};
contextBridge.exposeInMainWorld('patchbay', bridge);

ipcRenderer.on(HUB_PORT_CHANNEL, (event) => {
  // Ports cannot cross the context bridge; a message to our own window carries them over.
  window.postMessage(HUB_PORT_MESSAGE, window.location.origin, [...event.ports]);
});
