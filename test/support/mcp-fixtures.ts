import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { projectRoot } from './cli.ts';
import { referenceServer } from './reference-servers.ts';

/** `legacy` speaks the older era only, `dual` both; see test/fixtures/mcp. */
export type FixtureEra = 'legacy' | 'dual';

const READY_MS = 20_000;

/** Command line of a fixture server; `args` after the transport. */
export function mcpFixture(
  era: FixtureEra,
  transport: 'stdio' | 'http' | 'sse',
  ...args: string[]
): { command: string; args: string[] } {
  const script = path.join(projectRoot, 'test', 'fixtures', 'mcp', `${era}.mjs`);
  return { command: process.execPath, args: [script, transport, ...args] };
}

export interface HttpServerProgram {
  url: string;
  pid: number;
  stop(): Promise<void>;
}

/**
 * Starts a program that serves HTTP, says so in one line `{"url"}` and ends with its standard input. Rejects with what
 * it wrote to stderr.
 */
export async function startHttpProgram(
  { command, args }: { command: string; args: readonly string[] },
  env: Readonly<Record<string, string>>,
): Promise<HttpServerProgram> {
  const child = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const exited = once(child, 'exit');
  const line = await new Promise<string>((resolve, reject) => {
    const fail = (why: string): void => reject(new Error(`${args.join(' ')}: ${why}\n${errors}`));
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      fail(`nothing after ${READY_MS} ms`);
    }, READY_MS);
    child.once('exit', (code) => {
      clearTimeout(timer);
      fail(`exited with ${code}`);
    });
    createInterface({ input: child.stdout }).once('line', (text) => {
      clearTimeout(timer);
      resolve(text);
    });
  });
  return {
    url: (JSON.parse(line) as { url: string }).url,
    pid: child.pid!,
    async stop() {
      child.stdin.end();
      await exited;
    },
  };
}

const LISTENING = /listening on port|running on port|Server is running/i;

/** The MCP project's server with everything, by its own HTTP; it takes a port and says on stderr when it listens. */
export async function startEverything(
  transport: 'streamableHttp' | 'sse',
  env: Readonly<Record<string, string>>,
): Promise<HttpServerProgram> {
  const port = await freePort();
  const [command = '', ...args] = referenceServer('everything', transport);
  const child = spawn(command, args, {
    env: { ...env, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = once(child, 'exit');
  let errors = '';
  await new Promise<void>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
      if (LISTENING.test(errors)) resolve();
    });
    child.once('exit', (code) => reject(new Error(`server-everything exited with ${code}:\n${errors}`)));
  });
  return {
    url: `http://127.0.0.1:${port}/${transport === 'sse' ? 'sse' : 'mcp'}`,
    pid: child.pid!,
    async stop() {
      child.kill();
      await exited;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
