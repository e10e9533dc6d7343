import { describe, expect, test } from 'vitest';
import { exportWriter } from '../../../shared/export/export-writer.ts';
import { spanIdOf, traceIdOf } from '../../../shared/export/trace-ids.ts';
import type { ExchangeDetail } from '../../../shared/model/exchange.ts';
import { type CollectedSpan, spansOf, TraceData } from '../../support/otlp-collector.ts';
import { bare, full, hostile } from './details.ts';

function spans(...details: ExchangeDetail[]): { service: string; span: CollectedSpan }[] {
  const { text } = exportWriter('otlp', { name: 'Patchbay', version: '1.2.3' }).write(details);
  return text
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line) => spansOf(TraceData.parse(JSON.parse(line))));
}

const only = (detail: ExchangeDetail): CollectedSpan => {
  const found = spans(detail);
  expect(found).toHaveLength(1);
  return found[0]!.span;
};

const attributes = (span: CollectedSpan): Record<string, unknown> =>
  Object.fromEntries(span.attributes.map(({ key, value }) => [key, Object.values(value)[0]]));

describe('a span', () => {
  test('says what the conventions for MCP ask for', () => {
    const span = only(full);
    expect(span).toMatchObject({
      name: 'tools/call create_issue',
      kind: 2,
      startTimeUnixNano: '1700000000000000000',
      endTimeUnixNano: '1700000000012500000',
      status: {},
      links: [],
    });
    expect(attributes(span)).toEqual({
      'mcp.method.name': 'tools/call',
      'mcp.session.id': 'session-1',
      'jsonrpc.request.id': '1',
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'create_issue',
      'patchbay.client': 'claude-code',
      'patchbay.project': '/home/me/web',
      'patchbay.instance.id': 'instance-1',
      'patchbay.outcome': 'ok',
      'patchbay.request.size': '100',
      'patchbay.response.size': '200',
      'patchbay.queue.ms': 2,
      'patchbay.hub.ms': 0.2,
      'patchbay.server.ms': 10.3,
    });
    expect(span.events.map(({ name, timeUnixNano }) => [name, timeUnixNano])).toEqual([
      ['patchbay.dequeued', '1700000000002000000'],
      ['patchbay.sent_to_server', '1700000000002100000'],
      ['patchbay.answered_by_server', '1700000000012400000'],
    ]);
  });

  test.each([
    [{ outcome: 'ok' }, {}, undefined, undefined],
    [{ outcome: 'cancelled' }, {}, undefined, undefined],
    [{ outcome: 'tool-error' }, { code: 2 }, 'tool_error', undefined],
    [
      { outcome: 'error', errorCode: -32_602, errorMessage: 'no such tool' },
      { code: 2, message: 'no such tool' },
      '-32602',
      '-32602',
    ],
    [{ outcome: 'lost' }, { code: 2 }, 'connection_lost', undefined],
  ] as const)('of %j has status %j', (changes, status, errorType, code) => {
    const span = only(bare(changes));
    expect(span.status).toEqual(status);
    expect(attributes(span)['error.type']).toBe(errorType);
    expect(attributes(span)['rpc.response.status_code']).toBe(code);
  });

  test.each([
    [{ method: 'prompts/get', tool: 'p' }, 'prompts/get p', 'gen_ai.prompt.name'],
    [{ method: 'resources/read', tool: 'file:///a' }, 'resources/read', 'mcp.resource.uri'],
    [{ method: 'tools/list', tool: null }, 'tools/list', 'mcp.method.name'],
  ])('of %j is called %s', (changes, name, attribute) => {
    const span = only(bare(changes));
    expect(span.name).toBe(name);
    expect(attributes(span)).toHaveProperty([attribute]);
    expect(attributes(span)).not.toHaveProperty(['gen_ai.tool.name']);
  });

  test('is of the kind its server sees, and its id is plain text', () => {
    const asked = only(
      bare({ direction: 'server-to-client', method: 'sampling/createMessage', rpcId: '"a-1"' }),
    );
    expect(asked.kind).toBe(3);
    expect(attributes(asked)['jsonrpc.request.id']).toBe('a-1');
  });

  test('is linked to the trace its caller named', () => {
    const parent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const text = (traceparent: unknown): string =>
      JSON.stringify({ id: 1, params: { _meta: { traceparent } } });
    const linked = (body: string, truncated = false): unknown =>
      only({ ...full, request: { text: body, bytes: 1, truncated, redactions: 0 } }).links;
    expect(linked(text(parent))).toEqual([
      { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' },
    ]);
    for (const other of [5, 'x', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`]) {
      expect(linked(text(other))).toEqual([]);
    }
    expect(linked('{"params":{"_meta":{"traceparent"')).toEqual([]);
    expect(linked(text(parent), true)).toEqual([]);
  });

  test('is written for requests that have ended, whatever names they have', () => {
    const notification = bare({ kind: 'notification', durationMs: null, responseBytes: null });
    const pending = bare({ outcome: 'pending', durationMs: null });
    expect(spans(notification, pending)).toEqual([]);
    const writer = exportWriter('otlp', { name: 'Patchbay', version: '1' });
    expect(writer.write([full, notification, pending]).count).toBe(1);
    expect(spans(hostile)[0]?.span.name).toBe('x?#\ufffd/y');
  });
});

describe('traces', () => {
  test('are one per session and one resource per server, the same every time', () => {
    const found = spans(
      full,
      bare({ id: 2 }),
      bare({ id: 3, sessionId: 'session-2', server: 'files' }),
      bare({ id: 4, server: 'files' }),
    );
    expect(found.map(({ service }) => service)).toEqual(['github', 'github', 'files', 'files']);
    const traces = found.map(({ span }) => span.traceId);
    expect(traces[0]).toBe(traces[1]);
    expect(traces[0]).toBe(traces[3]);
    expect(traces[2]).not.toBe(traces[0]);
    expect(new Set(found.map(({ span }) => span.spanId)).size).toBe(4);
    expect(spans(full)).toEqual(spans(full));
  });

  test('ids spread: a hundred thousand exchanges and sessions share none', () => {
    const spanIds = new Set<string>();
    const traceIds = new Set<string>();
    for (let index = 0; index < 100_000; index += 1) {
      spanIds.add(spanIdOf('session-1', index));
      traceIds.add(traceIdOf(`session-${index}`));
    }
    expect(spanIds.size).toBe(100_000);
    expect(traceIds.size).toBe(100_000);
    expect([...traceIds].every((traceId) => /^[\da-f]{32}$/.test(traceId))).toBe(true);
  });
});
