import { parentPort, workerData } from 'node:worker_threads';
import { buffersOf, type StoreStart, type ToStore } from '../hub/traffic/store-messages.ts';
import { serveStore } from '../hub/traffic/store-server.ts';

const port = parentPort;
if (!port) throw new Error('This script is started by the hub, as a worker thread.');

// What the hub itself passes to its own worker; nothing from outside arrives here unparsed.
const start = workerData as StoreStart;
const store = serveStore({ ...start, send: (message) => port.postMessage(message, buffersOf(message)) });
port.on('message', (message: ToStore) => store.receive(message));
