import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningHub } from '../../support/hub.ts';
import { expectNothingLeft } from '../../support/leak-check.ts';
import { temporaryHome, type TemporaryHome } from '../../support/temporary-home.ts';
import {
  expectHealthy,
  modernCall,
  openSession,
  post,
  rpc,
  startClientsHub,
  textOf,
  toolCall,
} from './clients-harness.ts';

let home: TemporaryHome;
let hub: RunningHub;

beforeAll(async () => {
  home = temporaryHome();
  hub = await startClientsHub(home);
});
afterAll(async () => {
  await hub.stop();
  await expectNothingLeft(home);
  home.dispose();
});

describe('C04: ids', () => {
  it('the same one twice in flight: the second is refused, the first goes on', async () => {
    const session = await openSession(hub);
    const first = post(hub, { ...session, body: toolCall(7, 'slow', { ms: 400 }) });
    // The second request of a connection pool may be read first: it waits for a sign of the other.
    const inFlight = async (): Promise<number> => {
      const answer = await post(hub, { ...session, body: toolCall(7, 'echo', { message: 'again' }) });
      return answer.json().error?.code ?? 0;
    };
    await expect.poll(inFlight, { interval: 20 }).toBe(-32_600);
    expect(textOf(await first)).toBe('waited 400 ms');
  });

  it('of two clients of one server never collide', async () => {
    const sessions = await Promise.all([openSession(hub), openSession(hub)]);
    const answers = await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        const message = `client ${index % 2}, call ${index >> 1}`;
        const body = toolCall(index >> 1, 'echo', { message });
        const answer = await post(hub, { ...sessions[index % 2]!, body });
        return [textOf(answer) === message, answer.json().id === index >> 1];
      }),
    );
    expect(answers).toEqual(answers.map(() => [true, true]));
  });
});

it('C05: ids of every legal shape come back exactly, others are refused', async () => {
  const session = await openSession(hub);
  const call = (id: string): string =>
    `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{"name":"echo","arguments":{"message":"x"}}}`;
  for (const id of ['0', '-7', '9007199254740993', '1234567890123456789', '""', '"1"', '"é\\n"']) {
    const answer = await post(hub, { ...session, body: call(id) });
    expect([answer.status, answer.body]).toEqual([200, expect.stringContaining(`"id":${id}`)]);
  }
  for (const id of ['null', '1.5', '1e3', '{}', '[]', 'true']) {
    const answer = await post(hub, { ...session, body: call(id) });
    expect([id, answer.status, answer.json().error?.code]).toEqual([id, 400, -32_600]);
  }
});

describe('C06, C07, C08, C14, C21: bodies made to hurt', () => {
  const args = (inner: string): string =>
    `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{"message":"m",${inner}}}}`;

  it('C06: four megabytes of text pass; millions of elements and 16 MiB do not', async () => {
    const session = await openSession(hub);
    const message = 'x'.repeat(4 * 1024 * 1024);
    expect(textOf(await post(hub, { ...session, body: toolCall(1, 'echo', { message }) }))).toBe(message);
    const keys = Array.from({ length: 100_000 }, (_, index) => `"k${index}":0`).join(',');
    expect(textOf(await post(hub, { ...session, body: args(keys) }))).toBe('m');
    const elements = `"list":[${'0,'.repeat(2_000_000)}0]`;
    expect((await post(hub, { ...session, body: args(elements) })).status).toBe(400);
    expect((await post(hub, { ...session, body: ' '.repeat(17 * 1024 * 1024) })).status).toBe(413);
    await expectHealthy(hub);
  });

  it('C07: nesting of 5,000 and of a million levels', async () => {
    const session = await openSession(hub);
    for (const depth of [5_000, 1_000_000]) {
      const nested = `"deep":${'['.repeat(depth)}${']'.repeat(depth)}`;
      const answer = await post(hub, { ...session, body: args(nested) });
      expect([answer.status, answer.json().error?.code]).toEqual([400, -32_600]);
    }
    await expectHealthy(hub);
  });

  it('C08: keys that are names of JavaScript are data', async () => {
    const session = await openSession(hub);
    const hostile =
      '"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"toJSON":1,"then":1';
    expect(textOf(await post(hub, { ...session, body: args(hostile) }))).toBe('m');
    const method = await post(hub, { ...session, body: rpc(1, '__proto__') });
    expect(method.json().error?.code).toBe(-32_601);
    const tool = await post(hub, { ...session, body: toolCall(1, 'constructor') });
    expect(tool.json().error ?? tool.json().result).toBeDefined();
    expect(
      (await post(hub, { ...session, path: '/servers/__proto__/mcp', body: args('"a":1') })).status,
    ).toBe(404);
    await expectHealthy(hub);
  });

  it('C14: the same control key twice, or in another case', async () => {
    const session = await openSession(hub);
    for (const body of [
      '{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/list"}',
      '{"jsonrpc":"2.0","id":1,"method":"ping","Method":"tools/list"}',
      '{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}',
    ]) {
      expect((await post(hub, { ...session, body })).json().error?.code).toBe(-32_600);
    }
  });

  it('C21: a flood of white space, a NUL', async () => {
    const session = await openSession(hub);
    const spaced = `${' \r\n\t'.repeat(500_000)}${JSON.stringify(toolCall(1, 'echo', { message: 'a\u0000b' }))}`;
    expect(textOf(await post(hub, { ...session, body: spaced }))).toBe('a\u0000b');
    expect((await post(hub, { ...session, body: `${spaced}\u0000` })).status).toBe(400);
    await expectHealthy(hub);
  });
});

it('C09: batches by the rule of their revision, at most 100, never nested', async () => {
  const old = await openSession(hub, '/servers/shared/mcp', '2025-03-26');
  const batch = [toolCall(1, 'echo', { message: 'a' }), toolCall('2', 'echo', { message: 'b' })];
  const answers = (await post(hub, { ...old, body: batch })).json() as unknown as { id: unknown }[];
  expect(new Set(answers.map(({ id }) => id))).toEqual(new Set([1, '2']));
  const hundred = Array.from({ length: 100 }, (_, id) => rpc(id, 'ping'));
  expect((await post(hub, { ...old, body: hundred })).json()).toHaveLength(100);
  const million = `[${'{"jsonrpc":"2.0","method":"x"},'.repeat(100_000)}1]`;
  for (const body of ['[]', [batch], [...hundred, rpc(100, 'ping')], million]) {
    expect((await post(hub, { ...old, body })).status).toBe(400);
  }
  const current = await openSession(hub);
  expect((await post(hub, { ...current, body: batch })).status).toBe(400);
  await expectHealthy(hub);
});

describe('C10: what fits no conversation', () => {
  it('unknown methods, answers nobody asked for, notifications about nothing', async () => {
    const session = await openSession(hub);
    expect((await post(hub, { ...session, body: rpc(1, 'no/such') })).json().error?.code).toBe(-32_601);
    for (const body of [
      { jsonrpc: '2.0', id: 99, result: {} },
      { jsonrpc: '2.0', id: 'x', error: { code: 1, message: 'm' } },
      { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 12_345 } },
      { jsonrpc: '2.0', method: 'notifications/cancelled', params: {} },
      { jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken: 5, progress: 1 } },
      { jsonrpc: '2.0', method: 'notifications/no/such' },
    ]) {
      expect((await post(hub, { ...session, body })).status).toBe(202);
    }
    await expectHealthy(hub);
  });

  it('a client never cancels the call of another, whatever id it names', async () => {
    const [one, two] = await Promise.all([openSession(hub), openSession(hub)]);
    const call = post(hub, { ...one, body: toolCall(5, 'slow', { ms: 500 }) });
    for (let id = 0; id < 50; id += 1) {
      const params = { requestId: id };
      await post(hub, { ...two, body: { jsonrpc: '2.0', method: 'notifications/cancelled', params } });
    }
    expect(textOf(await call)).toBe('waited 500 ms');
  });
});

it('C11: requests before the handshake and after the end', async () => {
  const body = toolCall(1, 'echo', { message: 'x' });
  const early = await post(hub, { body });
  expect([early.status, early.json().error?.code]).toEqual([400, -32_000]);
  const session = await openSession(hub);
  expect((await post(hub, { ...session, method: 'DELETE' })).status).toBe(204);
  const late = await post(hub, { ...session, body });
  expect([late.status, late.json().error?.code]).toEqual([404, -32_001]);
  await expectHealthy(hub);
});

describe('C12, C13: headers of the modern era', () => {
  const call = modernCall(1, 'echo', { message: 'x' });
  const refused = async (change: Record<string, string>, drop: string[] = []): Promise<unknown[]> => {
    const headers = Object.fromEntries(
      Object.entries({ ...call.headers, ...change }).filter(([name]) => !drop.includes(name)),
    );
    const answer = await post(hub, { ...call, headers });
    return [answer.status, answer.json().error?.code];
  };

  it('agree with the body, or the request is refused', async () => {
    expect(textOf(await post(hub, call))).toBe('x');
    const mismatch = [400, -32_020];
    expect(await refused({ 'mcp-method': 'tools/list' })).toEqual(mismatch);
    expect(await refused({ 'mcp-name': 'add' })).toEqual(mismatch);
    expect(await refused({ 'mcp-name': '=?base64?%%%?=' })).toEqual(mismatch);
    expect(await refused({ 'mcp-name': '=?base64?ZWNobw==?=' })).toEqual([200, undefined]);
    for (const name of ['mcp-method', 'mcp-name', 'mcp-protocol-version']) {
      expect(await refused({}, [name])).toEqual(mismatch);
    }
  });

  it('name a revision that is served', async () => {
    const future = JSON.parse(JSON.stringify(call).replaceAll('2026-07-28', '2099-01-01')) as typeof call;
    const answer = await post(hub, future);
    expect([answer.status, answer.json().error]).toMatchObject([
      400,
      { code: -32_022, data: { supported: ['2026-07-28'], requested: '2099-01-01' } },
    ]);
    const session = await openSession(hub);
    const headers = { ...session.headers, 'mcp-protocol-version': '2024-99-99' };
    const legacy = await post(hub, { ...session, headers, body: rpc(1, 'ping') });
    expect([legacy.status, legacy.json().error]).toMatchObject([400, { data: { requested: '2024-99-99' } }]);
  });
});

it('C22: what is packed, or neither JSON nor wanted as such', async () => {
  const session = await openSession(hub);
  const status = async (headers: Record<string, string>): Promise<number> =>
    (await post(hub, { ...session, headers: { ...session.headers, ...headers }, body: rpc(1, 'ping') }))
      .status;
  expect(await status({ 'content-encoding': 'gzip' })).toBe(415);
  expect(await status({ 'content-type': 'application/x-www-form-urlencoded' })).toBe(415);
  expect(await status({ accept: 'image/png' })).toBe(406);
  expect(await status({ accept: '*/*' })).toBe(200);
});

it('C23: many clients of a lazy server find one process', async () => {
  const sessions = await Promise.all(
    Array.from({ length: 30 }, () => openSession(hub, '/servers/narrow/mcp')),
  );
  const pids = await Promise.all(
    sessions.map(async (session) => textOf(await post(hub, { ...session, body: toolCall(1, 'pid') }))),
  );
  expect(new Set(pids).size).toBe(1);
});

it('C24: a client whose clock is years off is served like any other', async () => {
  const session = await openSession(hub);
  const headers = {
    ...session.headers,
    date: 'Thu, 01 Jan 1970 00:00:00 GMT',
    'if-modified-since': 'Fri, 31 Dec 2100 00:00:00 GMT',
  };
  const answer = await post(hub, { ...session, headers, body: toolCall(1, 'echo', { message: 'now' }) });
  expect(textOf(answer)).toBe('now');
});
