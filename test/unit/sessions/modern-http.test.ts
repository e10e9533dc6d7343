import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeHeader } from '../../../electron/hub/sessions/modern-headers.ts';
import { call, events, openFront, openRequest, rpc, type Call, type Front } from './front.ts';

const VERSION = '2026-07-28';

let front: Front;
beforeEach(async () => {
  front = await openFront();
});
afterEach(() => front.close());

const META = {
  'io.modelcontextprotocol/protocolVersion': VERSION,
  'io.modelcontextprotocol/clientCapabilities': {},
};

/** A modern request with headers that agree; `params.name`, `params.uri` and `params.taskId` become `Mcp-Name`. */
function modern(
  id: number | string,
  method: string,
  params: Record<string, unknown> = {},
  headers: Call['headers'] = {},
): Call {
  const name = params.name ?? params.uri ?? params.taskId;
  return {
    headers: {
      'mcp-protocol-version': VERSION,
      'mcp-method': method,
      ...(typeof name === 'string' ? { 'mcp-name': name } : {}),
      ...headers,
    },
    body: rpc(id, method, { ...params, _meta: META }),
  };
}

describe('Streamable HTTP of 2026-07-28', () => {
  it('serves each request on its own; one conversation for one product on one endpoint', async () => {
    const answer = await call(front, modern(1, 'echo'));
    expect([answer.status, answer.headers['content-type'], answer.headers['mcp-session-id']]).toEqual([
      200,
      'application/json',
      undefined,
    ]);
    // A session id of the other era means nothing here.
    await call(front, modern(1, 'echo', {}, { 'mcp-session-id': 'nobody' }));
    await call(front, modern(1, 'echo', {}, { 'user-agent': 'claude-code/2.1.329 (cli)' }));
    await call(front, { ...modern(1, 'echo'), path: '/mcp' });
    expect(front.conversations.map(({ options }) => [options.endpoint.label, options.caller.client])).toEqual(
      [
        ['servers/echo', 'http'],
        ['servers/echo', 'claude-code'],
        ['*', 'http'],
      ],
    );
    expect(front.conversations[0]!.options.channel).toBeNull();
    expect(front.sessions.connected()).toMatchObject([{ era: 'modern', transport: 'http' }, {}, {}]);
  });

  it('gives the status that the answer names', async () => {
    const pending = call(front, modern(1, 'unknown/method'));
    const said = await (await front.conversation(0)).heard('unknown/method');
    const error = '{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"no"}}';
    said.reply!.answer(Buffer.from(error), 404);
    expect(await pending).toMatchObject({ status: 404, body: error });
  });

  it('streams what comes before the answer, without event ids: nothing can be resumed', async () => {
    const opened = openRequest(front, modern(1, 'hold'));
    const held = await (await front.conversation(0)).heard('hold');
    held.reply!.send(Buffer.from('{"jsonrpc":"2.0","method":"notifications/progress"}'));
    held.answer('{}');
    const stream = await opened;
    await stream.ended;
    expect(stream.response.headers['x-accel-buffering']).toBe('no');
    expect(events(stream.text()).map(({ id }) => id)).toEqual([null, null]);
  });

  it('keeps a listen stream open until its end', async () => {
    const opened = openRequest(front, modern('listen:0', 'subscriptions/listen', { notifications: {} }));
    const held = await (await front.conversation(0)).heard('subscriptions/listen');
    held.reply!.send(Buffer.from('{"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged"}'));
    const stream = await opened;
    await stream.until((text) => text.includes('acknowledged'));
    held.reply!.send(Buffer.from('{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}'));
    await stream.until((text) => text.includes('list_changed'));
    held.answer('{"resultType":"complete"}');
    await stream.ended;
    expect(events(stream.text()).at(-1)!.frame).toMatchObject({ id: 'listen:0' });
  });

  it('C01: a client that goes away has cancelled its call', async () => {
    const opened = openRequest(front, modern(1, 'hold'));
    const conversation = await front.conversation(0);
    const held = await conversation.heard('hold');
    held.reply!.send(Buffer.from('{"jsonrpc":"2.0","method":"notifications/progress"}'));
    const stream = await opened;
    stream.request.destroy();
    await expect.poll(() => conversation.abandoned).toEqual([held.reply]);
    held.answer('{}');
    // One that was answered in full is not abandoned.
    await call(front, modern(2, 'echo'));
    expect(conversation.abandoned).toHaveLength(1);
  });

  it('a person who ends it ends its calls', async () => {
    const pending = call(front, modern(1, 'hold'));
    const conversation = await front.conversation(0);
    await conversation.heard('hold');
    await front.sessions.end(conversation.options.caller.sessionId);
    expect(JSON.parse((await pending).body)).toMatchObject({ id: 1, error: { code: -32_000 } });
    expect(conversation.isClosed).toBe(true);
    await call(front, modern(2, 'echo'));
    expect(front.conversations).toHaveLength(2);
  });

  it('has no other method than POST', async () => {
    for (const method of ['GET', 'DELETE', 'PUT']) {
      const answer = await call(front, { method, headers: { 'mcp-protocol-version': VERSION } });
      expect([method, answer.status]).toEqual([method, 405]);
    }
    expect((await call(front, { method: 'GET' })).status).toBe(405);
  });

  it('takes notifications, refuses answers and batches', async () => {
    const headers = { 'mcp-protocol-version': VERSION };
    const notification = { jsonrpc: '2.0', method: 'notifications/x' };
    expect((await call(front, { headers, body: notification })).status).toBe(202);
    const response = await call(front, { headers, body: { jsonrpc: '2.0', id: 1, result: {} } });
    expect([response.status, JSON.parse(response.body)]).toMatchObject([400, { error: { code: -32_600 } }]);
    const batch = await call(front, { headers, body: [modern(1, 'echo').body as object] });
    expect([batch.status, JSON.parse(batch.body)]).toMatchObject([400, { error: { code: -32_600 } }]);
  });

  it('an endpoint that is told to be legacy sends a probe to the handshake', async () => {
    const answer = await call(front, { ...modern('probe-1', 'server/discover'), path: '/servers/old/mcp' });
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toEqual({
      jsonrpc: '2.0',
      id: 'probe-1',
      error: { code: -32_000, message: 'Bad Request: Server not initialized' },
    });
  });
});

describe('C12, C13: headers that disagree with the body', () => {
  const refusal = async (request: Call): Promise<{ status: number; code: number }> => {
    const answer = await call(front, request);
    const { error } = JSON.parse(answer.body) as { error?: { code: number } };
    return { status: answer.status, code: error?.code ?? 0 };
  };
  const mismatch = { status: 400, code: -32_020 };

  it('revision: absent, another one', async () => {
    expect(await refusal(modern(1, 'echo', {}, { 'mcp-protocol-version': null }))).toMatchObject(mismatch);
    expect(await refusal(modern(1, 'echo', {}, { 'mcp-protocol-version': '2025-11-25' }))).toMatchObject(
      mismatch,
    );
  });

  it('a body without what every modern request says', async () => {
    const headers = { 'mcp-protocol-version': VERSION, 'mcp-method': 'tools/list' };
    for (const params of [undefined, {}, { _meta: {} }]) {
      const body = { jsonrpc: '2.0', id: 1, method: 'tools/list', params };
      expect(await refusal({ headers, body })).toMatchObject({ status: 400, code: -32_602 });
    }
    expect(front.conversations).toEqual([]);
  });

  it('method: absent, another one, in another case', async () => {
    for (const method of [null, 'tools/list', 'ECHO']) {
      expect(await refusal(modern(1, 'echo', {}, { 'mcp-method': method }))).toMatchObject(mismatch);
    }
  });

  it.each([
    ['tools/call', { name: 'one', uri: 'two' }, 'one'],
    ['prompts/get', { name: 'one' }, 'one'],
    ['resources/read', { uri: 'file:///é x' }, '=?base64?ZmlsZTovLy/DqSB4?='],
    ['resources/read', { name: 'one', uri: 'two' }, 'two'],
    ['tasks/get', { taskId: 't1' }, 't1'],
    ['tools/call', { name: 'b64' }, '=?base64?YjY0?='],
  ])('%s %o needs the name %s', async (method, params, name) => {
    const pending = call(front, modern(1, method, params, { 'mcp-name': name }));
    (await (await front.conversation(0)).heard(method)).answer('{}');
    expect((await pending).status).toBe(200);
    for (const wrong of [null, 'other', '', '=?base64?####?=', '=?base64?/w==?=', '=?base64?YjY?=']) {
      expect([wrong, await refusal(modern(1, method, params, { 'mcp-name': wrong }))]).toMatchObject([
        wrong,
        mismatch,
      ]);
    }
  });

  it('parameters that a tool wants in headers', async () => {
    const request = (region: unknown, header: string | null): Call =>
      modern(
        1,
        'tools/call',
        { name: 'headed', arguments: { where: { region } } },
        { 'mcp-param-region': header },
      );
    const served = async (region: unknown, header: string | null): Promise<number> => {
      const before = front.conversations[0]?.said.length ?? 0;
      const pending = call(front, request(region, header));
      const conversation = await front.conversation(0);
      await expect.poll(() => conversation.said.length).toBe(before + 1);
      conversation.said.at(-1)!.answer('{}');
      return (await pending).status;
    };
    expect(await served('eu', 'eu')).toBe(200);
    expect(await served('zürich', '=?base64?esO8cmljaA==?=')).toBe(200);
    expect(await served(42, '42.0')).toBe(200);
    expect(await served(null, null)).toBe(200);
    expect(await served(true, 'true')).toBe(200);
    for (const [region, header] of [
      ['eu', 'us'],
      ['eu', null],
      ['eu', '=?base64?x?='],
      [42, '43'],
      ['42', '42.0'],
    ] as const) {
      expect(await refusal(request(region, header))).toMatchObject(mismatch);
    }
    const broken =
      `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"_meta":${JSON.stringify(META)},` +
      '"name":"headed","arguments":{"where":{"region":tru}}}}';
    expect(await refusal({ ...request('eu', 'eu'), body: broken })).toMatchObject({ status: 400 });
  });

  it('header values: plain, encoded, broken', () => {
    expect(decodeHeader('plain')).toBe('plain');
    expect(decodeHeader('=?base64?w6k=?=')).toBe('é');
    expect(decodeHeader('=?base64??=')).toBe('');
    expect(decodeHeader('=?base64?w6k?=')).toBeNull();
    expect(decodeHeader('=?base64?/w==?=')).toBeNull();
  });
});

describe('C16', () => {
  it('as many conversations and streams as there is room for, then 503 with a time to come back', async () => {
    await front.close();
    front = await openFront({
      limits: { sessions: { perUser: 1, total: 1 }, streams: { perUser: 1, total: 1 } },
    });
    const listen = modern(1, 'subscriptions/listen', { notifications: {} });
    const opened = openRequest(front, listen);
    const held = await (await front.conversation(0)).heard('subscriptions/listen');
    held.reply!.send(Buffer.from('{"jsonrpc":"2.0","method":"x"}'));
    const stream = await opened;
    const second = await call(front, listen);
    expect([second.status, second.headers['retry-after']]).toEqual([503, '5']);
    expect((await call(front, modern(1, 'echo', {}, { 'user-agent': 'other/1' }))).status).toBe(503);
    stream.request.destroy();
    await expect.poll(() => front.conversations[0]!.abandoned.length).toBe(1);
    const again = openRequest(front, listen);
    await expect.poll(() => front.conversations[0]!.said.length).toBe(2);
    front.conversations[0]!.said[1]!.answer('{}');
    expect((await again).response.statusCode).toBe(200);
  });
});
