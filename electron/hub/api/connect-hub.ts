import { connect } from 'node:net';
import { PROTOCOL_VERSION } from '../sessions/shim-protocol.ts';
import { type HubLink, linkToHub } from './hub-link.ts';
import { portOverSocket } from './socket-port.ts';

/** Connects to the hub on its local socket; null when none answers. */
export async function connectHub(address: string): Promise<HubLink | null> {
  const socket = connect(address);
  const isUp = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.setTimeout(2_000, () => resolve(false));
  });
  if (!isUp) {
    socket.destroy();
    return null;
  }
  socket.setTimeout(0);
  socket.on('error', () => socket.destroy());
  socket.write(`${JSON.stringify({ patchbay: PROTOCOL_VERSION, kind: 'api' })}\n`);
  return linkToHub(portOverSocket(socket, Buffer.alloc(0)), () => socket.destroy());
}
