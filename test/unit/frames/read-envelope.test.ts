import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readEnvelope } from '../../../electron/hub/frames/read-envelope.ts';
import type { Envelope } from '../../../shared/json-rpc/envelope.ts';

const read = (text: string): Envelope | null => readEnvelope(Buffer.from(text));
const frame = (members: object): string => JSON.stringify({ jsonrpc: '2.0', ...members });

const blank = {
  id: null,
  method: null,
  target: null,
  progressToken: null,
  cancelsId: null,
  error: null,
  isToolError: false,
};

describe('reads what a router needs', () => {
  test('a tool call with a progress token', () => {
    const params = { name: 'create_issue', arguments: { name: 'other' }, _meta: { progressToken: 0 } };
    expect(read(frame({ id: 7, method: 'tools/call', params }))).toEqual({
      ...blank,
      kind: 'request',
      id: '7',
      method: 'tools/call',
      target: 'create_issue',
      progressToken: '0',
    });
  });

  test('a resource by its address, a name before an address', () => {
    expect(read(frame({ id: 1, method: 'resources/read', params: { uri: 'file:///a' } }))?.target).toBe(
      'file:///a',
    );
    expect(read(frame({ id: 1, method: 'x', params: { uri: 'u', name: 'n' } }))?.target).toBe('n');
  });

  test('a progress notification and a cancellation', () => {
    expect(read(frame({ method: 'notifications/progress', params: { progressToken: 'a"b' } }))).toMatchObject(
      {
        kind: 'notification',
        id: null,
        progressToken: String.raw`"a\"b"`,
        cancelsId: null,
      },
    );
    expect(read(frame({ method: 'notifications/cancelled', params: { requestId: 12 } }))?.cancelsId).toBe(
      '12',
    );
  });

  test('a result, wherever its id stands, and a tool error', () => {
    expect(read('{"result":{"content":[]},"jsonrpc":"2.0","id":3}')).toEqual({
      ...blank,
      kind: 'response',
      id: '3',
    });
    expect(read(frame({ id: 3, result: { isError: true } }))?.isToolError).toBe(true);
    expect(read(frame({ id: 3, result: { isError: false } }))?.isToolError).toBe(false);
    expect(read(frame({ id: 3, result: { content: { isError: true } } }))?.isToolError).toBe(false);
    expect(read(frame({ id: 3, result: null }))?.kind).toBe('response');
  });

  test('an error, also with odd members and without an id it could name', () => {
    expect(read(frame({ id: 3, error: { code: -32_601, message: 'No\nsuch "x"', data: 1 } }))?.error).toEqual(
      {
        code: -32_601,
        message: 'No\nsuch "x"',
      },
    );
    expect(read(frame({ id: null, error: { code: 'x', message: 5 } }))).toEqual({
      ...blank,
      kind: 'response',
      error: { code: null, message: '' },
    });
    expect(read(frame({ error: { code: -32_700, message: 'm' } }))?.id).toBeNull();
    expect(read(frame({ id: 1, error: 'broken' }))?.error).toEqual({ code: null, message: '' });
    expect(read(frame({ id: 1, result: {}, error: null }))?.error).toBeNull();
  });

  test('keys and values written with escapes', () => {
    const text = String.raw`{"jsonrpc":"2\u002e0","\u0069d":5,"m\u0065thod":"tools\/call","params":{"n\u0061me":"\u0061"}}`;
    expect(read(text)).toMatchObject({ kind: 'request', id: '5', method: 'tools/call', target: 'a' });
  });
});

describe('C05 ids keep their text', () => {
  test.each(['0', '-1', '9007199254740993', '1234567890123456789', '""', '"a"', String.raw`"\u0061"`, '"ä"'])(
    '%s',
    (id) => expect(read(`{"jsonrpc":"2.0","id":${id},"method":"m"}`)?.id).toBe(id),
  );

  test.each(['1.5', '1e3', 'true', '{}', '[1]', 'null', `"${'x'.repeat(2_000)}"`])('%s is refused', (id) =>
    expect(read(`{"jsonrpc":"2.0","id":${id},"method":"m"}`)).toBeNull(),
  );
});

describe('what is no single message is refused', () => {
  test.each([
    ['C14 a control key twice', '{"jsonrpc":"2.0","id":1,"method":"a","method":"b"}'],
    [
      'C14 a control key twice, once escaped',
      String.raw`{"jsonrpc":"2.0","id":1,"method":"a","m\u0065thod":"b"}`,
    ],
    ['C14 a control key in another case', '{"jsonrpc":"2.0","id":1,"method":"a","Method":"b"}'],
    ['C14 a control key in letters that Go takes for it', '{"jsonrpc":"2.0","id":1,"reſult":{},"result":{}}'],
    ['C14 the tool named twice', '{"jsonrpc":"2.0","id":1,"method":"a","params":{"name":"a","name":"b"}}'],
    ['B21 result and error', '{"jsonrpc":"2.0","id":1,"result":{},"method":"m"}'],
    ['B21 neither', '{"jsonrpc":"2.0","id":1}'],
    ['B21 wrong version', '{"jsonrpc":"1.0","id":1,"method":"m"}'],
    ['B21 no version', '{"id":1,"method":"m"}'],
    ['B21 a batch', '[{"jsonrpc":"2.0","id":1,"method":"m"}]'],
    ['B07 text', 'Server listening on 3000'],
    ['nothing', ''],
    ['an empty object', '{}'],
    ['something after it', '{"jsonrpc":"2.0","id":1,"method":"m"} x'],
    ['a trailing comma', '{"jsonrpc":"2.0","id":1,"method":"m",}'],
    ['no colon', '{"jsonrpc":"2.0","id" 1,"method":"m"}'],
    ['a bad literal', '{"jsonrpc":"2.0","id":1,"method":"m","x":nul}'],
    ['a bad number', '{"jsonrpc":"2.0","id":01,"method":"m"}'],
    ['a bad escape', String.raw`{"jsonrpc":"2.0","id":1,"method":"\x"}`],
    ['a line end inside the method', '{"jsonrpc":"2.0","id":1,"method":"a\nb"}'],
    ['brackets that do not match', '{"jsonrpc":"2.0","id":1,"method":"m","x":[}]}'],
    ['a method that is no string', '{"jsonrpc":"2.0","id":1,"method":7}'],
  ])('%s', (_name, text) => expect(read(text)).toBeNull());

  test('B10 bytes that are not UTF-8', () => {
    const text = Buffer.from(frame({ id: 1, method: 'm', params: { a: 'xxx' } }));
    text[text.indexOf('xxx')] = 0xff;
    expect(readEnvelope(text)).toBeNull();
  });

  test('C07 nesting is read to 128 levels and no further', () => {
    const nested = (levels: number): string =>
      `{"jsonrpc":"2.0","id":1,"result":${'['.repeat(levels)}${']'.repeat(levels)}}`;
    expect(read(nested(127))?.kind).toBe('response');
    expect(read(nested(128))).toBeNull();
    expect(read(nested(1_000_000))).toBeNull();
    expect(
      read(`{"jsonrpc":"2.0","id":1,"result":${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}}`),
    ).toBeNull();
  });
});

test('C08 prototype names are plain members', () => {
  const text =
    '{"__proto__":{"method":"evil"},"constructor":{},"jsonrpc":"2.0","id":1,"method":"__proto__","params":{"name":"constructor"}}';
  expect(read(text)).toMatchObject({ method: '__proto__', target: 'constructor' });
  expect(Object.hasOwn(Object.prototype, 'method')).toBe(false);
});

describe('properties', () => {
  const id = fc.oneof(fc.integer(), fc.string(), fc.constant('listen:0'));
  const anyJson = fc.jsonValue({ depthSize: 'small' });
  const params = fc.record(
    {
      name: fc.string({ unit: 'binary' }),
      uri: fc.webUrl(),
      arguments: anyJson,
      _meta: fc.record({ progressToken: id, extra: anyJson }, { requiredKeys: [] }),
      progressToken: id,
      requestId: id,
    },
    { requiredKeys: [] },
  );
  const message = fc.oneof(
    fc.record(
      { id, method: fc.string({ unit: 'binary' }), params, extra: anyJson },
      { requiredKeys: ['id', 'method'] },
    ),
    fc.record({ method: fc.string(), params }, { requiredKeys: ['method'] }),
    fc.record({ id, result: fc.record({ isError: fc.boolean(), content: anyJson }, { requiredKeys: [] }) }),
    fc.record({
      id,
      error: fc.record({ code: fc.integer(), message: fc.string({ unit: 'binary' }), data: anyJson }),
    }),
  );
  const text = fc
    .tuple(message, fc.constantFrom(0, 2, '\t'), fc.boolean())
    .map(([members, indent, versionLast]) =>
      JSON.stringify(
        versionLast ? { ...members, jsonrpc: '2.0' } : { jsonrpc: '2.0', ...members },
        null,
        indent,
      ),
    );

  test('agrees with JSON.parse on every message', () => {
    fc.assert(
      fc.property(text, (json) => {
        expect(read(json)).toEqual(expected(json));
      }),
      { numRuns: 500 },
    );
  });

  test('agrees with JSON.parse on one letter more or less', () => {
    fc.assert(
      fc.property(
        text,
        fc.nat(),
        fc.constantFrom('', '"', '\\', '{', '}', ',', ':', ' ', '0'),
        (json, at, put) => {
          const position = at % (json.length + 1);
          const spliced = json.slice(0, position) + put + json.slice(position + (put === '' ? 1 : 0));
          // Half a surrogate pair, which the cut may leave, cannot be sent.
          const changed = Buffer.from(spliced).toString();
          const envelope = read(changed);
          // It checks less than JSON.parse inside values it passes over; what both read must be the same.
          if (envelope !== null && isJson(changed)) expect(envelope).toEqual(expected(changed));
        },
      ),
      { numRuns: 500 },
    );
  });

  test('a cut frame is none', () => {
    fc.assert(
      fc.property(text, fc.nat(), (json, at) => {
        const bytes = Buffer.from(json);
        expect(readEnvelope(bytes.subarray(0, at % bytes.length))).toBeNull();
      }),
    );
  });

  test('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(() => readEnvelope(Buffer.from(bytes))).not.toThrow();
      }),
    );
    const jsonish = fc.array(
      fc.constantFrom(
        '{',
        '}',
        '[',
        ']',
        '"',
        ':',
        ',',
        '\\',
        '"id"',
        '"jsonrpc":"2.0"',
        '"method":"m"',
        '1',
        '-',
        'e',
        '\\u00',
        'null',
        ' ',
      ),
    );
    fc.assert(
      fc.property(jsonish, (tokens) => {
        expect(() => read(`{"jsonrpc":"2.0",${tokens.join('')}`)).not.toThrow();
      }),
      { numRuns: 1_000 },
    );
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The same by way of the tree; ids in these messages are spelled as JSON.stringify does. */
function expected(json: string): Envelope | null {
  const tree = JSON.parse(json) as Record<string, unknown>;
  const member = (owner: unknown, key: string): unknown =>
    typeof owner === 'object' && owner !== null && !Array.isArray(owner) && Object.hasOwn(owner, key)
      ? (owner as Record<string, unknown>)[key]
      : undefined;
  const string = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  const raw = (value: unknown): string | null =>
    typeof value === 'string' || Number.isInteger(value) ? JSON.stringify(value) : null;
  if (member(tree, 'jsonrpc') !== '2.0') return null;
  const base = { ...blank, id: raw(member(tree, 'id')) };
  if (Object.hasOwn(tree, 'method')) {
    const params = member(tree, 'params');
    const isNotification = !Object.hasOwn(tree, 'id');
    if (string(tree.method) === null || (base.id === null && !isNotification)) return null;
    return {
      ...base,
      kind: isNotification ? 'notification' : 'request',
      method: string(tree.method),
      target: string(member(params, 'name')) ?? string(member(params, 'uri')),
      progressToken: raw(member(isNotification ? params : member(params, '_meta'), 'progressToken')),
      cancelsId: isNotification ? raw(member(params, 'requestId')) : null,
    };
  }
  const error = member(tree, 'error');
  if (error !== undefined) {
    const code = member(error, 'code');
    return {
      ...base,
      kind: 'response',
      error: {
        code: typeof code === 'number' ? code : null,
        message: string(member(error, 'message')) ?? '',
      },
    };
  }
  if (!Object.hasOwn(tree, 'result') || base.id === null) return null;
  return { ...base, kind: 'response', isToolError: member(tree.result, 'isError') === true };
}
