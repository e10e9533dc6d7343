import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../support/cli.ts';
import { httpWire } from './http-wire.ts';
import { pidsBelow } from './process-stats.ts';
import { sseWire } from './sse-wire.ts';
import {
  benchHome,
  freePort,
  listening,
  startProgram,
  type Command,
  type Endings,
  type Started,
} from './started.ts';
import type { Backend, OpenTarget, Target } from './target.ts';
import { ready, stdioWire } from './target-direct.ts';
import { firstTools, type Wire } from './wire.ts';

/** Other people's hubs and proxies, at the versions the figures in docs/benchmarks.md are about. */
const PEERS = {
  'mcp-proxy': '6.7.19',
  supergateway: '4.0.0',
  'mcp-hub': '4.2.1',
  'mcp-remote': '0.15.1',
} as const;

const folder = path.join(projectRoot, '.cache', 'bench');

/** Fetches the peers from npm into .cache/bench unless they are there. Throws when npm fails. */
export async function installPeers(): Promise<void> {
  const missing = Object.entries(PEERS).filter(([name, version]) => installedVersion(name) !== version);
  if (missing.length === 0) return;
  mkdirSync(folder, { recursive: true });
  const wanted = missing.map(([name, version]) => `${name}@${version}`);
  const code = await new Promise((resolve, reject) => {
    const npm = spawn(
      'npm',
      [
        'install',
        '--prefix',
        folder,
        '--ignore-scripts',
        '--no-audit',
        '--no-fund',
        '--save-exact',
        ...wanted,
      ],
      { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] },
    );
    npm.once('error', reject);
    npm.once('close', resolve);
  });
  if (code !== 0) throw new Error(`npm could not fetch ${wanted.join(', ')} (exit code ${String(code)}).`);
}

function installedVersion(name: string): string | null {
  try {
    const text = readFileSync(path.join(folder, 'node_modules', name, 'package.json'), 'utf8');
    return (JSON.parse(text) as { version: string }).version;
  } catch {
    return null;
  }
}

const program = (file: string, args: readonly string[]): Command => ({
  command: process.execPath,
  args: [path.join(folder, 'node_modules', file), ...args],
});

/** A peer that listens on a port. `session` opens one more session with it. */
async function openPeer(
  backend: Backend,
  endings: Endings,
  peer: { command(port: number, home: string): Command; session(port: number): Promise<Wire> },
): Promise<OpenTarget> {
  const home = benchHome(endings);
  const port = await freePort();
  const started = startProgram(home, peer.command(port, home.root), false);
  endings.add(() => started.stop());
  started.child.stdout!.resume();
  await listening(port);
  return {
    wire: await peer.session(port),
    connect: () => peer.session(port),
    pids: () => pidsBelow(started.pid, backend.mark),
  };
}

const mcpProxy: Target = {
  name: 'mcp-proxy',
  direct: 'direct-http',
  isPeer: true,
  open: (backend, endings) =>
    openPeer(backend, endings, {
      command: (port) =>
        program('mcp-proxy/dist/bin/mcp-proxy.mjs', [
          '--host=127.0.0.1',
          `--port=${port}`,
          '--server=stream',
          '--',
          backend.stdio.command,
          ...backend.stdio.args,
        ]),
      session: (port) => ready(httpWire({ port, path: '/mcp' }), endings),
    }),
};

const supergateway: Target = {
  name: 'supergateway',
  direct: 'direct-http',
  isPeer: true,
  open: (backend, endings) =>
    openPeer(backend, endings, {
      command: (port) =>
        program('supergateway/dist/index.js', [
          `--stdio=${[backend.stdio.command, ...backend.stdio.args].join(' ')}`,
          '--outputTransport=streamableHttp',
          '--stateful',
          `--port=${port}`,
          '--logLevel=none',
        ]),
      session: (port) => ready(httpWire({ port, path: '/mcp' }), endings),
    }),
};

export const mcpHubCommand = (port: number, config: string): Command =>
  program('mcp-hub/dist/cli.js', [`--port=${port}`, `--config=${config}`]);

/** It has no Streamable HTTP for its clients; tools carry the server's name before theirs. */
const mcpHub: Target = {
  name: 'mcp-hub',
  direct: 'direct-http',
  isPeer: true,
  open: (backend, endings) =>
    openPeer(backend, endings, {
      command: (port, home) => {
        const config = path.join(home, 'mcp-hub.json');
        writeFileSync(config, JSON.stringify({ mcpServers: { bench: backend.stdio } }));
        return mcpHubCommand(port, config);
      },
      session: (port) => readySse(port, endings),
    }),
};

const READY_MS = 20_000;

/** It listens before it is ready; a stream opened too early stays silent, or shows no tools yet. */
export async function readySse(port: number, endings: Endings): Promise<Wire> {
  const prefixed = (frame: string): string =>
    frame.replace('"params":{"name":"', '"params":{"name":"bench__');
  const deadline = performance.now() + READY_MS;
  for (;;) {
    try {
      const wire = await sseWire({ port, path: '/mcp' }, prefixed);
      endings.add(() => wire.close());
      await firstTools(wire);
      return wire;
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

/** What people put between a client that speaks stdio only and a server that speaks HTTP: the shim's counterpart. */
const mcpRemote: Target = {
  name: 'mcp-remote',
  direct: 'direct-stdio',
  isPeer: true,
  async open(backend, endings) {
    const home = benchHome(endings);
    const { endpoint } = await backend.startHttp(home, endings);
    const url = `http://127.0.0.1:${endpoint.port}${endpoint.path}`;
    const own: Started[] = [];
    const open = (): Promise<Wire> => {
      const command = program('mcp-remote/dist/proxy.js', [url, '--allow-http', '--transport', 'http-only']);
      const started = startProgram(home, command, true);
      own.push(started);
      endings.add(() => started.stop());
      return ready(stdioWire(started), endings);
    };
    return { wire: await open(), connect: open, pids: () => own.map(({ pid }) => pid) };
  },
};

export const peers: readonly Target[] = [mcpProxy, supergateway, mcpHub, mcpRemote];
