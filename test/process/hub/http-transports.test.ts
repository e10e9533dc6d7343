import {
  Client as ModernClient,
  StreamableHTTPClientTransport as ModernTransport,
} from '@modelcontextprotocol/client';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startHub, type RunningHub } from '../../support/hub.ts';
import { expectNothingLeft } from '../../support/leak-check.ts';
import { fixtureServer } from '../../support/shim.ts';
import { temporaryHome, type TemporaryHome } from '../../support/temporary-home.ts';

let home: TemporaryHome;
let hub: RunningHub;

beforeAll(async () => {
  home = temporaryHome();
  mkdirSync(home.dataDir, { mode: 0o700 });
  const server = (name: string): object => ({ command: process.execPath, args: [fixtureServer(name)] });
  const mcpServers = { echo: { ...server('echo-server'), isolation: 'shared' }, raw: server('raw-frames') };
  const profiles = { small: { servers: ['echo'], tools: { echo: { allow: ['echo', 'count'] } } } };
  writeFileSync(path.join(home.dataDir, 'mcp-servers.json'), JSON.stringify({ mcpServers, profiles }));
  hub = await startHub(home);
});

afterAll(async () => {
  await hub.stop();
  await expectNothingLeft(home);
  home.dispose();
});

const at = (target: string): URL => new URL(target, hub.url);
const headers = (): Record<string, string> => ({ authorization: `Bearer ${hub.token}` });
const textOf = (result: unknown): string => (result as { content: { text: string }[] }).content[0]!.text;

async function connect(transport: Transport): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(transport);
  return client;
}

/** The SDK's own needs a WebSocket of the runtime and can send no header. */
async function overWebSocket(): Promise<Transport> {
  const socket = new WebSocket(at('/ws'), ['mcp'], { headers: headers() });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const transport: Transport = {
    start: () => Promise.resolve(),
    send: (message) => new Promise((resolve) => socket.send(JSON.stringify(message), () => resolve())),
    close: () => Promise.resolve(socket.close()),
  };
  socket.on('message', (data: Buffer) =>
    transport.onmessage?.(JSON.parse(data.toString()) as JSONRPCMessage),
  );
  socket.on('close', () => transport.onclose?.());
  return transport;
}

const WAYS: [string, () => Promise<Transport> | Transport, prefix: string][] = [
  [
    '/mcp',
    () => new StreamableHTTPClientTransport(at('/mcp'), { requestInit: { headers: headers() } }),
    'echo__',
  ],
  [
    '/profiles/small/mcp',
    () =>
      new StreamableHTTPClientTransport(at('/profiles/small/mcp'), { requestInit: { headers: headers() } }),
    'echo__',
  ],
  ['/sse', () => new SSEClientTransport(at('/sse'), { requestInit: { headers: headers() } }), 'echo__'],
  [
    '/servers/echo/sse',
    () => new SSEClientTransport(at('/servers/echo/sse'), { requestInit: { headers: headers() } }),
    '',
  ],
  ['/ws', overWebSocket, 'echo__'],
];

describe.each(WAYS)('%s with the SDK’s client', (_path, transport, prefix) => {
  it('lists, calls and carries progress in order', async () => {
    const carried = await transport();
    const client = await connect(carried);
    const names = (await client.listTools()).tools.map(({ name }) => name);
    expect(names).toContain(`${prefix}echo`);
    const message = 'é漢字😀'.repeat(10_000);
    const echoed = await client.callTool({ name: `${prefix}echo`, arguments: { message } });
    expect(textOf(echoed)).toBe(message);
    // Seen where it arrives: the client itself forgets progress that comes in one chunk with the result.
    const seen: unknown[] = [];
    const toClient = carried.onmessage!;
    carried.onmessage = (frame, extra) => {
      if ('method' in frame && frame.method === 'notifications/progress') seen.push(frame.params?.progress);
      toClient(frame, extra);
    };
    await client.callTool({ name: `${prefix}count`, arguments: { to: 3 } }, undefined, { onprogress() {} });
    expect(seen).toEqual([1, 2, 3]);
    const calls = Array.from({ length: 30 }, async (_, index) =>
      textOf(await client.callTool({ name: `${prefix}echo`, arguments: { message: String(index) } })),
    );
    expect(await Promise.all(calls)).toEqual(Array.from({ length: 30 }, (_, index) => String(index)));
    await client.close();
  });
});

it('a profile shows what it was made of', async () => {
  const transport = new StreamableHTTPClientTransport(at('/profiles/small/mcp'), {
    requestInit: { headers: headers() },
  });
  const client = await connect(transport);
  expect((await client.listTools()).tools.map(({ name }) => name).toSorted()).toEqual([
    'echo__count',
    'echo__echo',
  ]);
  await client.close();
  const unknown = new StreamableHTTPClientTransport(at('/profiles/none/mcp'), {
    requestInit: { headers: headers() },
  });
  await expect(connect(unknown)).rejects.toThrow('no profile');
});

it('/servers/<name>/mcp with a client of 2026-07-28', async () => {
  const client = new ModernClient({ name: 'modern', version: '1' }, { versionNegotiation: { mode: 'auto' } });
  await client.connect(new ModernTransport(at('/servers/echo/mcp'), { requestInit: { headers: headers() } }));
  expect((await client.listTools()).tools.map(({ name }) => name)).toContain('count');
  expect(textOf(await client.callTool({ name: 'echo', arguments: { message: 'now' } }))).toBe('now');
  const seen: number[] = [];
  await client.callTool(
    { name: 'count', arguments: { to: 3 } },
    { onprogress: ({ progress }) => void seen.push(progress) },
  );
  expect(seen).toEqual([1, 2, 3]);
  const sessions = (await (await fetch(at('/api/sessions'), { headers: headers() })).json()) as {
    era: string;
  }[];
  expect(sessions.filter(({ era }) => era === 'modern')).toHaveLength(1);
  await client.close();
});

it('POST /jsonrpc, as a script does it', async () => {
  const post = async (body: unknown): Promise<{ status: number; body: unknown }> => {
    const response = await fetch(at('/jsonrpc'), {
      method: 'POST',
      headers: { ...headers(), 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? null : JSON.parse(text) };
  };
  const call = (id: number, message: string): object => ({
    jsonrpc: '2.0',
    id,
    method: 'tools/call',
    params: { name: 'echo__echo', arguments: { message } },
  });
  const one = await post(call(1, 'a'));
  expect([one.status, textOf((one.body as { result: unknown }).result)]).toEqual([200, 'a']);
  const batch = (await post([call(1, 'b'), call(1, 'c')])).body as { id: number; result: unknown }[];
  expect(batch.map(({ result }) => textOf(result)).toSorted()).toEqual(['b', 'c']);
  expect(await post({ jsonrpc: '2.0', method: 'notifications/initialized' })).toEqual({
    status: 202,
    body: null,
  });
});

it('a session is seen and ended over the API, whichever way it came', async () => {
  const list = async (): Promise<{ id: string; transport: string; era: string | null; client: string }[]> =>
    (await fetch(at('/api/sessions'), { headers: headers() })).json() as never;
  const client = await connect(await overWebSocket());
  const { id } = (await list()).find(({ transport }) => transport === 'websocket')!;
  const closed = new Promise<void>((resolve) => (client.onclose = resolve));
  const ended = await fetch(at(`/api/sessions/${id}`), { method: 'DELETE', headers: headers() });
  expect(ended.status).toBe(200);
  await closed;
  expect((await list()).some((session) => session.id === id)).toBe(false);
});
