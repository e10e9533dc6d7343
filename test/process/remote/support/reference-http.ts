import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { projectRoot } from '../../../support/cli.ts';
import { referenceServer } from '../../../support/reference-servers.ts';
import { temporaryHome } from '../../../support/temporary-home.ts';

/** A reference server from npm, listening on loopback in a process of its own. */
export interface ReferenceHttp {
  port: number;
  /** As a crash ends it. */
  kill(): Promise<void>;
  dispose(): Promise<void>;
}

/** `port` takes one up again after a crash. */
export async function startEverything(mode: 'streamableHttp' | 'sse', port?: number): Promise<ReferenceHttp> {
  const home = temporaryHome();
  const actual = port ?? (await freePort());
  const [command, ...args] = referenceServer('everything', mode);
  const child = spawn(command!, args, {
    env: { ...home.env, PORT: String(actual) },
    cwd: home.project,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  let said = '';
  await new Promise<void>((resolve, reject) => {
    const hear = (chunk: Buffer): void => {
      said += chunk.toString();
      if (said.includes(`port ${actual}`)) resolve();
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    void exited.then(() => reject(new Error(`The server did not start: ${said}`)));
  });
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
  };
  return {
    port: actual,
    kill,
    async dispose() {
      await kill();
      home.dispose();
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const closed = once(server, 'close');
  server.close();
  await closed;
  return port;
}

/** One of our own fixture servers (SDK v1 or v2) over HTTP in a process of its own, as `{"url"}` it printed. */
export async function startFixture(
  name: 'legacy' | 'dual',
  ...args: string[]
): Promise<ReferenceHttp & { url: string }> {
  const home = temporaryHome();
  const script = path.join(projectRoot, 'test', 'fixtures', 'mcp', `${name}.mjs`);
  const child = spawn(process.execPath, [script, 'http', ...args], {
    env: home.env,
    cwd: home.project,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const line = await Promise.race([
    once(child.stdout, 'data').then(([chunk]) => String(chunk)),
    exited.then(() => Promise.reject(new Error(`The fixture did not start: ${errors}`))),
  ]);
  const { url } = JSON.parse(line) as { url: string };
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
  };
  return {
    url,
    port: Number(new URL(url).port),
    kill,
    async dispose() {
      await kill();
      home.dispose();
    },
  };
}
