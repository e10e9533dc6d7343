import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { call, initialize, openFront, openSession, rpc, type Front } from './front.ts';

let front: Front;
beforeEach(async () => {
  front = await openFront();
});
afterEach(() => front.close());

describe('C09: batches', () => {
  const batch = [
    rpc(1, 'echo'),
    { jsonrpc: '2.0', method: 'notifications/x' },
    rpc('2', 'echo'),
    { half: true },
  ];

  it('of a 2025-03-26 client are answered as one', async () => {
    const { headers } = await openSession(front, '2025-03-26');
    const answer = await call(front, { headers: { ...headers, 'mcp-protocol-version': null }, body: batch });
    const parts = JSON.parse(answer.body) as { id: unknown; error?: { code: number } }[];
    expect(new Set(parts.map(({ id }) => id))).toEqual(new Set(['2', 1, null]));
    expect(parts.find(({ id }) => id === null)!.error!.code).toBe(-32_600);
    const silent = await call(front, { headers, body: [{ jsonrpc: '2.0', method: 'notifications/x' }] });
    expect(silent.status).toBe(202);
  });

  it('do not wait for answers that nobody wants any more', async () => {
    const { headers } = await openSession(front, '2025-03-26');
    const cancel = (requestId: number): object => ({
      jsonrpc: '2.0',
      method: 'notifications/cancelled',
      params: { requestId },
    });
    const pending = call(front, { headers, body: [rpc(1, 'hold'), rpc(2, 'hold'), rpc(3, 'echo')] });
    await front.conversations[0]!.heard('echo');
    await call(front, { headers, body: cancel(1) });
    await call(front, { headers, body: cancel(2) });
    expect(JSON.parse((await pending).body)).toMatchObject([{ id: 3 }]);
    const none = await call(front, { headers, body: [rpc(4, 'hold'), cancel(4)] });
    expect(none).toMatchObject({ status: 200, body: '' });
  });

  it('are refused whole in other revisions, empty, nested, with more than 100', async () => {
    const newer = await openSession(front);
    expect((await call(front, { headers: newer.headers, body: batch })).status).toBe(400);
    const { headers } = await openSession(front, '2025-03-26');
    const conversation = front.conversations[1]!;
    const heard = conversation.said.length;
    const many = Array.from({ length: 101 }, (_, id) => rpc(id, 'echo'));
    for (const body of [[], [batch], many, '[{"jsonrpc":"2.0",']) {
      const answer = await call(front, { headers, body });
      expect(answer.status).toBe(400);
      expect(JSON.parse(answer.body)).toMatchObject({
        id: null,
        error: { code: expect.any(Number) as unknown },
      });
    }
    expect(conversation.said).toHaveLength(heard);
    expect((await call(front, { body: [initialize('2025-03-26')] })).status).toBe(400);
  });
});

describe('C04–C08, C14: bodies that are no message', () => {
  it.each([
    ['{"half":', -32_700],
    ['nothing', -32_700],
    ['{}', -32_600],
    ['"text"', -32_600],
    ['{"jsonrpc":"2.0","id":null,"method":"x"}', -32_600],
    ['{"jsonrpc":"2.0","id":1.5,"method":"x"}', -32_600],
    ['{"jsonrpc":"2.0","id":{},"method":"x"}', -32_600],
    ['{"jsonrpc":"2.0","id":1,"method":"a","Method":"b"}', -32_600],
    ['{"jsonrpc":"2.0","id":1,"method":"a","method":"b"}', -32_600],
    [`{"jsonrpc":"2.0","id":1,"method":"x","params":${'['.repeat(5_000)}${']'.repeat(5_000)}}`, -32_600],
  ])('%.60s is refused', async (body, code) => {
    const { headers } = await openSession(front);
    const answer = await call(front, { headers, body });
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toMatchObject({ id: null, error: { code } });
    expect((await call(front, { headers, body: rpc(1, 'echo') })).status).toBe(200);
  });

  it('C05: ids of any legal shape come back as they were', async () => {
    const { headers } = await openSession(front);
    for (const id of ['9007199254740993', '0', '-1', '""', '"\\u0061"']) {
      const answer = await call(front, { headers, body: `{"jsonrpc":"2.0","id":${id},"method":"echo"}` });
      expect(answer.body).toContain(`"id":${id},`);
    }
  });

  it('C06: a body past the limit gets its refusal, and the connection goes on', async () => {
    const { headers } = await openSession(front);
    const answer = await call(front, { headers, body: ' '.repeat(17 * 1024 * 1024) });
    expect(answer.status).toBe(413);
    expect((await call(front, { headers, body: rpc(1, 'echo') })).status).toBe(200);
  });

  it('C22: other content types, packed bodies and readers of neither kind', async () => {
    const { headers } = await openSession(front);
    const body = rpc(1, 'echo');
    const status = async (extra: Record<string, string | null>): Promise<number> =>
      (await call(front, { headers: { ...headers, ...extra }, body })).status;
    expect(await status({ 'content-type': 'text/plain' })).toBe(415);
    expect(await status({ 'content-type': 'application/jsonp' })).toBe(415);
    expect(await status({ 'content-type': null })).toBe(415);
    expect(await status({ 'content-encoding': 'gzip' })).toBe(415);
    expect(await status({ accept: 'text/html' })).toBe(406);
    expect(await status({ accept: null })).toBe(200);
    expect(await status({ accept: '*/*' })).toBe(200);
    expect(await status({ 'content-type': 'application/json; charset=utf-8' })).toBe(200);
    const stream = await call(front, { headers: { ...headers, accept: 'text/event-stream' }, body });
    expect(stream.headers['content-type']).toBe('text/event-stream');
  });
});
