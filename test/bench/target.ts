import path from 'node:path';
import { projectRoot } from '../support/cli.ts';
import { referenceServer } from '../support/reference-servers.ts';
import { everythingEcho, echo, type Call } from './calls.ts';
import type { HttpEndpoint } from './http-wire.ts';
import { freePort, listening, startProgram, type Command, type Endings } from './started.ts';
import type { TemporaryHome } from '../support/temporary-home.ts';
import type { Wire } from './wire.ts';

/** The server behind the targets of one comparison, as a command and over its own HTTP. */
export interface Backend {
  readonly stdio: Command;
  readonly echo: Call;
  /** A word in the command line of its processes, which tells them from a proxy's. */
  readonly mark: string;
  startHttp(home: TemporaryHome, endings: Endings): Promise<{ endpoint: HttpEndpoint; pid: number }>;
}

/** One way from a client to the server. */
export interface Target {
  readonly name: string;
  /** What its figures are divided by: no proxy at all, over the same kind of transport on the client's side. */
  readonly direct: 'direct-stdio' | 'direct-http';
  /** Somebody else's program: what goes wrong in it is a finding, not a failure of this run. */
  readonly isPeer?: boolean;
  open(backend: Backend, endings: Endings): Promise<OpenTarget>;
}

export interface OpenTarget {
  /** The session that was opened first; its handshake is done. */
  readonly wire: Wire;
  /** Opens one more session, up to and with tools/list. */
  connect(): Promise<Wire>;
  /** Processes that exist because of the proxy: not the client, not the server behind. Empty for `direct`. */
  pids(): number[];
  /** Whose memory sessions are in where there is no proxy: the server's. */
  readonly server?: number;
  /** How long after an answer it may begin with more work for it. */
  readonly lateWorkMs?: number;
  /** Exchanges the hub could not keep in its log. */
  dropped?(): Promise<number>;
}

/** Path of a program of the bench. */
export const benchFile = (file: string): string => path.join(projectRoot, 'test', 'bench', file);

export const rawBackend: Backend = {
  stdio: { command: process.execPath, args: [benchFile('backend.mjs'), 'stdio'] },
  echo,
  mark: 'backend.mjs',
  async startHttp(home, endings) {
    const started = startProgram(
      home,
      { command: process.execPath, args: [benchFile('backend.mjs'), 'http'] },
      false,
    );
    endings.add(() => started.stop());
    const { port } = JSON.parse(await started.firstLine()) as { port: number };
    return { endpoint: { port, path: '/mcp' }, pid: started.pid };
  },
};

/** The MCP project's reference server: SDK on both of its transports. */
export function everythingBackend(): Backend {
  const [, script = ''] = referenceServer('everything');
  return {
    stdio: { command: process.execPath, args: [script, 'stdio'] },
    echo: everythingEcho,
    mark: 'server-everything',
    async startHttp(home, endings) {
      const port = await freePort();
      const command = { command: process.execPath, args: [script, 'streamableHttp'] };
      const withPort = { ...home, env: { ...home.env, PORT: String(port) } };
      const started = startProgram(withPort, command, false);
      endings.add(() => started.stop());
      // It logs every request; nobody reading would block it in the end.
      started.child.stdout!.resume();
      await listening(port);
      return { endpoint: { port, path: '/mcp' }, pid: started.pid };
    },
  };
}
