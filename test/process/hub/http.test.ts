import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ListRootsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { mkdirSync, writeFileSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runJson } from '../../support/cli.ts';
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
  const mcpServers = {
    echo: server('echo-server'),
    asks: server('asks-back'),
    crashing: server('crash-on-call'),
    'with space': server('echo-server'),
    old: { ...server('echo-server'), downstreamEra: 'legacy' },
    off: { ...server('echo-server'), enabled: false },
    needy: { command: 'node', env: { A: '${NOT_SET_ANYWHERE}' } },
    missing: { command: 'no-such-program' },
  };
  writeFileSync(path.join(home.dataDir, 'mcp-servers.json'), JSON.stringify({ mcpServers }));
  hub = await startHub(home);
});

afterAll(async () => {
  await hub.stop();
  await expectNothingLeft(home);
  home.dispose();
});

const at = (server: string): URL => new URL(`/servers/${encodeURIComponent(server)}/mcp`, hub.url);

async function connect(
  server: string,
  capabilities = {},
): Promise<{ client: Client; transport: StreamableHTTPClientTransport }> {
  const client = new Client({ name: 'test', version: '1' }, { capabilities });
  const transport = new StreamableHTTPClientTransport(at(server), {
    requestInit: { headers: { authorization: `Bearer ${hub.token}` } },
  });
  await client.connect(transport);
  return { client, transport };
}

const textOf = (result: unknown): string => (result as { content: { text: string }[] }).content[0]!.text;

describe('/servers/<name>/mcp with the SDK’s client', () => {
  it('serves a server under its own names, each session with its own process', async () => {
    const [one, two] = await Promise.all([connect('echo'), connect('with space')]);
    expect((await one.client.listTools()).tools.map((tool) => tool.name)).toContain('echo');
    const pids = await Promise.all(
      [one, two].map(async ({ client }) => textOf(await client.callTool({ name: 'pid', arguments: {} }))),
    );
    expect(new Set(pids).size).toBe(2);
    const sessions = await runJson<{ sessions: number }>(home, ['status']);
    expect(sessions.sessions).toBe(2);
    await one.transport.terminateSession();
    await expect.poll(async () => (await runJson<{ sessions: number }>(home, ['status'])).sessions).toBe(1);
    await two.transport.terminateSession();
    await Promise.all([one.client.close(), two.client.close()]);
  });

  it('carries progress on the call that asked for it, before the result', async () => {
    const { client, transport } = await connect('echo');
    const seen: number[] = [];
    await client.callTool({ name: 'count', arguments: { to: 3 } }, undefined, {
      onprogress: ({ progress }) => seen.push(progress),
    });
    expect(seen).toEqual([1, 2, 3]);
    await transport.terminateSession();
    await client.close();
  });

  it('carries requests of the server to the client and the answers back', async () => {
    const { client, transport } = await connect('asks', { roots: {} });
    client.setRequestHandler(ListRootsRequestSchema, () => ({ roots: [{ uri: 'file:///somewhere' }] }));
    const answer = textOf(await client.callTool({ name: 'ask', arguments: {} }));
    expect(answer).toContain('file:///somewhere');
    await transport.terminateSession();
    await client.close();
  });

  it('B05: a call under way fails once when the server dies, and the next one finds a new server', async () => {
    const { client, transport } = await connect('crashing');
    await expect(client.callTool({ name: 'crash', arguments: {} })).rejects.toThrow('it was not repeated');
    expect((await client.listTools()).tools).toHaveLength(1);
    await transport.terminateSession();
    await client.close();
  });

  it('a session outlives the hub: killed and started again, it answers under the same id', async () => {
    const { client, transport } = await connect('echo');
    const id = transport.sessionId;
    const pid = textOf(await client.callTool({ name: 'pid', arguments: {} }));
    const { port } = hub;
    await hub.kill();
    hub = await startHub(home, { args: ['--port', String(port)] });
    expect(textOf(await client.callTool({ name: 'pid', arguments: {} }))).not.toBe(pid);
    expect(transport.sessionId).toBe(id);
    await transport.terminateSession();
    await client.close();
  });
});

describe('what is refused', () => {
  const initialize = JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
  });
  const json = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
  const post = (
    server: string,
    headers: Record<string, string>,
    body = initialize,
    method = 'POST',
  ): Promise<{ status: number; body: string }> =>
    new Promise((resolve, reject) => {
      const sent = request(at(server), { method, headers }, (response: IncomingMessage) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.once('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
      });
      sent.once('error', reject);
      sent.end(method === 'POST' ? body : undefined);
    });
  const bearer = (): Record<string, string> => ({ ...json, authorization: `Bearer ${hub.token}` });

  it('E04: everything without the token', async () => {
    expect((await post('echo', json)).status).toBe(401);
    expect((await post('echo', { ...json, authorization: `Bearer ${hub.token}x` })).status).toBe(401);
    expect((await post('echo', { ...json, cookie: `token=${hub.token}` })).status).toBe(401);
  });

  it('E04: every other way in, too', async () => {
    const paths = [
      '/mcp',
      '/sse',
      '/messages?sessionId=x',
      '/ws',
      '/jsonrpc',
      '/profiles/x/mcp',
      '/servers/echo/sse',
    ];
    for (const target of [...paths, '/metrics', '/health/sessions', '/api/status', '/api/openapi.json']) {
      for (const method of ['GET', 'POST', 'DELETE']) {
        const response = await fetch(new URL(target, hub.url), { method });
        expect([target, method, response.status]).toEqual([target, method, 401]);
        expect(response.headers.get('access-control-allow-origin')).toBeNull();
      }
    }
  });

  it('E01, E02: foreign Host and Origin, token or not', async () => {
    expect((await post('echo', { ...bearer(), host: 'evil.com' })).status).toBe(403);
    expect((await post('echo', { ...bearer(), origin: 'http://evil.com' })).status).toBe(403);
    expect((await post('echo', { ...bearer(), origin: 'null' })).status).toBe(403);
  });

  it('E06, C22: content that is not JSON', async () => {
    expect((await post('echo', { ...bearer(), 'content-type': 'text/plain' })).status).toBe(415);
    expect((await post('echo', { ...bearer(), accept: 'text/html' })).status).toBe(406);
    expect((await post('echo', bearer(), '{"half":')).status).toBe(400);
  });

  it('where a server is told to be legacy, a modern client’s probe sends it to the handshake', async () => {
    const probe = JSON.stringify({
      jsonrpc: '2.0',
      id: 'server-discover-probe-1',
      method: 'server/discover',
      params: {},
    });
    const answer = await post('old', { ...bearer(), 'mcp-protocol-version': '2026-07-28' }, probe);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toMatchObject({
      id: 'server-discover-probe-1',
      error: { code: -32_000 },
    });
  });

  it('unknown sessions, servers and methods', async () => {
    const list = JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'tools/list' });
    expect((await post('echo', { ...bearer(), 'mcp-session-id': '..%2f..' }, list)).status).toBe(404);
    expect((await post('nobody', bearer())).status).toBe(404);
    expect((await post('echo', bearer(), '', 'PUT')).status).toBe(405);
    expect((await post('echo', bearer(), '', 'DELETE')).status).toBe(404);
  });

  it('B01: servers that cannot start say why', async () => {
    expect((await post('off', bearer())).body).toContain('switched off');
    expect((await post('needy', bearer())).body).toContain('NOT_SET_ANYWHERE');
    expect((await post('missing', bearer())).body).toContain('was not found');
  });

  it('E08: files outside the UI', async () => {
    const paths = [
      '/../package.json',
      '/..%2fpackage.json',
      '/%2e%2e/package.json',
      '/assets/..%5c..%5cx',
      '/%00',
      '/cli.mjs',
    ];
    for (const file of paths) {
      const status = await new Promise((resolve, reject) => {
        request({ host: '127.0.0.1', port: hub.port, path: file }, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
          .once('error', reject)
          .end();
      });
      expect([file, status]).toEqual([file, 404]);
    }
  });

  it('E50: health says only that it is alive', async () => {
    const response = await fetch(new URL('/health', hub.url));
    expect(await response.json()).toEqual({ status: 'ok' });
  });
});
