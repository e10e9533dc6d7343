import {
  Client as ModernClient,
  StreamableHTTPClientTransport as ModernHttp,
} from '@modelcontextprotocol/client';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot, runCli, runJson } from '../../support/cli.ts';
import { type RunningHub, startHub } from '../../support/hub.ts';
import { temporaryHome, type TemporaryHome } from '../../support/temporary-home.ts';

const ECHO = path.join(projectRoot, 'test', 'fixtures', 'servers', 'echo-server.mjs');

let home: TemporaryHome;
let hub: RunningHub;

beforeAll(async () => {
  home = temporaryHome();
  await runCli(home, ['servers', 'add', 'echo', '--', process.execPath, ECHO]);
  hub = await startHub(home);
});

afterAll(async () => {
  await hub?.stop();
  home?.dispose();
});

const url = (place: string): URL => new URL(place, hub.url);
const withToken = (): Record<string, string> => ({ authorization: `Bearer ${hub.token}` });

const get = (place: string, headers: Record<string, string> = withToken()): Promise<Response> =>
  fetch(url(place), { headers });

/** A client of the endpoint at `place`, of the legacy era. */
async function connect(place: string): Promise<Client> {
  const client = new Client({ name: 'test', version: '0' });
  const transport = new StreamableHTTPClientTransport(url(place), { requestInit: { headers: withToken() } });
  await client.connect(transport as Transport);
  return client;
}

describe('what a hub tells about itself over HTTP', () => {
  it('E50: says "ok" without the token and nothing else', async () => {
    expect(await (await get('/health', {})).json()).toEqual({ status: 'ok' });
    for (const place of ['/health/sessions', '/metrics', '/api/status', '/api/openapi.json']) {
      expect([place, (await get(place, {})).status]).toEqual([place, 401]);
      expect([place, (await get(place, { authorization: 'Bearer wrong' })).status]).toEqual([place, 401]);
    }
  });

  it('says more with it', async () => {
    expect(await (await get('/health')).json()).toMatchObject({
      status: 'ok',
      pid: hub.pid,
      eventLoopDelay: { p99Ms: expect.any(Number) },
    });
  });

  it('lists a session, shows it in the metrics, and ends it', async () => {
    const client = await connect('/servers/echo/mcp');
    await client.listTools();
    const { sessions } = (await (await get('/health/sessions')).json()) as { sessions: { id: string }[] };
    expect(sessions).toMatchObject([{ server: 'echo', transport: 'http' }]);
    const metrics = await get('/metrics');
    expect(metrics.headers.get('content-type')).toContain('text/plain; version=0.0.4');
    const text = await metrics.text();
    expect(text).toMatch(/^patchbay_sessions\{transport="http",era="legacy"\} 1$/m);
    expect(text).toMatch(/^patchbay_exchanges_total\{server="echo",tool="tools\/list",outcome="ok"\} 1$/m);
    expect(text).toMatch(/^patchbay_exchange_duration_seconds_count\{server="echo"\} [1-9]/m);

    const { id } = sessions[0]!;
    const one = `/api/sessions/${encodeURIComponent(id)}`;
    expect(await (await get(one)).json()).toMatchObject({ id, server: 'echo' });
    const ended = await fetch(url(one), { method: 'DELETE', headers: withToken() });
    expect(await ended.json()).toEqual({ ok: true });
    expect((await get(one)).status).toBe(404);
    expect(await runJson(home, ['sessions'])).toEqual([]);
    await client.close();
  });

  it('does over REST what the command line does', async () => {
    const listed = (await (await get('/api/servers')).json()) as { name: string }[];
    expect(listed.map(({ name }) => name)).toEqual(['echo']);
    const headers = { ...withToken(), 'content-type': 'application/json' };
    const restarted = await fetch(url('/api/servers/echo/restart'), { method: 'POST', headers, body: '{}' });
    expect(await restarted.json()).toEqual({ ok: true });
    const unknown = await fetch(url('/api/servers/nobody/restart'), { method: 'POST', headers, body: '{}' });
    expect([unknown.status, await unknown.json()]).toMatchObject([404, { code: 'SERVER_UNKNOWN' }]);
    expect((await get('/api/nothing')).status).toBe(404);
  });
});

describe('the management server of a hub', () => {
  it('answers at its own endpoint in both eras, and is in no list of the catalog', async () => {
    const legacy = await connect('/servers/patchbay/mcp');
    expect((await legacy.listTools()).tools.map(({ name }) => name)).toContain('restart_server');
    const { structuredContent } = await legacy.callTool({ name: 'list_servers', arguments: {} });
    expect(structuredContent).toMatchObject({ servers: [{ name: 'echo' }] });
    await legacy.close();

    const modern = new ModernClient(
      { name: 'test', version: '0' },
      { versionNegotiation: { mode: { pin: '2026-07-28' } } },
    );
    await modern.connect(
      new ModernHttp(url('/servers/patchbay/mcp'), { requestInit: { headers: withToken() } }),
    );
    const restarted = await modern.callTool({ name: 'restart_server', arguments: { server: 'echo' } });
    expect(restarted.structuredContent).toMatchObject({ server: 'echo' });
    await modern.close();

    const servers = await runJson<{ name: string }[]>(home, ['servers']);
    expect(servers.map(({ name }) => name)).toEqual(['echo']);
  });

  it('stays out of the endpoint of all servers', async () => {
    const client = await connect('/mcp');
    const names = (await client.listTools()).tools.map(({ name }) => name);
    expect(names.some((name) => name.startsWith('echo__'))).toBe(true);
    expect(names.filter((name) => name.startsWith('patchbay'))).toEqual([]);
    await client.close();
  });
});
