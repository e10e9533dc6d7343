import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readEnvelope } from '../../../electron/hub/frames/read-envelope.ts';
import { blank, read, type Fields } from './fields.ts';

describe('properties', () => {
  const id = fc.oneof(fc.integer(), fc.string(), fc.constant('listen:0'));
  const anyJson = fc.jsonValue({ depthSize: 'small' });
  const params = fc.record(
    {
      name: fc.string({ unit: 'binary' }),
      uri: fc.webUrl(),
      arguments: anyJson,
      _meta: fc.record(
        {
          progressToken: id,
          'io.modelcontextprotocol/protocolVersion': fc.string({ unit: 'binary' }),
          extra: anyJson,
        },
        { requiredKeys: [] },
      ),
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
    fc.record({
      id,
      result: fc.record(
        { isError: fc.boolean(), resultType: fc.string(), content: anyJson },
        { requiredKeys: [] },
      ),
    }),
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

  test('its ranges hold the values that JSON.parse gives', () => {
    fc.assert(
      fc.property(text, (json) => {
        const bytes = Buffer.from(json);
        const envelope = readEnvelope(bytes);
        if (!envelope) return;
        const { ranges, kind } = envelope;
        const tree = JSON.parse(json) as Record<string, never>;
        const at = (start: number, end: number): unknown =>
          end === 0 ? undefined : JSON.parse(bytes.toString('utf8', start, end));
        expect({
          id: at(ranges.id, ranges.idEnd),
          method: at(ranges.method, ranges.methodEnd),
          params: at(ranges.params, ranges.paramsEnd),
          name: at(ranges.name, ranges.nameEnd),
          uri: at(ranges.uri, ranges.uriEnd),
          meta: at(ranges.meta, ranges.metaEnd),
          token: at(ranges.token, ranges.tokenEnd),
          requestId: at(ranges.requestId, ranges.requestIdEnd),
          result: at(ranges.result, ranges.resultEnd),
          error: at(ranges.error, ranges.errorEnd),
        }).toEqual({
          id: tree.id,
          method: tree.method,
          params: tree.params,
          name: tree.params?.['name'],
          uri: tree.params?.['uri'],
          meta: tree.params?.['_meta'],
          token: (kind === 'request' ? tree.params?.['_meta'] : tree.params)?.['progressToken'],
          requestId: tree.params?.['requestId'],
          result: tree.result,
          error: tree.error,
        });
      }),
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
function expected(json: string): Fields | null {
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
      protocolVersion: string(member(member(params, '_meta'), 'io.modelcontextprotocol/protocolVersion')),
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
  return {
    ...base,
    kind: 'response',
    isToolError: member(tree.result, 'isError') === true,
    resultType: string(member(tree.result, 'resultType')),
  };
}
