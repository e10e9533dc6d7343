import { Client as ModernClient, type Transport as ModernTransport } from '@modelcontextprotocol/client';
import { Client as LegacyClient } from '@modelcontextprotocol/sdk/client/index.js';
import type { Transport as LegacyTransport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { describe, expect, it } from 'vitest';
import { managedHub, PLANTED, transportTo } from './management-fixture.ts';

interface Called {
  content: { type: string; text: string }[];
  structuredContent?: Record<string, unknown>;
  isError?: boolean;
}

interface ListedTool {
  name: string;
  description?: string;
  inputSchema: { properties?: Record<string, unknown> };
  outputSchema?: unknown;
  annotations?: Record<string, unknown>;
}

/** What both SDKs' clients have in common here. */
interface AnyClient {
  listTools(): Promise<{ tools: ListedTool[] }>;
  callTool(call: { name: string; arguments?: Record<string, unknown> }): Promise<unknown>;
  getServerVersion(): { name: string; version: string } | undefined;
  getServerCapabilities(): unknown;
  close(): Promise<void>;
}

const NAME = { name: 'test', version: '0' };

async function connect(era: string, hub = managedHub()): Promise<AnyClient> {
  if (era === 'legacy, SDK 1') {
    const client = new LegacyClient(NAME);
    await client.connect(transportTo(hub) as LegacyTransport);
    return client as AnyClient;
  }
  const mode = era === 'modern, SDK 2' ? { pin: '2026-07-28' } : ('legacy' as const);
  const client = new ModernClient(NAME, { versionNegotiation: { mode } });
  await client.connect(transportTo(hub) as ModernTransport);
  return client as unknown as AnyClient;
}

const call = async (client: AnyClient, name: string, args?: Record<string, unknown>): Promise<Called> =>
  (await client.callTool({ name, ...(args ? { arguments: args } : {}) })) as Called;

describe.each(['legacy, SDK 1', 'legacy, SDK 2', 'modern, SDK 2'])('the management server, %s', (era) => {
  it('introduces itself and lists its tools with schemas and hints', async () => {
    const client = await connect(era);
    expect(client.getServerVersion()).toMatchObject({ name: 'patchbay', version: '1.2.3' });
    expect(client.getServerCapabilities()).toEqual({ tools: {} });
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      'list_clients',
      'list_sessions',
      'list_servers',
      'recent_errors',
      'latency',
      'server_log',
      'restart_server',
      'enable_server',
      'disable_server',
    ]);
    for (const tool of tools) {
      expect(tool).toMatchObject({ outputSchema: { type: 'object' }, inputSchema: { type: 'object' } });
      const changes = /^(?:restart|enable|disable)_/.test(tool.name);
      const destroys = /^(?:restart|disable)_/.test(tool.name);
      expect(tool.annotations).toMatchObject({ readOnlyHint: !changes, destructiveHint: destroys });
    }
    await client.close();
  });

  it('answers every reading tool with text and with data that fits its schema', async () => {
    // Both SDKs compare structured content with the schema of the list they have seen.
    const client = await connect(era);
    await client.listTools();
    const clients = await call(client, 'list_clients');
    expect(clients.content[0]!.text).toBe('claude-code: installed, 1 running, servers routed');
    expect(clients.structuredContent).toMatchObject({
      clients: [
        { id: 'claude-code', routing: 'routed', configs: [{ entries: [{ name: 'github', routed: true }] }] },
      ],
    });
    const sessions = await call(client, 'list_sessions', { server: 'github' });
    expect(sessions.structuredContent).toMatchObject({
      total: 1,
      sessions: [{ id: 's0', server: 'github' }],
    });
    const servers = await call(client, 'list_servers');
    expect(servers.structuredContent).toMatchObject({
      servers: [
        { name: 'github', state: 'running' },
        { name: 'broken', state: 'failed', lastError: 'exited: token=[redacted]' },
      ],
    });
    const errors = await call(client, 'recent_errors');
    expect(errors.structuredContent).toMatchObject({ errors: [{ exchange: 7, code: -32_000 }], more: false });
    const latency = await call(client, 'latency', {});
    expect(latency.content[0]!.text).toBe(
      'github create_issue: 4 calls, 1 error, p50 1.0 ms, p99 3.0 ms, max 4.0 ms, hub p50 0.1 ms',
    );
    const log = await call(client, 'server_log', { server: 'github', lines: 2 });
    expect((log.structuredContent as { lines: unknown[] }).lines).toHaveLength(2);
    await client.close();
  });

  it('restarts and switches servers', async () => {
    const hub = managedHub();
    const client = await connect(era, hub);
    await client.listTools();
    const states: unknown[] = [];
    for (const name of ['restart_server', 'disable_server', 'enable_server']) {
      states.push((await call(client, name, { server: 'broken' })).structuredContent);
    }
    expect(hub.done).toEqual(['restart broken', 'disable broken', 'enable broken']);
    expect(states).toEqual(['idle', 'disabled', 'idle'].map((state) => ({ server: 'broken', state })));
    await client.close();
  });

  it('answers mistakes with results the model can read, and unknown tools with an error', async () => {
    const hub = managedHub();
    const client = await connect(era, hub);
    const unknown = await call(client, 'restart_server', { server: 'nobody' });
    expect(unknown).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining('SERVER_UNKNOWN') }],
    });
    expect(unknown.content[0]!.text).toContain('patchbay servers list');
    for (const args of [{}, { server: 7 }, { server: '' }, { server: 'github', command: 'sh' }]) {
      const refused = await call(client, 'restart_server', args as Record<string, unknown>);
      expect(refused).toMatchObject({ isError: true, content: [{ text: expect.stringContaining('USAGE') }] });
    }
    expect(hub.done).toEqual([]);
    await expect(client.callTool({ name: 'add_server', arguments: { command: 'sh' } })).rejects.toMatchObject(
      {
        code: -32_602,
      },
    );
    await client.close();
  });

  it('E16, E26: shows neither secrets nor control characters, whatever servers wrote', async () => {
    const client = await connect(era);
    await client.listTools();
    const said: unknown[] = [];
    for (const name of ['list_clients', 'list_sessions', 'list_servers', 'recent_errors', 'latency']) {
      said.push(await call(client, name));
    }
    said.push(await call(client, 'server_log', { server: 'github' }));
    said.push(await call(client, 'server_log', { server: PLANTED }));
    const texts = JSON.stringify(said);
    expect(texts).toContain('three');
    expect(texts).toContain('do this');
    expect(texts).not.toContain(PLANTED);
    // JSON writes an escape character as \u001b and leaves the others as they are.
    expect(texts).not.toMatch(/(?<!\\)\\u001b|(?<!\\)\\u0007|\u202e/);
    await client.close();
  });
});

describe('the management server', () => {
  it('takes a server’s name for a name, never for a piece of a filter', async () => {
    const hub = managedHub();
    const client = await connect('legacy, SDK 1', hub);
    await client.callTool({
      name: 'recent_errors',
      arguments: { server: 'a" status:ok \\', sinceMinutes: 5 },
    });
    await client.callTool({ name: 'latency', arguments: { server: 'x y' } });
    expect(hub.filters).toEqual(['status:failed since:5m server:"a\\" status:ok \\\\"', 'server:"x y"']);
    await client.close();
  });

  it('has no tool that takes a command, a path or an environment', async () => {
    const { tools } = await (await connect('legacy, SDK 1')).listTools();
    const taken = new Set(tools.flatMap(({ inputSchema }) => Object.keys(inputSchema.properties ?? {})));
    expect([...taken].sort()).toEqual(['limit', 'lines', 'server', 'sinceMinutes']);
  });
});
