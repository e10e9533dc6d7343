// Servers that several clients share, each with a fault, beside one that has none and must not notice.
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../support/cli.ts';
import { startHub, type RunningHub } from '../../support/hub.ts';
import { expectNothingLeft } from '../../support/leak-check.ts';
import { fixtureServer } from '../../support/shim.ts';
import { temporaryHome, type TemporaryHome } from '../../support/temporary-home.ts';
import { expectHealthy, openSession, post, rpc, startPost, textOf, toolCall } from './clients-harness.ts';

const BUSY = -32_000;
const TIMED_OUT = -32_001;

let home: TemporaryHome;
let hub: RunningHub;
/** Where the schema of one tool points to. */
let asked = 0;
const far = createServer((_request, response) => {
  asked += 1;
  response.end('{}');
});

const shared = (fixture: string, more: object = {}): object => ({
  command: process.execPath,
  args: [fixtureServer(fixture)],
  isolation: 'shared',
  ...more,
});

beforeAll(async () => {
  home = temporaryHome();
  await new Promise<void>((resolve) => far.listen(0, '127.0.0.1', resolve));
  const { port } = far.address() as AddressInfo;
  mkdirSync(home.dataDir, { recursive: true, mode: 0o700 });
  const mcpServers = {
    shared: shared('echo-server'),
    narrow: shared('echo-server', { concurrency: 1 }),
    impatient: shared('echo-server', { timeout: 600 }),
    'slow-start': shared('slow-start', { startTimeout: 800 }),
    talkative: shared('talkative'),
    'stops-reading': shared('stops-reading'),
    'many-tools': shared('many-tools', { env: { REF_URL: `http://127.0.0.1:${port}/schema.json` } }),
  };
  writeFileSync(path.join(home.dataDir, 'mcp-servers.json'), JSON.stringify({ mcpServers }));
  hub = await startHub(home);
});
afterAll(async () => {
  await hub.stop();
  far.close();
  await expectNothingLeft(home);
  home.dispose();
});

describe('B02, B06: a server that does not get ready', () => {
  it('is given up after its own time, and says what it was busy with', async () => {
    const params = {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 't', version: '1' },
    };
    const opening = post(hub, { path: '/servers/slow-start/mcp', body: rpc(1, 'initialize', params) });
    await expectHealthy(hub);
    const { error } = (await opening).json();
    expect(error?.message).toContain('did not get through its handshake');
    expect(error?.message).toContain('It last said: downloading 20 %');
  });
});

describe('B12: a server that talks without end', () => {
  it('is thinned out: the last of its progress comes, and its neighbour is served meanwhile', async () => {
    const session = await openSession(hub, '/servers/talkative/mcp');
    const params = { name: 'talk', arguments: {}, _meta: { progressToken: 'p' } };
    const talk = await startPost(hub, { ...session, body: rpc(1, 'tools/call', params) });
    await talk.until((text) => text.includes('notifications/progress'));
    await expectHealthy(hub);
    const text = await talk.ended;
    const heard = (method: string): number => text.split(`"${method}"`).length - 1;
    expect(text).toContain('"progress":20000');
    expect(text).toContain('said');
    // Each of them 20,000 times at its source.
    expect(heard('notifications/progress')).toBeLessThan(2_000);
    expect(heard('notifications/message')).toBeLessThan(10_000);
    expect(heard('notifications/tools/list_changed')).toBeLessThan(100);
  });
});

describe('B17: a server that reads no more', () => {
  it('is busy once 8 MiB wait for it, and all who wait are told of its end', async () => {
    const session = await openSession(hub, '/servers/stops-reading/mcp');
    expect(textOf(await post(hub, { ...session, body: toolCall(1, 'stop') }))).toBe('stopped');
    const message = 'x'.repeat(1024 * 1024);
    const codes: (number | undefined)[] = [];
    const calls = Array.from({ length: 14 }, async (_, index) => {
      const answer = await post(hub, { ...session, body: toolCall(index + 2, 'stop', { message }) });
      codes.push(answer.json().error?.code);
      return answer.json().error?.message ?? '';
    });
    await expect.poll(() => codes.filter((code) => code === BUSY).length).toBeGreaterThanOrEqual(3);
    // Only those past the bound have been refused.
    expect(codes.length).toBeLessThan(calls.length);
    await expectHealthy(hub);
    await runCli(home, ['servers', 'restart', 'stops-reading']);
    const messages = await Promise.all(calls);
    expect(messages.filter((text) => text.includes('is busy')).length).toBeGreaterThanOrEqual(3);
    expect(messages.filter((text) => text.includes('was not repeated')).length).toBeGreaterThanOrEqual(1);
    expect(messages.filter((text) => !/is busy|was not repeated|ended before/.test(text))).toEqual([]);
  });
});

describe('B18: a slow server', () => {
  it('lets its own calls wait for their turn, and nobody else’s', async () => {
    const session = await openSession(hub, '/servers/narrow/mcp');
    const order: string[] = [];
    const slow = [1, 2, 3].map(async (id) => {
      await post(hub, { ...session, body: toolCall(id, 'slow', { ms: 300 }) });
      order.push(`slow ${id}`);
    });
    await expectHealthy(hub);
    order.push('neighbour');
    await Promise.all(slow);
    expect(order).toHaveLength(4);
    expect(order.indexOf('neighbour')).toBeLessThan(3);
  });

  it('C23: serves two clients in turn, however much one of them asks', async () => {
    const [greedy, modest] = [
      await openSession(hub, '/servers/narrow/mcp'),
      await openSession(hub, '/servers/narrow/mcp'),
    ];
    let answered = 0;
    const many = Array.from({ length: 12 }, async (_, id) => {
      await post(hub, { ...greedy, body: toolCall(id + 1, 'slow', { ms: 150 }) });
      answered += 1;
    });
    await expect.poll(() => answered, { interval: 5 }).toBeGreaterThanOrEqual(1);
    await post(hub, { ...modest, body: toolCall(1, 'echo', { message: 'me too' }) });
    expect(answered).toBeLessThan(8);
    await Promise.all(many);
  });

  it('is waited for while it shows progress, and given up when it does not', async () => {
    const session = await openSession(hub, '/servers/impatient/mcp');
    const count = { name: 'count', arguments: { to: 100 }, _meta: { progressToken: 1 } };
    expect(textOf(await post(hub, { ...session, body: rpc(1, 'tools/call', count) }))).toBe('100');
    const late = await post(hub, { ...session, body: toolCall(2, 'slow', { ms: 60_000 }) });
    expect(late.json().error).toMatchObject({ code: TIMED_OUT });
    expect(textOf(await post(hub, { ...session, body: toolCall(3, 'echo', { message: 'on' }) }))).toBe('on');
  });
});

describe('B24: definitions made to hurt', () => {
  it('pass as they are: nothing is fetched, followed or tried, and the neighbour’s tools are there', async () => {
    const session = await openSession(hub, '/mcp');
    const { tools } = (await post(hub, { ...session, body: rpc(1, 'tools/list') })).json().result as {
      tools: { name: string; description?: string; inputSchema: object }[];
    };
    const of = (server: string) => tools.filter(({ name }) => name.startsWith(`${server}__`));
    expect(of('many-tools')).toHaveLength(10_000);
    expect(of('many-tools')[0]!.description).toHaveLength(1024 * 1024);
    expect(JSON.stringify(of('many-tools')[0]!.inputSchema)).toContain('schema.json');
    expect(of('shared').map(({ name }) => name)).toContain('shared__add');
    const call = toolCall(2, 'many-tools__hurting', { slow: `${'a'.repeat(60)}!` });
    expect(textOf(await post(hub, { ...session, body: call }))).toBe('hurting');
    await expectHealthy(hub);
    expect(asked).toBe(0);
  });
});
