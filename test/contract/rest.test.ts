import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, request, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRestApi } from '../../electron/hub/api/rest-api.ts';
import { createRouter } from '../../electron/hub/api/router.ts';
import { contract } from '../../shared/contract/contract.ts';
import { scriptedServices, type ScriptedServices } from './scripted-services.ts';

let services: ScriptedServices;
let server: Server;

beforeEach(async () => {
  services = scriptedServices();
  const api = createRestApi(createRouter(services), '1.2.3');
  server = createServer((incoming, response) => {
    void api.handle(incoming, response).then((found) => {
      if (!found) response.writeHead(404).end('not the API');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(async () => {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
});

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** By node:http and not by fetch, which would add headers of its own. */
function ask(
  method: string,
  path: string,
  body?: string,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const { port } = server.address() as { port: number };
  return new Promise((resolve, reject) => {
    const outgoing = request({ port, host: '127.0.0.1', method, path, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, text }));
      response.on('error', reject);
    });
    outgoing.on('error', reject);
    // Node sends the body of a DELETE without a word about its length.
    if (body !== undefined) outgoing.setHeader('content-length', Buffer.byteLength(body));
    outgoing.end(body);
  });
}

const JSON_TYPE = { 'content-type': 'application/json' };

async function askJson(
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: unknown }> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const answer = await ask(method, path, text, method === 'GET' ? {} : JSON_TYPE);
  return { status: answer.status, body: JSON.parse(answer.text) as unknown };
}

interface Operation {
  operationId: string;
  parameters?: { name: string; in: string; required?: boolean }[];
  responses: Record<string, { content?: Record<string, unknown> }>;
}

async function operations(): Promise<Map<string, { method: string; path: string; operation: Operation }>> {
  const { body } = await askJson('GET', '/api/openapi.json');
  const { paths } = body as { paths: Record<string, Record<string, Operation>> };
  const found = new Map<string, { method: string; path: string; operation: Operation }>();
  for (const [path, item] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(item)) {
      found.set(operation.operationId, { method: method.toUpperCase(), path, operation });
    }
  }
  return found;
}

describe('the description of the REST API', () => {
  it('has every procedure of the contract, each with a path and method of its own', async () => {
    const names = Object.entries(contract).flatMap(([group, procedures]) =>
      Object.keys(procedures).map((name) => `${group}.${name}`),
    );
    const described = await operations();
    expect([...described.keys()].sort()).toEqual(names.sort());
    for (const { operation } of described.values()) expect(operation.responses.default).toBeDefined();
    expect(described.get('servers.restart')).toMatchObject({
      method: 'POST',
      path: '/servers/{name}/restart',
    });
    expect(described.get('sessions.end')).toMatchObject({ method: 'DELETE', path: '/sessions/{id}' });
    const filter = described.get('traffic.list')!.operation.parameters!.find(({ name }) => name === 'filter');
    expect(filter).toMatchObject({ in: 'query' });
    const live = described.get('traffic.live')!.operation.responses['200']!;
    expect(Object.keys(live.content!)).toEqual(['text/event-stream']);
  });

  it('is valid where it points into itself, and names version, token and errors', async () => {
    const { status, body } = await askJson('GET', '/api/openapi.json');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      openapi: '3.1.1',
      info: { title: 'Patchbay', version: '1.2.3' },
      servers: [{ url: '/api' }],
      security: [{ token: [] }],
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    });
    const { schemas } = (body as { components: { schemas: Record<string, unknown> } }).components;
    const references = [...JSON.stringify(body).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)];
    expect(references.length).toBeGreaterThan(20);
    for (const [, name] of references) expect(Object.keys(schemas)).toContain(name);
  });

  it('describes what is really served: every GET without parameters answers', async () => {
    const plain = [...(await operations()).entries()].filter(
      ([id, { method, path }]) =>
        method === 'GET' &&
        !path.includes('{') &&
        ![
          'hub.watch',
          'traffic.live',
          'traffic.search',
          'traffic.export',
          'traffic.histogram',
          'configs.diff',
        ].includes(id),
    );
    expect(plain.map(([id]) => id)).toContain('settings.get');
    for (const [id, { path }] of plain) {
      expect([id, (await askJson('GET', `/api${path}`)).status]).toEqual([id, 200]);
    }
  });
});

describe('the REST API', () => {
  it('reads query values as what the schema says', async () => {
    const answer = await askJson(
      'GET',
      '/api/traffic?filter=server%3Agithub%20%22a%26b%22&limit=7&before=12',
    );
    expect(answer).toEqual({ status: 200, body: { exchanges: [], more: false } });
    expect(services.asked).toEqual([{ filter: 'server:github "a&b"', limit: 7, before: 12 }]);
  });

  it('takes names of any kind from the path', async () => {
    const path = `/api/sessions/${encodeURIComponent('s 1/ü')}`;
    expect(await askJson('GET', path)).toMatchObject({ status: 200, body: { id: 's 1/ü' } });
    expect((await ask('DELETE', path)).status).toBe(200);
    expect(await askJson('GET', path)).toMatchObject({ status: 404, body: { code: 'SESSION_UNKNOWN' } });
    expect(JSON.parse((await ask('DELETE', path)).text)).toMatchObject({ code: 'SESSION_UNKNOWN' });
  });

  it('keeps a body as it was sent', async () => {
    const definition = { command: 'npx', args: ['-y', '8'], env: { A: '1', B: 'true' }, note: 'kept' };
    expect(await askJson('POST', '/api/servers', { name: 'x', definition })).toEqual({
      status: 200,
      body: { ok: true },
    });
    expect(services.added).toEqual([{ name: 'x', definition }]);
    expect((await askJson('PUT', '/api/servers/x/enabled', { enabled: false })).status).toBe(200);
    expect(services.switched).toEqual([{ name: 'x', enabled: false }]);
  });

  it.each([
    ['GET', '/api/servers/nobody/stderr', undefined, 404, 'SERVER_UNKNOWN'],
    ['GET', '/api/traffic/7', undefined, 404, 'NOT_FOUND'],
    ['GET', '/api/traffic?filter=dur%3Asoon', undefined, 400, 'FILTER_INVALID'],
    ['GET', '/api/traffic?limit=0', undefined, 400, 'USAGE'],
    ['GET', '/api/traffic?limit=many', undefined, 400, 'USAGE'],
    ['GET', '/api/traffic/seven', undefined, 400, 'USAGE'],
    ['PUT', '/api/settings', { captureBodies: 'sometimes' }, 400, 'USAGE'],
    ['POST', '/api/servers', { name: 'x' }, 400, 'USAGE'],
    ['POST', '/api/servers', [1], 400, 'USAGE'],
    ['POST', '/api/servers', null, 400, 'USAGE'],
    ['POST', '/api/stop', {}, 403, 'FORBIDDEN'],
    ['POST', '/api/servers/boom/restart', {}, 500, 'INTERNAL'],
  ])('%s %s %j fails with %i %s', async (...row) => {
    const [method, path, body, status, code] = row;
    const answer = await askJson(method, path, body);
    expect(answer).toMatchObject({ status, body: { code, message: expect.any(String) } });
    expect(Object.keys(answer.body as object)).not.toContain('stack');
  });

  it('keeps the hint of an error, and names the field that does not fit', async () => {
    expect((await askJson('GET', '/api/servers/nobody/stderr')).body).toEqual({
      code: 'SERVER_UNKNOWN',
      message: 'There is no server "nobody".',
      hint: 'Look again.',
    });
    const { body } = await askJson('GET', '/api/traffic?limit=0');
    expect((body as { message: string }).message).toContain('limit');
  });

  it('E06: takes nothing that a page of another origin could send unasked', async () => {
    const types = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=a', ''];
    for (const type of [...types, 'application/jsonx', 'text/plain; application/json']) {
      const headers: Record<string, string> = type === '' ? {} : { 'content-type': type };
      const body = JSON.stringify({ name: 'x', definition: { command: 'sh' } });
      expect([type, (await ask('POST', '/api/servers', body, headers)).status]).toEqual([type, 415]);
      expect((await ask('POST', '/api/demo', undefined, headers)).status).toBe(415);
      expect((await ask('DELETE', '/api/sessions/x', body, headers)).status).toBe(415);
    }
    expect(services.added).toEqual([]);
  });

  it('refuses bodies that are no JSON or too large', async () => {
    expect((await ask('POST', '/api/servers', '{"name":', JSON_TYPE)).status).toBe(400);
    const large = JSON.stringify({ name: 'x'.repeat(1024 * 1024) });
    const refused = await ask('POST', '/api/servers', large, JSON_TYPE);
    expect(refused.status).toBe(413);
    expect(JSON.parse(refused.text)).toMatchObject({ code: 'USAGE' });
  });

  it('leaves other paths and methods to others', async () => {
    for (const [method, path] of [
      ['GET', '/api/nothing'],
      ['GET', '/api/'],
      ['GET', '/apis/servers'],
      ['GET', '/servers'],
      ['PATCH', '/api/settings'],
      ['GET', '/api/demo'],
    ] as const) {
      expect([path, (await ask(method, path, undefined, JSON_TYPE)).text]).toEqual([path, 'not the API']);
    }
  });

  it('reads a number in a path, whatever the method, and none in a body', async () => {
    const replayed: unknown[] = [];
    services.replay.send = async (id, params) => {
      replayed.push([id, params]);
      return { exchange: null, outcome: 'ok', response: null, durationMs: 1 };
    };
    expect(await askJson('POST', '/api/traffic/7/replay', { params: '5' })).toMatchObject({ status: 200 });
    expect(replayed).toEqual([[7, '5']]);
    expect(await askJson('POST', '/api/traffic/x/replay', {})).toMatchObject({ status: 400 });
    const took = { feed: 'a', number: '3' };
    expect(await askJson('POST', '/api/traffic/live/a/took', took)).toMatchObject({ status: 400 });
  });

  it('streams as Server-Sent Events, and gives a stream up when its reader goes', async () => {
    const { port } = server.address() as { port: number };
    const reader = new AbortController();
    const stream = await fetch(`http://127.0.0.1:${port}/api/traffic/live?filter=`, {
      signal: reader.signal,
    });
    expect(stream.headers.get('content-type')).toBe('text/event-stream');
    const events = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
    let seen = '';
    while (!seen.includes('event: message')) seen += (await events.read()).value;
    expect(seen).toContain('data: {"rows":[],"dropped":0,');
    expect(services.liveReaders()).toBe(1);
    reader.abort();
    await expect.poll(services.liveReaders).toBe(0);
  });

  it('ends a stream that fails with what went wrong', async () => {
    const { status, text } = await ask('POST', '/api/migration/apply', '{"expected":[]}', JSON_TYPE);
    expect(status).toBe(200);
    const [, first = ''] = /event: message\ndata: (.*)\n/.exec(text) ?? [];
    expect(JSON.parse(first)).toEqual({ type: 'step', step: 'backup', state: 'started', detail: 'saving' });
    expect(text).toContain('event: error\ndata: {"code":"PLAN_STALE","message":"The file has changed."}');
  });
});
