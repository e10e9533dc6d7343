import { describe, expect, test } from 'vitest';
import { readEnvelope } from '../../../../electron/hub/frames/read-envelope.ts';
import { asLegacyRequest, asModernRequest } from '../../../../electron/hub/routes/mux/eras/modern-request.ts';
import {
  inputRequiredResult,
  readInputRequired,
  readInputResponses,
  retryRequest,
} from '../../../../electron/hub/routes/mux/eras/input-required.ts';

const read = (text: string) => {
  const frame = Buffer.from(text);
  return { frame, envelope: readEnvelope(frame)! };
};
const json = (frame: Buffer): unknown => JSON.parse(frame.toString());

const identity = {
  protocolVersion: '2026-07-28',
  clientInfo: '{"name":"c","version":"1"}',
  capabilities: '{"roots":{}}',
  logLevel: null,
};
const meta = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': { roots: {} },
  'io.modelcontextprotocol/clientInfo': { name: 'c', version: '1' },
};

describe('a legacy request for a modern server', () => {
  test.each([
    ['no params', '{"jsonrpc":"2.0","id":1,"method":"tools/list"}', { _meta: meta }],
    ['empty params', '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}}', { _meta: meta }],
    [
      'params without _meta',
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","arguments":{"x":1}}}',
      { name: 'a', arguments: { x: 1 }, _meta: meta },
    ],
    [
      'an empty _meta',
      '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{}}}',
      { _meta: meta },
    ],
    [
      'a _meta with other things',
      '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{"progressToken":0,"acme/x":[1]}}}',
      { _meta: { ...meta, progressToken: 0, 'acme/x': [1] } },
    ],
  ])('says who asks, with %s', (_, text, params) => {
    const { frame, envelope } = read(text);
    expect(json(asModernRequest(frame, envelope, identity))).toMatchObject({ id: 1, params });
  });

  test('carries the log level of the session', () => {
    const { frame, envelope } = read('{"jsonrpc":"2.0","id":1,"method":"tools/list"}');
    const made = json(asModernRequest(frame, envelope, { ...identity, logLevel: 'debug' }));
    expect(made).toHaveProperty(['params', '_meta', 'io.modelcontextprotocol/logLevel'], 'debug');
  });

  test('keeps numbers that JavaScript cannot hold', () => {
    const { frame, envelope } = read(
      '{"jsonrpc":"2.0","id":9007199254740993,"method":"tools/call","params":{"name":"a","arguments":{"n":1.10}}}',
    );
    const made = asModernRequest(frame, envelope, identity).toString();
    expect(made).toContain('"id":9007199254740993');
    expect(made).toContain('"n":1.10');
  });
});

describe('a modern request for a legacy server', () => {
  test('loses what only the modern era knows, and nothing else', () => {
    const { frame, envelope } = read(
      JSON.stringify({
        jsonrpc: '2.0',
        id: 'a',
        method: 'tools/call',
        params: {
          _meta: { ...meta, progressToken: 7, traceparent: '00-1' },
          name: 'x',
          inputResponses: { a: {} },
          arguments: { requestState: 'mine' },
          requestState: 's',
        },
      }),
    );
    expect(json(asLegacyRequest(frame, envelope))).toEqual({
      jsonrpc: '2.0',
      id: 'a',
      method: 'tools/call',
      params: {
        _meta: { progressToken: 7, traceparent: '00-1' },
        name: 'x',
        arguments: { requestState: 'mine' },
      },
    });
  });

  test('loses a _meta that held nothing else', () => {
    const { frame, envelope } = read(
      JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: { _meta: meta } }),
    );
    expect(json(asLegacyRequest(frame, envelope))).toEqual({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/list',
      params: {},
    });
  });
});

describe('questions inside a result', () => {
  const question = { method: 'elicitation/create', params: { message: 'Sure?', n: 1 } };

  test('what is written can be read', () => {
    const frame = inputRequiredResult('"x"', {
      requests: [
        { key: 'a "b"', method: question.method, params: Buffer.from(JSON.stringify(question.params)) },
        { key: 'r', method: 'roots/list', params: null },
      ],
      requestState: 'opaque "state"',
    });
    const envelope = readEnvelope(frame)!;
    expect(envelope.id).toBe('"x"');
    const found = readInputRequired(frame, envelope)!;
    expect(found.requestState).toBe('opaque "state"');
    expect(found.requests.map(({ key, method }) => [key, method])).toEqual([
      ['a "b"', 'elicitation/create'],
      ['r', 'roots/list'],
    ]);
    expect(found.requests[0]!.params!.toString()).toBe(JSON.stringify(question.params));
  });

  test.each([
    ['no question and no state', { resultType: 'input_required' }],
    [
      'a question of no known kind',
      { resultType: 'input_required', inputRequests: { a: { method: 'x/y' } } },
    ],
    ['a state that is no text', { resultType: 'input_required', requestState: 5 }],
    ['another kind of result', { resultType: 'complete', inputRequests: { a: question } }],
  ])('is refused with %s (B21)', (_, result) => {
    const frame = Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: 1, result }));
    expect(readInputRequired(frame, readEnvelope(frame)!)).toBeNull();
  });

  test('the retry says the same again, with the answers of this round only', () => {
    const { frame, envelope } = read(
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","arguments":{"n":1.10},"inputResponses":{"old":{}}}}',
    );
    const again = retryRequest(frame, envelope, {
      responses: [
        { key: 'k', result: Buffer.from('{"action":"accept","content":{"big":12345678901234567890}}') },
      ],
      requestState: 's',
    });
    expect(again.toString()).toContain('12345678901234567890');
    const back = readInputResponses(again, readEnvelope(again)!)!;
    expect(back.requestState).toBe('s');
    expect(back.responses.map(({ key }) => key)).toEqual(['k']);
    expect(json(again)).toMatchObject({ params: { name: 'a', arguments: { n: 1.1 } } });
  });

  test('a first call is no retry', () => {
    const { frame, envelope } = read('{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a"}}');
    expect(readInputResponses(frame, envelope)).toBeNull();
  });
});
