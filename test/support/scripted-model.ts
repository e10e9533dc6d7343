import { existsSync, watch } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { nextTurn, type ModelRequest, type Turn } from './model-script.ts';

/**
 * A FAKE of the Anthropic Messages API, so that the real Claude Code can be driven without an account or a network:
 * the "model" does what the script in the prompt says (see model-script.ts). It proves nothing about the real API.
 */
export interface ScriptedModel {
  /** For ANTHROPIC_BASE_URL. */
  readonly url: string;
  /** Names of the tools each request offered, newest last; requests without tools (titles) are left out. */
  readonly offeredTools: readonly string[][];
  /** Resolves as soon as a turn waits for this file. */
  waitingFor(file: string): Promise<void>;
  close(): Promise<void>;
}

/** Listens on a free port of the loopback. */
export async function startScriptedModel(): Promise<ScriptedModel> {
  const closing = new AbortController();
  const offeredTools: string[][] = [];
  const waits = new Map<string, Promise<void> & { start(): void }>();
  const waitOf = (file: string): Promise<void> & { start(): void } => {
    let wait = waits.get(file);
    if (!wait) waits.set(file, (wait = signalOnce()));
    return wait;
  };

  async function answer(request: ModelRequest): Promise<Turn> {
    const tools = request.tools ?? [];
    if (tools.length === 0) return { kind: 'text', waitFor: [], text: 'title' };
    offeredTools.push(tools.map((tool) => tool.name));
    const turn = nextTurn(request);
    for (const file of turn.waitFor) {
      waitOf(file).start();
      await fileExists(file, closing.signal);
    }
    return turn;
  }

  const server = createServer((request, response) => {
    serve(request, response, answer).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'application/json' });
      const message = `scripted model: ${String(error)}`;
      response.end(JSON.stringify({ type: 'error', error: { type: 'api_error', message } }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    offeredTools,
    waitingFor: waitOf,
    async close() {
      closing.abort();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  answer: (body: ModelRequest) => Promise<Turn>,
): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  const json = (status: number, body: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
  if (request.method === 'HEAD') return void response.writeHead(200).end();
  if (request.method !== 'POST') return json(404, { type: 'error', error: { type: 'not_found_error' } });
  if (pathname === '/v1/messages/count_tokens') return json(200, { input_tokens: 100 });
  if (pathname !== '/v1/messages') return json(404, { type: 'error', error: { type: 'not_found_error' } });

  const body = JSON.parse(Buffer.concat(parts).toString('utf8')) as ModelRequest;
  const message = messageOf(await answer(body), body.model ?? 'scripted');
  if (!body.stream) return json(200, message);
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  for (const event of eventsOf(message)) {
    response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  }
  response.end();
}

type Block = { type: 'text'; text: string } | { type: 'tool_use'; id: string; name: string; input: unknown };
type Message = ReturnType<typeof messageOf>;

let messageCount = 0;

function messageOf(turn: Turn, model: string) {
  const id = `scripted_${(messageCount += 1)}`;
  const content: Block[] =
    turn.kind === 'text'
      ? [{ type: 'text', text: turn.text }]
      : turn.calls.map((call, index) => ({ type: 'tool_use', id: `toolu_${id}_${index}`, ...call }));
  return {
    id: `msg_${id}`,
    type: 'message',
    role: 'assistant',
    model,
    content,
    stop_reason: turn.kind === 'text' ? 'end_turn' : 'tool_use',
    stop_sequence: null,
    usage: { input_tokens: 10, output_tokens: 5, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 },
  };
}

function eventsOf(message: Message): { type: string; [field: string]: unknown }[] {
  const blocks = message.content.flatMap((block, index) => {
    const isText = block.type === 'text';
    const opening = isText ? { type: 'text', text: '' } : { ...block, input: {} };
    const delta = isText
      ? { type: 'text_delta', text: block.text }
      : { type: 'input_json_delta', partial_json: JSON.stringify(block.input) };
    return [
      { type: 'content_block_start', index, content_block: opening },
      { type: 'content_block_delta', index, delta },
      { type: 'content_block_stop', index },
    ];
  });
  const delta = { stop_reason: message.stop_reason, stop_sequence: null };
  return [
    { type: 'message_start', message: { ...message, content: [], stop_reason: null } },
    ...blocks,
    { type: 'message_delta', delta, usage: { output_tokens: 5 } },
    { type: 'message_stop' },
  ];
}

/** Rejects when the signal aborts first. */
function fileExists(file: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const watcher = watch(path.dirname(file), () => existsSync(file) && finish(resolve));
    const finish = (settle: () => void): void => {
      watcher.close();
      signal.removeEventListener('abort', onAbort);
      settle();
    };
    const onAbort = (): void => finish(() => reject(new Error(`closed while waiting for ${file}`)));
    signal.addEventListener('abort', onAbort);
    if (existsSync(file)) finish(resolve);
  });
}

function signalOnce(): Promise<void> & { start(): void } {
  let start: () => void = () => {};
  const promise = new Promise<void>((resolve) => (start = resolve));
  return Object.assign(promise, { start: () => start() });
}
