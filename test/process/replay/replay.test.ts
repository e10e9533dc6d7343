import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Exchange, ReplayResult } from '../../../shared/model/exchange.ts';
import type { ServerView } from '../../../shared/model/server.ts';
import type { SessionView } from '../../../shared/model/session.ts';
import { runCli, runJson } from '../../support/cli.ts';
import { fixtureServer } from '../../support/shim.ts';
import { openHubWorld, type HubWorld } from '../mux/hub-world.ts';
import { fixtures, type Upstream } from '../mux/upstreams.ts';

const SECRET = 'ghp_0123456789abcdefghijABCDEFGHIJ012345';

const echo: Upstream = {
  define: () => ({ command: process.execPath, args: [fixtureServer('echo-server')] }),
  tools: ['echo'],
  call: (mark) => ({ tool: 'echo', args: { message: mark }, text: mark }),
};
const upstreams: Readonly<Record<string, Upstream>> = {
  echo,
  impatient: { ...echo, define: (at) => ({ ...echo.define(at), timeout: 200 }) },
  gone: echo,
  'legacy-stdio': fixtures['legacy-stdio'],
  'legacy-http': fixtures['legacy-http'],
  'modern-stdio': fixtures['modern-stdio'],
  'modern-http': fixtures['modern-http'],
};

let world: HubWorld;
beforeAll(async () => {
  world = await openHubWorld(upstreams);
});
afterEach(() => world.end());
afterAll(() => world?.stop());

/** Over REST: a program for each question would take longer than all the rest. */
async function ask(path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(new URL(`/api/${path}`, world.hub.url), {
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    headers: { authorization: `Bearer ${world.hub.token}`, 'content-type': 'application/json' },
  });
  return { status: answer.status, body: await answer.json() };
}

async function logs(filter: string): Promise<Exchange[]> {
  const { body } = await ask(`traffic?filter=${encodeURIComponent(filter)}`);
  return (body as { exchanges: Exchange[] }).exchanges;
}

/** The newest row that fits, once it is there and answered. */
async function row(filter: string): Promise<Exchange> {
  await expect.poll(async () => (await logs(`${filter} -status:pending`)).length).toBeGreaterThan(0);
  return (await logs(`${filter} -status:pending`))[0]!;
}

async function replay(id: number, params?: unknown): Promise<ReplayResult> {
  const { status, body } = await ask(
    `traffic/${id}/replay`,
    params === undefined ? {} : { params: JSON.stringify(params) },
  );
  expect([status, body]).toEqual([200, expect.anything()]);
  return body as ReplayResult;
}

const textOf = ({ response }: ReplayResult): string =>
  (JSON.parse(response!) as { result: { content: { text: string }[] } }).result.content[0]!.text;

async function instances(name: string): Promise<number> {
  const { body } = await ask('servers');
  return (body as ServerView[]).find((view) => view.name === name)!.instances.length;
}

describe('a recorded call is sent again', () => {
  it('to an instance of its own, in the same folder, and its conversation ends', async () => {
    const probe = await world.open('raw 2024-11-05', world.way('shim', 'echo'));
    const pid = (await probe.call('pid')).text;
    const cwd = (await probe.call('cwd')).text;
    const again = await replay((await row('tool:pid client:claude-code')).id);
    expect(again).toMatchObject({ outcome: 'ok', exchange: expect.any(Number) });
    expect(textOf(again)).not.toBe(pid);
    expect(again.durationMs).toBeGreaterThan(0);
    expect(textOf(await replay((await row('tool:cwd client:claude-code')).id))).toBe(cwd);

    const kept = await row('tool:pid client:patchbay-replay');
    expect(kept).toMatchObject({
      id: again.exchange,
      server: 'echo',
      project: world.home.project,
      method: 'tools/call',
      outcome: 'ok',
    });
    expect(again.response).toContain(`"id":${kept.rpcId}`);
    // The client's own is all that is left, and it never was disturbed.
    await expect.poll(() => instances('echo')).toBe(1);
    const { body: sessions } = await ask('sessions');
    expect((sessions as SessionView[]).map(({ client }) => client)).toEqual(['claude-code']);
    expect((await probe.call('pid')).text).toBe(pid);
  });

  it('as it was or with other params, from the command line or a file', async () => {
    const probe = await world.open('SDK v1', world.way('http', 'echo'));
    await probe.call('echo', { message: 'first' });
    const { id } = await row('tool:echo');
    expect(textOf(await replay(id))).toBe('first');
    expect(textOf(await replay(id, { name: 'echo', arguments: { message: 'second\n"ü"' } }))).toBe(
      'second\n"ü"',
    );
    const file = path.join(world.home.root, 'params.json');
    writeFileSync(file, '{\n  "name": "add",\n  "arguments": {"a": 40, "b": 2}\n}\n');
    const { code, stdout } = await runCli(world.home, ['replay', String(id), '--params', `@${file}`]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ok {2}[\d.]+ ms {2}exchange \d+\n/);
    expect(stdout).toContain('"text": "42"');
  });

  it('and fails as it failed, or as it is told to', async () => {
    const probe = await world.open('SDK v1', world.way('http', 'echo'));
    await probe.call('fail');
    const failed = await runCli(world.home, ['replay', String((await row('tool:fail')).id), '--json']);
    expect(failed.code).toBe(1);
    expect(JSON.parse(failed.stdout)).toMatchObject({ outcome: 'tool-error' });
    const unknown = await replay((await row('tool:fail')).id, { name: 'nobody', arguments: {} });
    expect(unknown.outcome).toBe('error');
    expect(unknown.response).toContain('Unknown tool');
  });

  it('and given up after the server’s own timeout', async () => {
    const probe = await world.open('SDK v1', world.way('http', 'impatient'));
    await probe.call('slow', { ms: 1 });
    const { id } = await row('tool:slow server:impatient');
    const result = await replay(id, { name: 'slow', arguments: { ms: 600_000 } });
    expect(result.outcome).toBe('error');
    expect(result.durationMs).toBeLessThan(10_000);
    await world.end();
    await expect.poll(() => instances('impatient')).toBe(0);
  });

  it.each([
    ['legacy-stdio', 'SDK v1', 'shim'],
    ['legacy-http', 'SDK v2, modern', 'http'],
    ['modern-stdio', 'SDK v2, modern', 'shim'],
    ['modern-http', 'SDK v2, modern', 'http'],
    ['modern-http', 'SDK v1', 'http'],
  ] as const)('to %s as %s recorded it by %s', async (server, client, door) => {
    const probe = await world.open(client, world.way(door, server));
    const mark = `${server} ${client}`;
    expect((await probe.call('probe_echo', { message: mark })).text).toBe(mark);
    const recorded = await row(`server:${server} tool:probe_echo -client:patchbay-replay`);
    expect(textOf(await replay(recorded.id))).toBe(mark);
    await probe.tools();
    const list = await replay((await row(`server:${server} method:tools/list`)).id);
    expect(list.response).toContain('probe_echo');
    const [uri] = await probe.resources();
    await probe.read(uri!);
    expect(await replay((await row(`server:${server} method:resources/read`)).id)).toMatchObject({
      outcome: 'ok',
    });
  });

  it('by the name it had at the endpoint of all servers, while its session lives and after', async () => {
    const probe = await world.open('SDK v1', world.way('http', '*'));
    await probe.tools();
    expect((await probe.call('echo__echo', { message: 'merged' })).text).toBe('merged');
    const { id } = await row('tool:echo__echo -client:patchbay-replay');
    expect(textOf(await replay(id))).toBe('merged');
    await world.end();
    expect(textOf(await replay(id))).toBe('merged');
  });
});

describe('a recorded call is not sent again', () => {
  const refusal = async (id: number, params?: string): Promise<string> => {
    const { status, body } = await ask(`traffic/${id}/replay`, { params });
    const { code, message } = body as { code: string; message: string };
    expect(status).toBeGreaterThanOrEqual(400);
    return `${code}: ${message}`;
  };

  it('when it is not there, or no request of a client', async () => {
    await world.open('SDK v1', world.way('http', 'echo'));
    expect(await refusal(999_999)).toContain('NOT_FOUND');
    const handshake = await row('method:initialize server:echo');
    expect(await refusal(handshake.id)).toContain(
      'REPLAY_IMPOSSIBLE: initialize belongs to the conversation',
    );
    const notice = await row('method:notifications/initialized');
    expect(await refusal(notice.id)).toContain('REPLAY_IMPOSSIBLE: Only requests of a client');
  });

  it('while it holds no secret where one was', async () => {
    const probe = await world.open('SDK v1', world.way('http', 'echo'));
    await probe.call('echo', { message: 'x', api_key: SECRET });
    const { id } = await row('tool:echo -client:patchbay-replay');
    expect(await refusal(id)).toContain('REPLAY_IMPOSSIBLE: A secret was taken out');
    const half = '{"name":"echo","arguments":{"message":"x","api_key":"[redacted]"}}';
    expect(await refusal(id, half)).toContain('put the real value there');
    const whole = await replay(id, { name: 'echo', arguments: { message: 'now whole', api_key: 'k' } });
    expect(textOf(whole)).toBe('now whole');
  });

  it('with params that are no JSON object; the place is told', async () => {
    const probe = await world.open('SDK v1', world.way('http', 'echo'));
    await probe.call('echo', { message: 'x' });
    const { id } = await row('tool:echo');
    expect(await refusal(id, '{"name":}')).toContain('INPUT_INVALID: The params are not JSON: A value');
    expect(await refusal(id, '[]')).toContain('must be a JSON object');
    expect(await ask(`traffic/${id}/replay`, { params: '{\n"a": 1,\n}' })).toMatchObject({
      status: 400,
      body: { code: 'INPUT_INVALID', line: 3, column: 1 },
    });
  });

  it('when its server is switched off or gone', async () => {
    const probe = await world.open('SDK v1', world.way('http', 'gone'));
    await probe.call('echo', { message: 'x' });
    const { id } = await row('server:gone tool:echo');
    await world.end();
    await runJson(world.home, ['servers', 'disable', 'gone']);
    expect(await refusal(id)).toContain('SERVER_DISABLED');
    await runJson(world.home, ['servers', 'remove', 'gone']);
    expect(await refusal(id)).toContain('SERVER_UNKNOWN');
  });
});
