import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** A client over stdio that sees the very bytes; what the SDK's client hides is what these tests are about. */
export interface RawClient {
  readonly child: ChildProcess;
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Lines received so far, without their line ends. */
  readonly lines: string[];
  stderr(): string;
  send(line: string): void;
  /** The first line, past or future, that fits; rejects when the process ends before it comes. */
  line(fits: (line: string) => boolean): Promise<string>;
  /** Sends a request with a fresh id and resolves with the parsed answer. */
  request(method: string, params?: unknown): Promise<RawAnswer>;
  /** The handshake of the older era. */
  initialize(): Promise<RawAnswer>;
  /** Calls a tool and gives the text of its first content. Throws on a JSON-RPC error. */
  callTool(name: string, args?: Record<string, unknown>): Promise<string>;
  /** Closes stdin and waits for the end. */
  end(): Promise<void>;
}

export interface RawAnswer {
  id: unknown;
  result?: { content?: { text: string }[]; [key: string]: unknown };
  error?: { code: number; message: string };
}

export interface RawClientOptions {
  command: string;
  args: readonly string[];
  cwd: string;
  env: Readonly<Record<string, string>>;
}

export function startRawClient({ command, args, cwd, env }: RawClientOptions): RawClient {
  const child = spawn(command, [...args], { cwd, env, stdio: ['pipe', 'pipe', 'pipe'] });
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  let rest = '';
  let errors = '';
  let hasEnded = false;
  let nextId = 1_000;
  child.stdin.on('error', () => {});
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop()!;
    lines.push(...parts);
    for (const wake of waiting) wake();
  });
  const exited = once(child, 'close').then(([code, signal]) => {
    hasEnded = true;
    for (const wake of waiting) wake();
    return { code: code as number | null, signal: signal as NodeJS.Signals | null };
  });

  const client: RawClient = {
    child,
    exited,
    lines,
    stderr: () => errors,
    send: (line) => void child.stdin.write(`${line}\n`),
    line: (fits) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = lines.find(fits);
          if (found === undefined && !hasEnded) return;
          waiting.delete(look);
          if (found === undefined)
            reject(new Error(`The process ended. It wrote:\n${lines.join('\n')}\n${errors}`));
          else resolve(found);
        };
        waiting.add(look);
        look();
      }),
    async request(method, params = {}) {
      const id = nextId++;
      client.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
      const line = await client.line((text) => text.includes(`"id":${id}`) && !text.includes('"method"'));
      return JSON.parse(line) as RawAnswer;
    },
    async initialize() {
      const clientInfo = { name: 'raw-client', version: '1' };
      const answer = await client.request('initialize', {
        protocolVersion: '2025-11-25',
        capabilities: {},
        clientInfo,
      });
      client.send('{"jsonrpc":"2.0","method":"notifications/initialized"}');
      return answer;
    },
    async callTool(name, args = {}) {
      const { result, error } = await client.request('tools/call', { name, arguments: args });
      if (error) throw new Error(`${error.code}: ${error.message}`);
      return result?.content?.[0]?.text ?? '';
    },
    async end() {
      child.stdin.end();
      await exited;
    },
  };
  return client;
}
