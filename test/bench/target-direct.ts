import { connect } from 'node:net';
import path from 'node:path';
import { httpWire } from './http-wire.ts';
import { lineWire } from './line-wire.ts';
import { pidsBelow } from './process-stats.ts';
import { benchHome, startProgram, type Endings, type Started } from './started.ts';
import { benchFile, type Target } from './target.ts';
import { firstTools, type Wire } from './wire.ts';

/** A session over the standard streams of a program. */
export function stdioWire({ child }: Started): Wire {
  return lineWire(child.stdin!, child.stdout!, () => child.stdin!.end());
}

/** A session over a Unix socket. */
export async function socketWire(address: string): Promise<Wire> {
  const socket = connect(address);
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  return lineWire(socket, socket, () => socket.destroy());
}

/** Takes a fresh session up to its first tools/list; it is closed at the end. */
export async function ready(wire: Wire, endings: Endings): Promise<Wire> {
  endings.add(() => wire.close());
  await firstTools(wire);
  return wire;
}

/** No proxy: the client starts the server. */
export const directStdio: Target = {
  name: 'direct-stdio',
  direct: 'direct-stdio',
  async open(backend, endings) {
    const home = benchHome(endings);
    const open = (): Promise<Wire> => {
      const started = startProgram(home, backend.stdio, true);
      endings.add(() => started.stop());
      return ready(stdioWire(started), endings);
    };
    return { wire: await open(), connect: open, pids: () => [] };
  },
};

/** No proxy: the server's own HTTP. */
export const directHttp: Target = {
  name: 'direct-http',
  direct: 'direct-http',
  async open(backend, endings) {
    const { endpoint, pid } = await backend.startHttp(benchHome(endings), endings);
    const open = (): Promise<Wire> => ready(httpWire(endpoint), endings);
    return { wire: await open(), connect: open, pids: () => [], server: pid };
  },
};

/** A Node process that copies bytes between a socket and the server: nothing in Node can cost less. */
export const relay: Target = {
  name: 'relay',
  direct: 'direct-stdio',
  async open(backend, endings) {
    const home = benchHome(endings);
    const address = path.join(home.root, 'relay.sock');
    const { command, args } = backend.stdio;
    const started = startProgram(
      home,
      { command: process.execPath, args: [benchFile('relay.mjs'), address, command, ...args] },
      false,
    );
    endings.add(() => started.stop());
    await started.firstLine();
    const open = async (): Promise<Wire> => ready(await socketWire(address), endings);
    return { wire: await open(), connect: open, pids: () => [started.pid] };
  },
};

/** The official SDK's client and server back to back. */
export const sdkProxy: Target = {
  name: 'sdk-proxy',
  direct: 'direct-stdio',
  async open(backend, endings) {
    const home = benchHome(endings);
    const { command, args } = backend.stdio;
    const own: Started[] = [];
    const open = (): Promise<Wire> => {
      const proxy = {
        command: process.execPath,
        args: [benchFile('sdk-proxy.mjs'), command, ...args],
      };
      const started = startProgram(home, proxy, true);
      own.push(started);
      endings.add(() => started.stop());
      return ready(stdioWire(started), endings);
    };
    return {
      wire: await open(),
      connect: open,
      pids: () => own.flatMap(({ pid }) => pidsBelow(pid, backend.mark)),
    };
  },
};
