import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Readable, Writable } from 'node:stream';
import { z } from 'zod';
import { splitLines } from '../frames/split-lines.ts';
import { RpcFault, ServerFault } from './server-fault.ts';

/** A conversation with one stdio server in the era with `initialize`. */
export interface LegacyClient {
  /** Rejects with RpcFault for an error answer, with ServerFault for other faults and after `timeoutMs`. */
  request(method: string, params: object, timeoutMs: number): Promise<unknown>;
  notify(method: string): void;
  /** Fails what is open and everything asked later. */
  close(reason: Error): void;
}

/** Longest line that is read; what a server sends beyond it fails the request under way (B09). */
const MAX_LINE_BYTES = 16 * 1024 * 1024;
/** A server that asks and never reads would have its answers pile up here (B17). */
const MAX_UNREAD_BYTES = 1024 * 1024;

const METHOD_NOT_FOUND = -32_601;

const Message = z.object({
  id: z.union([z.string(), z.number()]).optional(),
  method: z.string().optional(),
  result: z.unknown().optional(),
  error: z.object({ code: z.number(), message: z.string() }).optional(),
});
type Message = z.infer<typeof Message>;

interface Open {
  method: string;
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/**
 * Speaks over a server's two pipes. What is not JSON-RPC is passed over (B07), as are answers nobody waits for (B20).
 * The server's own requests get the answers of a client with one folder and no other features.
 */
export function createLegacyClient(server: { input: Writable; output: Readable }, cwd: string): LegacyClient {
  const open = new Map<number, Open>();
  let nextId = 1;
  let closed: Error | null = null;

  const failAll = (reason: Error): void => {
    for (const waiting of open.values()) waiting.reject(reason);
    open.clear();
  };
  const close = (reason: Error): void => {
    closed ??= reason;
    failAll(closed);
  };
  const send = (message: object): void => {
    if (closed) return;
    server.input.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
    if (server.input.writableLength > MAX_UNREAD_BYTES) close(new ServerFault('does not read its input'));
  };

  const settle = ({ id, result, error }: Message): void => {
    const waiting = typeof id === 'number' ? open.get(id) : undefined;
    if (!waiting) return;
    open.delete(id as number);
    if (error) waiting.reject(new RpcFault(waiting.method, error));
    else if (result === undefined)
      waiting.reject(new ServerFault(`answered ${waiting.method} with neither result nor error`));
    else waiting.resolve(result);
  };
  const answer = (id: string | number, method: string): void => {
    if (method === 'ping') send({ id, result: {} });
    else if (method === 'roots/list') send({ id, result: { roots: [rootOf(cwd)] } });
    else send({ id, error: { code: METHOD_NOT_FOUND, message: `Method not found: ${method}` } });
  };
  const receive = (line: Buffer): void => {
    for (const message of parseMessages(line)) {
      if (message.method === undefined) settle(message);
      else if (message.id !== undefined) answer(message.id, message.method);
    }
  };

  const lines = splitLines(
    {
      line: receive,
      oversized: (bytes) =>
        failAll(new ServerFault(`sent a line of ${bytes} bytes, more than the ${MAX_LINE_BYTES} allowed`)),
    },
    MAX_LINE_BYTES,
  );
  server.output.on('data', (chunk: Buffer) => lines.push(chunk));
  server.output.on('end', () => lines.end());
  server.output.on('error', () => {});

  return {
    close,
    notify: (method) => send({ method }),
    request: (method, params, timeoutMs) =>
      new Promise((resolve, reject) => {
        if (closed) {
          reject(closed);
          return;
        }
        const id = nextId++;
        const timer = setTimeout(() => {
          open.delete(id);
          reject(new ServerFault(`did not answer ${method} within ${seconds(timeoutMs)} s`));
        }, timeoutMs);
        open.set(id, {
          method,
          resolve: (result) => {
            clearTimeout(timer);
            resolve(result);
          },
          reject: (error) => {
            clearTimeout(timer);
            reject(error);
          },
        });
        send({ id, method, params });
      }),
  };
}

/** One line may be a batch in revision 2025-03-26. */
function parseMessages(line: Buffer): Message[] {
  try {
    const parsed: unknown = JSON.parse(line.toString('utf8'));
    return (Array.isArray(parsed) ? parsed : [parsed]).flatMap((item) => {
      const message = Message.safeParse(item);
      return message.success ? [message.data] : [];
    });
  } catch {
    return [];
  }
}

const seconds = (ms: number): number => Number((ms / 1_000).toPrecision(2));

const rootOf = (cwd: string): { uri: string; name: string } => ({
  uri: pathToFileURL(cwd).href,
  name: path.basename(cwd),
});
