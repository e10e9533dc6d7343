import fc from 'fast-check';
import { validateHeaderValue } from 'node:http';
import { describe, expect, it } from 'vitest';
import { readEnvelope } from '../../../electron/hub/frames/read-envelope.ts';
import { explainNetworkError } from '../../../electron/hub/servers/remote/explain-failure.ts';
import { isAnswer } from '../../../electron/hub/servers/remote/read-answer.ts';
import { readRefusal } from '../../../electron/hub/servers/remote/read-refusal.ts';
import {
  encodeHeaderValue,
  isModernVersion,
  legacyHeaders,
  modernHeaders,
} from '../../../electron/hub/servers/remote/request-headers.ts';

describe('values in headers', () => {
  it('come back whole from what every header can carry', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string()), (value) => {
        const encoded = encodeHeaderValue(value);
        expect(() => validateHeaderValue('Mcp-Name', encoded)).not.toThrow();
        // HTTP takes white space at the ends away.
        expect(encoded.trim()).toBe(encoded);
        const inside = /^=\?base64\?(.*)\?=$/.exec(encoded)?.[1];
        const decoded = inside === undefined ? encoded : Buffer.from(inside, 'base64').toString();
        expect(decoded).toBe(Buffer.from(value).toString());
      }),
    );
  });

  it('stay as they are where they can', () => {
    for (const value of ['github__create_issue', 'file:///a b/c', 'a\tb', '!'])
      expect(encodeHeaderValue(value)).toBe(value);
    expect(encodeHeaderValue('')).toBe('=?base64??=');
    expect(encodeHeaderValue('=?base64?eA==?=')).toBe('=?base64?PT9iYXNlNjQ/ZUE9PT89?=');
  });
});

describe('headers of a message', () => {
  const about = {
    request: 1,
    method: 'tools/call',
    target: 'x',
    protocolVersion: '2026-07-28',
    parameterHeaders: null,
  };

  it.each([
    [null, false],
    ['2024-11-05', false],
    ['2025-11-25', false],
    ['2026-07-28', true],
    ['2027-01-01', true],
    ['DRAFT-2027', true],
  ])('are of the era of its version: %s', (version, isModern) => {
    expect(isModernVersion(version)).toBe(isModern);
  });

  it('name the target where the method has one', () => {
    expect(modernHeaders(about)).toEqual({
      'MCP-Protocol-Version': '2026-07-28',
      'Mcp-Method': 'tools/call',
      'Mcp-Name': 'x',
    });
    for (const method of ['tools/list', 'completion/complete', 'vendor/x']) {
      expect(modernHeaders({ ...about, method })['Mcp-Name'], method).toBeUndefined();
    }
  });

  it('E21 are never set by a server’s tool beyond its parameters', () => {
    const parameterHeaders = {
      'Mcp-Param-A': 'ä',
      Authorization: 'x',
      'Mcp-Name': 'y',
      'Mcp-Param-': 'z',
      'Mcp-Param-B C': 'z',
    };
    expect(Object.keys(modernHeaders({ ...about, parameterHeaders })).toSorted()).toEqual([
      'MCP-Protocol-Version',
      'Mcp-Method',
      'Mcp-Name',
      'Mcp-Param-A',
    ]);
    expect(modernHeaders({ ...about, parameterHeaders })['Mcp-Name']).toBe('x');
  });

  it('start no session with the id of another', () => {
    expect(legacyHeaders({ method: 'initialize', protocolVersion: '2025-11-25' }, 's')).toEqual({});
    expect(legacyHeaders({ method: 'ping', protocolVersion: '2025-11-25' }, 's')).toEqual({
      'MCP-Protocol-Version': '2025-11-25',
      'Mcp-Session-Id': 's',
    });
  });
});

describe('telling answers by their first bytes', () => {
  const id = fc.oneof(fc.nat(), fc.string(), fc.constant(9007199254740993n.toString()));
  const member = fc.constantFrom('jsonrpc', 'id', 'result', 'error', 'method', 'params', 'x');

  it('agrees with reading the whole message', () => {
    fc.assert(
      fc.property(
        id,
        fc.uniqueArray(member),
        fc.jsonValue(),
        fc.boolean(),
        (number, order, value, spaced) => {
          const values: Record<string, unknown> = {
            jsonrpc: '2.0',
            id: number,
            result: value,
            error: { code: -1, message: 'm' },
            method: 'notifications/x',
            params: { value },
            x: { result: 1, method: 'x' },
          };
          const message = Object.fromEntries(order.map((key) => [key, values[key]]));
          const frame = Buffer.from(JSON.stringify(message, null, spaced ? 1 : 0).replaceAll('\n', ' '));
          const envelope = readEnvelope(frame);
          // What is no message has no kind: there the two may differ.
          if (envelope) expect(isAnswer(frame)).toBe(envelope.kind === 'response');
        },
      ),
      { numRuns: 3_000 },
    );
  });
});

describe('refusals with an HTTP status', () => {
  it('become the answer to the request, whatever id they have', () => {
    for (const text of [
      '{"jsonrpc":"2.0","id":null,"error":{"code":-32022,"message":"no","data":{"a":[1]}}}',
      '{"jsonrpc":"2.0","error":{"code":-32022,"message":"no","data":{"a":[1]}}}',
      '{\n "error": {"code":-32022,"message":"no","data":{"a":[1]}},\r\n "id": "server-error", "jsonrpc": "2.0"}',
      '{"jsonrpc":"2.0","id":17,"error":{"code":-32022,"message":"no","data":{"a":[1]}}}',
    ]) {
      const { frame } = readRefusal(Buffer.from(text), 17)!;
      expect(frame.toString()).not.toMatch(/[\r\n]/);
      expect(JSON.parse(frame.toString())).toEqual({
        jsonrpc: '2.0',
        id: 17,
        error: { code: -32022, message: 'no', data: { a: [1] } },
      });
    }
  });

  it('are none where there is no error in them', () => {
    for (const text of [
      '',
      'Not Found',
      '{"error":"invalid_token"}',
      '{"jsonrpc":"2.0","id":1,"result":{}}',
      '[]',
    ]) {
      expect(readRefusal(Buffer.from(text), 1), text).toBeNull();
    }
  });
});

describe('network errors', () => {
  it.each([
    ['CERT_HAS_EXPIRED', /shows a certificate that has expired\.$/],
    ['SELF_SIGNED_CERT_IN_CHAIN', /does not know\. If you trust it, .*NODE_EXTRA_CA_CERTS/],
    ['EAI_AGAIN', /is the network down\?/],
    ['HPE_INVALID_CONSTANT', /does not answer in HTTP/],
    ['ESOMETHING', /failed \(ESOMETHING\)/],
    ['toString', /failed \(toString\)/],
  ])('B29 are explained: %s', (code, expected) => {
    const error = Object.assign(new Error('connect to https://user:s3cret@x'), { code });
    const text = explainNetworkError(error, 'mcp.example');
    expect(text).toMatch(expected);
    expect(text).not.toContain('s3cret');
  });
});
