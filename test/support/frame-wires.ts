import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Way } from './mcp-probe.ts';

/** Any JSON-RPC message, parsed. */
export interface Frame {
  jsonrpc?: '2.0';
  id?: number | string | null;
  method?: string;
  params?: Record<string, unknown>;
  result?: Record<string, unknown>;
  error?: { code: number; message: string; data?: unknown };
}

/** Sends frames and gets frames, without a library in between. */
export interface FrameWire {
  /**
   * A list is one batch, as the revision 2025-03-26 has it. Resolves when it has been carried; after
   * `notifications/initialized` over HTTP, when the stream for what belongs to no request is open as well.
   */
  send(frame: Frame | readonly Frame[]): Promise<void>;
  close(): Promise<void>;
}

export type FrameListener = (frame: Frame) => void;

/** `onLost` is told what ended the wire before it was closed. */
export function openWire(
  way: Way,
  onFrame: FrameListener,
  onLost: (why: string) => void,
): Promise<FrameWire> {
  const each = (message: Frame | Frame[]): void => {
    for (const frame of Array.isArray(message) ? message : [message]) onFrame(frame);
  };
  if (way.kind === 'stdio') return Promise.resolve(stdioWire(way, each, onLost));
  return way.kind === 'http' ? Promise.resolve(httpWire(way, each, onLost)) : sseWire(way, each, onLost);
}

function stdioWire(
  { command, args, cwd, env }: Extract<Way, { kind: 'stdio' }>,
  onMessage: (message: Frame | Frame[]) => void,
  onLost: (why: string) => void,
): FrameWire {
  const child = spawn(command, [...args], { cwd, env, stdio: ['pipe', 'pipe', 'ignore'] });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let isClosing = false;
  child.once('exit', (code) => isClosing || onLost(`exited with ${code}`));
  child.stdin.on('error', () => {});
  createInterface({ input: child.stdout }).on('line', (line) =>
    onMessage(JSON.parse(line) as Frame | Frame[]),
  );
  return {
    send: async (frame) => void child.stdin.write(`${JSON.stringify(frame)}\n`),
    async close() {
      isClosing = true;
      child.stdin.end();
      await exited;
    },
  };
}

function httpWire(
  { url, token }: { url: string; token: string | null },
  onMessage: (message: Frame | Frame[]) => void,
  onLost: (why: string) => void,
): FrameWire {
  const closing = new AbortController();
  const headers: Record<string, string> = {
    accept: 'application/json, text/event-stream',
    'content-type': 'application/json',
    ...(token !== null && { authorization: `Bearer ${token}` }),
  };

  async function take(response: Response): Promise<void> {
    const session = response.headers.get('mcp-session-id');
    if (session) headers['mcp-session-id'] = session;
    if (response.headers.get('content-type')?.startsWith('text/event-stream')) {
      for await (const { data } of eventsOf(response)) if (data) onMessage(JSON.parse(data) as Frame);
      return;
    }
    const text = await response.text();
    if (text !== '') onMessage(JSON.parse(text) as Frame);
    else if (!response.ok) onLost(`HTTP ${response.status}`);
  }

  const broke = (error: unknown): void => {
    if (!closing.signal.aborted) onLost(String((error as Error).cause ?? error));
  };

  /** Resolves with the head of the answer; its body is read on. */
  async function exchange(method: 'GET' | 'POST', body?: string): Promise<void> {
    try {
      const response = await fetch(url, { method, headers, signal: closing.signal, ...(body && { body }) });
      if (method === 'POST' || response.ok) take(response).catch(broke);
    } catch (error) {
      broke(error);
    }
  }

  return {
    async send(frame) {
      await exchange('POST', JSON.stringify(frame));
      if ('method' in frame && frame.method === 'notifications/initialized') await exchange('GET');
    },
    async close() {
      closing.abort();
      await fetch(url, { method: 'DELETE', headers }).catch(() => {});
    },
  };
}

async function sseWire(
  { url, token }: { url: string; token: string | null },
  onMessage: (message: Frame | Frame[]) => void,
  onLost: (why: string) => void,
): Promise<FrameWire> {
  const closing = new AbortController();
  const headers = { ...(token !== null && { authorization: `Bearer ${token}` }) };
  const response = await fetch(url, {
    headers: { ...headers, accept: 'text/event-stream' },
    signal: closing.signal,
  });
  if (!response.ok) throw new Error(`GET ${url}: HTTP ${response.status}`);
  const endpoint = await new Promise<URL>((resolve, reject) => {
    const listen = async (): Promise<void> => {
      for await (const { event, data } of eventsOf(response)) {
        if (event === 'endpoint') resolve(new URL(data, url));
        else if (data) onMessage(JSON.parse(data) as Frame);
      }
      throw new Error('The stream ended.');
    };
    listen().catch((error: Error) => {
      reject(error);
      if (!closing.signal.aborted) onLost(error.message);
    });
  });
  return {
    async send(frame) {
      const request = { method: 'POST', headers: { ...headers, 'content-type': 'application/json' } };
      try {
        const { ok, status } = await fetch(endpoint, { ...request, body: JSON.stringify(frame) });
        if (!ok) onLost(`HTTP ${status}`);
      } catch (error) {
        if (!closing.signal.aborted) onLost((error as Error).message);
      }
    },
    close: () => {
      closing.abort();
      return Promise.resolve();
    },
  };
}

async function* eventsOf(response: Response): AsyncGenerator<{ event: string; data: string }> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true }).replaceAll('\r', '');
    const blocks = text.split('\n\n');
    text = blocks.pop()!;
    for (const block of blocks) {
      const field = (name: string): string =>
        block
          .split('\n')
          .filter((line) => line.startsWith(`${name}:`))
          .map((line) => line.slice(name.length + 1).trimStart())
          .join('\n');
      yield { event: field('event'), data: field('data') };
    }
  }
}
