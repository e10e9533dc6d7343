// Tasks in the four pairs of eras. The two kinds have nothing in common but their name: each is passed on between
// peers of one era, and nobody hears of the other kind.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from '../../support/cli.ts';
import { startHub, type RunningHub } from '../../support/hub.ts';
import { expectNothingLeft } from '../../support/leak-check.ts';
import { temporaryHome, type TemporaryHome } from '../../support/temporary-home.ts';
import { openSession, post, rpc } from '../faults/clients-harness.ts';

const EXTENSION = 'io.modelcontextprotocol/tasks';
const MODERN = '2026-07-28';
const NOT_FOUND = { code: -32_602, message: expect.stringContaining('Task not found') as string };

let home: TemporaryHome;
let hub: RunningHub;

beforeAll(async () => {
  home = temporaryHome();
  const tasks = path.join(projectRoot, 'test', 'fixtures', 'mcp', 'tasks.mjs');
  const server = (era: string, isolation: string): object => ({
    command: process.execPath,
    args: [tasks, era],
    isolation,
  });
  const mcpServers = {
    legacy: server('legacy', 'shared'),
    modern: server('modern', 'shared'),
    'legacy-own': server('legacy', 'session'),
    'modern-own': server('modern', 'session'),
  };
  mkdirSync(home.dataDir, { recursive: true, mode: 0o700 });
  writeFileSync(path.join(home.dataDir, 'mcp-servers.json'), JSON.stringify({ mcpServers }));
  hub = await startHub(home);
});
afterAll(async () => {
  await hub.stop();
  await expectNothingLeft(home);
  home.dispose();
});

type Ask = (method: string, params?: Record<string, unknown>) => Promise<Answer>;
interface Answer {
  result: Record<string, unknown> & { task?: { taskId: string }; taskId?: string; tools?: object[] };
  error: unknown;
}

async function legacyClient(server: string): Promise<Ask> {
  const session = await openSession(hub, `/servers/${server}/mcp`);
  let id = 0;
  return async (method, params = {}) => {
    id += 1;
    return (await post(hub, { ...session, body: rpc(id, method, params) })).json() as Answer;
  };
}

async function modernClient(server: string): Promise<Ask> {
  let id = 0;
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': MODERN,
    'io.modelcontextprotocol/clientCapabilities': { extensions: { [EXTENSION]: {} } },
  };
  return async (method, params = {}) => {
    id += 1;
    const name = params.taskId ?? params.name;
    const headers = {
      'mcp-protocol-version': MODERN,
      'mcp-method': method,
      ...(typeof name === 'string' && { 'mcp-name': name }),
    };
    const body = rpc(id, method, { ...params, _meta });
    return (await post(hub, { path: `/servers/${server}/mcp`, headers, body })).json() as Answer;
  };
}

const JOB = { name: 'job', arguments: {} };
const DONE = { content: [{ type: 'text', text: 'job done' }] };

describe.each(['', '-own'])('servers of the isolation%s', (suffix) => {
  it('legacy to legacy: started, asked for, listed and cancelled', async () => {
    const ask = await legacyClient(`legacy${suffix}`);
    const { result } = await ask('tools/call', { ...JOB, task: { ttl: 60_000 } });
    const { taskId } = result.task!;
    expect((await ask('tasks/get', { taskId })).result).toMatchObject({ taskId, status: 'completed' });
    const { result: outcome } = await ask('tasks/result', { taskId });
    expect(outcome).toEqual({ ...DONE, _meta: { 'io.modelcontextprotocol/related-task': { taskId } } });
    expect((await ask('tasks/list')).result).toMatchObject({ tasks: [{ taskId }] });
    expect((await ask('tasks/cancel', { taskId })).result).toMatchObject({ status: 'cancelled' });
  });

  it('legacy to legacy: are nobody else’s', async () => {
    const [owner, other] = [await legacyClient(`legacy${suffix}`), await legacyClient(`legacy${suffix}`)];
    const { taskId } = (await owner('tools/call', { ...JOB, task: {} })).result.task!;
    for (const method of ['tasks/get', 'tasks/result', 'tasks/cancel'])
      expect((await other(method, { taskId })).error).toMatchObject(NOT_FOUND);
    expect((await other('tasks/list')).result).toMatchObject({ tasks: [] });
    expect((await owner('tasks/get', { taskId })).result).toMatchObject({ taskId });
  });

  it('modern to modern: the server decides, the task is asked for and cancelled by its name', async () => {
    const ask = await modernClient(`modern${suffix}`);
    const { result } = await ask('tools/call', JOB);
    expect(result).toMatchObject({ resultType: 'task', status: 'working', pollIntervalMs: 10 });
    const { taskId } = result;
    expect((await ask('tasks/get', { taskId })).result).toMatchObject({ status: 'completed', result: DONE });
    expect((await ask('tasks/cancel', { taskId })).result).toMatchObject({ resultType: 'complete' });
    expect((await ask('tasks/get', { taskId: 'a guess' })).error).toMatchObject(NOT_FOUND);
  });

  it('legacy to modern: the server is not told of tasks, and answers at once', async () => {
    const ask = await legacyClient(`modern${suffix}`);
    expect((await ask('tools/call', { ...JOB, task: { ttl: 1 } })).result).toEqual(DONE);
  });

  it('modern to legacy: the tool is shown without tasks, and answers at once', async () => {
    const ask = await modernClient(`legacy${suffix}`);
    const { tools } = (await ask('tools/list')).result;
    expect(tools).toEqual([{ name: 'job', inputSchema: { type: 'object' } }]);
    expect((await ask('tools/call', JOB)).result).toMatchObject({ resultType: 'complete', ...DONE });
    const discovered = (await ask('server/discover')).result;
    expect(JSON.stringify(discovered.capabilities)).not.toContain('tasks');
  });
});
