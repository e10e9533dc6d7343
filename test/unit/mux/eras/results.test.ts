import { describe, expect, test } from 'vitest';
import { readEnvelope } from '../../../../electron/hub/frames/read-envelope.ts';
import {
  asLegacyResult,
  asModernResult,
  withElicitationId,
} from '../../../../electron/hub/routes/mux/eras/results.ts';

const answer = (body: object): { frame: Buffer; envelope: NonNullable<ReturnType<typeof readEnvelope>> } => {
  const frame = Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: 3, ...body }));
  return { frame, envelope: readEnvelope(frame)! };
};
const modern = (body: object, method: string, serverInfo: string | null = null): unknown => {
  const { frame, envelope } = answer(body);
  return JSON.parse(asModernResult(frame, envelope, { method, serverInfo }).toString());
};
const legacy = (body: object, method: string, wrapsStructured = false): unknown => {
  const { frame, envelope } = answer(body);
  return JSON.parse(asLegacyResult(frame, envelope, { method, wrapsStructured }).toString());
};
const SERVER = '{"name":"s","version":"1"}';
const SERVER_META = { 'io.modelcontextprotocol/serverInfo': { name: 's', version: '1' } };

describe('an answer of a legacy server for a modern client', () => {
  test('says that it is complete and who gave it', () => {
    expect(modern({ result: {} }, 'tools/call', SERVER)).toEqual({
      jsonrpc: '2.0',
      id: 3,
      result: { resultType: 'complete', _meta: SERVER_META },
    });
    expect(modern({ result: { content: [], _meta: { a: 1 } } }, 'tools/call', SERVER)).toEqual({
      jsonrpc: '2.0',
      id: 3,
      result: { resultType: 'complete', content: [], _meta: { a: 1, ...SERVER_META } },
    });
  });

  test('says for how long a list holds: not at all, and for nobody else', () => {
    expect(modern({ result: { resources: [] } }, 'resources/list')).toMatchObject({
      result: { ttlMs: 0, cacheScope: 'private', resultType: 'complete', resources: [] },
    });
    expect(modern({ result: { ttlMs: 5, cacheScope: 'public' } }, 'resources/list')).toMatchObject({
      result: { ttlMs: 5, cacheScope: 'public' },
    });
    expect(modern({ result: { content: [] } }, 'tools/call')).not.toHaveProperty('result.ttlMs');
  });

  test('loses what belonged to the tasks of the legacy era', () => {
    const tools = [{ name: 'a', execution: { taskSupport: 'optional' }, x: 1 }, { name: 'b' }];
    expect(modern({ result: { tools } }, 'tools/list')).toMatchObject({
      result: { tools: [{ name: 'a', x: 1 }, { name: 'b' }] },
    });
    expect(JSON.stringify(modern({ result: { tools } }, 'tools/list'))).not.toContain('execution');
  });

  test('a resource that is not found has the code of its era, and keeps its data', () => {
    const error = { code: -32_002, message: 'none', data: { uri: 'a:b' } };
    expect(modern({ error }, 'resources/read')).toMatchObject({ error: { ...error, code: -32_602 } });
    expect(modern({ error: { code: -32_603, message: 'x' } }, 'resources/read')).toMatchObject({
      error: { code: -32_603 },
    });
  });

  test('"visit this page first" becomes a question', () => {
    const data = {
      elicitations: [{ mode: 'url', elicitationId: 'e', url: 'https://a.test/', message: 'm' }],
    };
    expect(modern({ error: { code: -32_042, message: 'x', data } }, 'tools/call')).toEqual({
      jsonrpc: '2.0',
      id: 3,
      result: {
        resultType: 'input_required',
        inputRequests: {
          'url-1': {
            method: 'elicitation/create',
            params: { mode: 'url', url: 'https://a.test/', message: 'm' },
          },
        },
      },
    });
  });
});

describe('an answer of a modern server for a legacy client', () => {
  test('loses what that era does not know and keeps the rest', () => {
    const result = { resultType: 'complete', tools: [], ttlMs: 9, cacheScope: 'public', 'acme/x': 1.5 };
    expect(legacy({ result }, 'tools/list')).toEqual({
      jsonrpc: '2.0',
      id: 3,
      result: { tools: [], 'acme/x': 1.5 },
    });
  });

  test.each([[[1, 2]], ['text'], [5], [null]])('wraps a structured result that is no object: %j', (value) => {
    expect(legacy({ result: { structuredContent: value } }, 'tools/call')).toHaveProperty(
      'result.structuredContent',
      { result: value },
    );
  });

  test('wraps an object too when its schema was wrapped', () => {
    const result = { structuredContent: { a: 1 }, resultType: 'complete' };
    expect(legacy({ result }, 'tools/call')).toHaveProperty('result.structuredContent', { a: 1 });
    expect(legacy({ result }, 'tools/call', true)).toHaveProperty('result.structuredContent', {
      result: { a: 1 },
    });
  });

  test('a schema that is no object is shown as one, its pointers still right', () => {
    const outputSchema = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'array',
      items: { anyOf: [{ $ref: '#/$defs/item' }, { $ref: '#' }, { const: { $ref: '#/items' } }] },
      $defs: { item: { type: 'array', items: { $ref: '#/$defs/item' } } },
    };
    expect(legacy({ result: { tools: [{ name: 'a', outputSchema }] } }, 'tools/list')).toHaveProperty(
      'result.tools.0.outputSchema',
      {
        $schema: outputSchema.$schema,
        type: 'object',
        properties: {
          result: {
            type: 'array',
            items: {
              anyOf: [
                { $ref: '#/$defs/item' },
                { $ref: '#/properties/result' },
                { const: { $ref: '#/items' } },
              ],
            },
          },
        },
        required: ['result'],
        $defs: outputSchema.$defs,
      },
    );
  });

  test('faults of the hub’s own hop are not shown as the client’s', () => {
    for (const code of [-32_020, -32_021, -32_022]) {
      expect(legacy({ error: { code, message: 'm' } }, 'tools/call')).toMatchObject({
        error: { code: -32_603, message: 'm' },
      });
    }
    expect(legacy({ error: { code: -32_602, message: 'm' } }, 'resources/read')).toMatchObject({
      error: { code: -32_602 },
    });
  });
});

test('a legacy client gets an id with each page it is asked to visit', () => {
  const made = JSON.parse(
    withElicitationId(Buffer.from('{"mode":"url","url":"https://a.test/"}')).toString(),
  ) as {
    elicitationId: string;
  };
  expect(made.elicitationId).toMatch(/^[0-9a-f-]{36}$/);
  const form = Buffer.from('{"mode":"form","message":"m"}');
  expect(withElicitationId(form)).toBe(form);
});
