import { describe, expect, test } from 'vitest';
import { readEnvelope } from '../../../electron/hub/frames/read-envelope.ts';
import { blank, frame, read } from './fields.ts';

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
    ['B21 result and error', '{"jsonrpc":"2.0","id":1,"result":{},"error":{"code":1,"message":"m"}}'],
    [
      'C14 the tool named in another case, too',
      '{"jsonrpc":"2.0","id":1,"method":"a","params":{"Name":"b","name":"a"}}',
    ],
    [
      'C14 the address in another case, too',
      '{"jsonrpc":"2.0","id":1,"method":"a","params":{"uri":"b","URI":"a"}}',
    ],
    ['B21 result and a call', '{"jsonrpc":"2.0","id":1,"result":{},"method":"m"}'],
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

test('C06 a million members and no more, wherever they stand', () => {
  const list = (count: number): string => `[${'1,'.repeat(count - 1)}1]`;
  expect(
    read(frame({ id: 1, method: 'm', params: { a: 0 } }).replace('"a":0', `"a":${list(900_000)}`))?.id,
  ).toBe('1');
  expect(read(`{"jsonrpc":"2.0","id":1,"result":{"a":${list(600_000)},"b":${list(600_000)}}}`)).toBeNull();
  expect(read(`{"jsonrpc":"2.0","id":1,"method":"m","params":[${'{},'.repeat(600_000)}{}]}`)).toBeNull();
  expect(read(`{${'"a":0,'.repeat(1_000_001)}"jsonrpc":"2.0","id":1,"method":"m"}`)).toBeNull();
});

test('C06 ten thousand keys with escapes where ours may stand, and no more', () => {
  const keys = (count: number): string => String.raw`"\u00e9":0,`.repeat(count);
  expect(read(`{"jsonrpc":"2.0","id":1,"method":"m","params":{${keys(9_999)}"name":"n"}}`)?.target).toBe('n');
  expect(read(`{"jsonrpc":"2.0","id":1,"method":"m","params":{${keys(10_001)}"name":"n"}}`)).toBeNull();
  expect(read(`{"jsonrpc":"2.0","id":1,"result":{"a":{${keys(20_000)}"a":0}}}`)?.id).toBe('1');
});

test('a member of a method of its own may differ in case from one we know', () => {
  expect(read(frame({ method: 'acme/x', params: { Name: 'a', URI: 'b' } }))?.target).toBeNull();
});

test('B21 null beside the other', () => {
  const text = '{"jsonrpc":"2.0","id":1,"result":null,"error":{"code":1,"message":"m"}}';
  expect(read(text)).toMatchObject({ kind: 'response', id: '1', error: { code: 1, message: 'm' } });
});

test('both eras', () => {
  const _meta = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' };
  expect(read(frame({ id: 1, method: 'tools/list', params: { _meta } }))?.protocolVersion).toBe('2026-07-28');
  expect(read(frame({ id: 1, method: 'tools/list', params: {} }))?.protocolVersion).toBeNull();
  expect(read(frame({ id: 1, result: { resultType: 'input_required' } }))?.resultType).toBe('input_required');
});

test('a text met before and one that only resembles it are told apart', () => {
  const names = ['tools/call', 'tools/cals', 'tools/cal', 'ools/call', '', 'tools/call '];
  for (const name of [...names, ...names]) {
    expect(read(frame({ id: 1, method: name, params: { name } }))).toMatchObject({
      method: name,
      target: name,
    });
  }
});

describe('ranges', () => {
  const rangesOf = (text: string): Record<string, string> => {
    const bytes = Buffer.from(text);
    const { ranges } = readEnvelope(bytes)!;
    const fields = [
      'id',
      'method',
      'params',
      'name',
      'uri',
      'meta',
      'token',
      'requestId',
      'result',
      'error',
    ] as const;
    return Object.fromEntries(
      fields
        .filter((field) => ranges[`${field}End`] !== 0)
        .map((field) => [field, bytes.toString('utf8', ranges[field], ranges[`${field}End`])]),
    );
  };

  test('of a call', () => {
    const text =
      '{"method" : "tools/call","params": {"name":"é","_meta":{ "progressToken":"t"}, "uri":5},"id": 12 ,"jsonrpc":"2.0"}';
    expect(rangesOf(text)).toEqual({
      id: '12',
      method: '"tools/call"',
      params: '{"name":"é","_meta":{ "progressToken":"t"}, "uri":5}',
      name: '"é"',
      uri: '5',
      meta: '{ "progressToken":"t"}',
      token: '"t"',
    });
  });

  test('of notifications and answers', () => {
    expect(
      rangesOf(frame({ method: 'notifications/progress', params: { progressToken: 0, requestId: 'x' } })),
    ).toEqual({
      method: '"notifications/progress"',
      params: '{"progressToken":0,"requestId":"x"}',
      token: '0',
      requestId: '"x"',
    });
    expect(rangesOf(frame({ id: '', result: [1] }))).toEqual({ id: '""', result: '[1]' });
    expect(rangesOf(frame({ id: null, error: { code: 1 } }))).toEqual({ id: 'null', error: '{"code":1}' });
  });
});

test('C08 prototype names are plain members', () => {
  const text =
    '{"__proto__":{"method":"evil"},"constructor":{},"jsonrpc":"2.0","id":1,"method":"__proto__","params":{"name":"constructor"}}';
  expect(read(text)).toMatchObject({ method: '__proto__', target: 'constructor' });
  expect(Object.hasOwn(Object.prototype, 'method')).toBe(false);
});
