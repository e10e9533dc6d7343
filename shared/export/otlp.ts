import { z } from 'zod';
import type { CapturedBody, Exchange, ExchangeDetail, Phases } from '../model/exchange.ts';
import type { Creator } from './har.ts';
import { spanIdOf, traceIdOf } from './trace-ids.ts';
import { wellFormed } from './well-formed.ts';

/** OTLP as JSON: 64-bit numbers are text, ids hexadecimal, enumerations numbers. */
type Value = { stringValue: string } | { intValue: string } | { doubleValue: number };
interface Attribute {
  key: string;
  value: Value;
}
interface SpanEvent {
  name: string;
  timeUnixNano: string;
  attributes: Attribute[];
}
interface Span {
  traceId: string;
  spanId: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: Attribute[];
  events: SpanEvent[];
  links: { traceId: string; spanId: string }[];
  status: { code?: number; message?: string };
}

/** An ExportTraceServiceRequest: one resource per server. */
export interface TraceRequest {
  resourceSpans: {
    resource: { attributes: Attribute[] };
    scopeSpans: { scope: Creator; spans: Span[] }[];
  }[];
}

const KIND_SERVER = 2;
const KIND_CLIENT = 3;
const STATUS_ERROR = 2;

/** A request that has ended is a span; a notification has no duration, and what is under way has no end yet. */
export const isSpan = ({ exchange }: ExchangeDetail): boolean =>
  exchange.kind === 'request' && exchange.durationMs !== null;

/** Spans by the OpenTelemetry conventions for MCP (2026, "development"); arguments and results are left out of them. */
export function traceRequest(details: readonly ExchangeDetail[], scope: Creator): TraceRequest {
  const byServer = new Map<string, Span[]>();
  for (const detail of details) {
    if (!isSpan(detail)) continue;
    const { server } = detail.exchange;
    const spans = byServer.get(server);
    if (spans) spans.push(spanOf(detail));
    else byServer.set(server, [spanOf(detail)]);
  }
  return {
    resourceSpans: [...byServer].map(([server, spans]) => ({
      resource: { attributes: [text('service.name', server)] },
      scopeSpans: [{ scope, spans }],
    })),
  };
}

function spanOf({ exchange, request, phases }: ExchangeDetail): Span {
  const { at, durationMs, direction, method, tool, sessionId } = exchange;
  const target = method === 'tools/call' || method === 'prompts/get' ? tool : null;
  const start = nanos(at);
  return {
    traceId: traceIdOf(sessionId),
    spanId: spanIdOf(sessionId, exchange.id),
    // A URI would make too many names.
    name: wellFormed(target === null ? method : `${method} ${target}`),
    // Seen from the server whose resource it is under: it serves a client's request, and makes its own.
    kind: direction === 'client-to-server' ? KIND_SERVER : KIND_CLIENT,
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(start + nanos(durationMs ?? 0)),
    attributes: attributesOf(exchange, phases),
    events: phases ? eventsOf(start, phases) : [],
    links: linksOf(request),
    status: statusOf(exchange),
  };
}

function attributesOf(exchange: Exchange, phases: Phases | null): Attribute[] {
  const { method, tool, rpcId, errorCode, responseBytes } = exchange;
  const failure = errorTypeOf(exchange);
  return [
    text('mcp.method.name', method),
    text('mcp.session.id', exchange.sessionId),
    ...(rpcId === null || rpcId === 'null' ? [] : [text('jsonrpc.request.id', plainId(rpcId))]),
    ...(method === 'tools/call'
      ? [
          text('gen_ai.operation.name', 'execute_tool'),
          ...(tool === null ? [] : [text('gen_ai.tool.name', tool)]),
        ]
      : []),
    ...(method === 'prompts/get' && tool !== null ? [text('gen_ai.prompt.name', tool)] : []),
    ...(method === 'resources/read' && tool !== null ? [text('mcp.resource.uri', tool)] : []),
    ...(errorCode === null ? [] : [text('rpc.response.status_code', String(errorCode))]),
    ...(failure === null ? [] : [text('error.type', failure)]),
    text('patchbay.client', exchange.client),
    ...(exchange.project === null ? [] : [text('patchbay.project', exchange.project)]),
    text('patchbay.instance.id', exchange.instanceId),
    text('patchbay.outcome', exchange.outcome),
    whole('patchbay.request.size', exchange.requestBytes),
    ...(responseBytes === null ? [] : [whole('patchbay.response.size', responseBytes)]),
    ...(phases
      ? [
          number('patchbay.queue.ms', phases.queueMs),
          number('patchbay.hub.ms', phases.hubInMs + phases.hubOutMs),
          number('patchbay.server.ms', phases.serverMs),
        ]
      : []),
  ];
}

/** The phases as the moments between them. */
function eventsOf(start: bigint, { queueMs, hubInMs, serverMs }: Phases): SpanEvent[] {
  const event = (name: string, afterMs: number): SpanEvent => ({
    name,
    timeUnixNano: String(start + nanos(afterMs)),
    attributes: [],
  });
  return [
    ...(queueMs > 0 ? [event('patchbay.dequeued', queueMs)] : []),
    event('patchbay.sent_to_server', queueMs + hubInMs),
    event('patchbay.answered_by_server', queueMs + hubInMs + serverMs),
  ];
}

function errorTypeOf({ outcome, errorCode }: Exchange): string | null {
  if (outcome === 'error') return errorCode === null ? '_OTHER' : String(errorCode);
  if (outcome === 'tool-error') return 'tool_error';
  return outcome === 'lost' ? 'connection_lost' : null;
}

function statusOf(exchange: Exchange): Span['status'] {
  if (errorTypeOf(exchange) === null) return {};
  const { errorMessage } = exchange;
  return {
    code: STATUS_ERROR,
    ...(errorMessage === null ? {} : { message: wellFormed(errorMessage) }),
  };
}

const TRACE_PARENT = /^[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-[\da-f]{2}$/;
const Traced = z.object({ params: z.object({ _meta: z.object({ traceparent: z.string() }) }) });

/** The caller's own trace, where its request names one: a link, as the session is the trace here. */
function linksOf(request: CapturedBody | null): Span['links'] {
  if (!request || request.truncated || !request.text.includes('"traceparent"')) return [];
  try {
    const { data } = Traced.safeParse(JSON.parse(request.text));
    const [, traceId, spanId] = TRACE_PARENT.exec(data?.params._meta.traceparent ?? '') ?? [];
    if (!traceId || !spanId || /^0+$/.test(traceId) || /^0+$/.test(spanId)) return [];
    return [{ traceId, spanId }];
  } catch {
    return [];
  }
}

/** `"a"` is the JSON text of the id a; numbers stand as they are. */
function plainId(rpcId: string): string {
  if (!rpcId.startsWith('"')) return rpcId;
  try {
    return String(JSON.parse(rpcId));
  } catch {
    return rpcId;
  }
}

/** Milliseconds as whole nanoseconds. Microseconds are what the hub's clock tells. */
const nanos = (ms: number): bigint => BigInt(Math.round(ms * 1_000)) * 1_000n;

const text = (key: string, value: string): Attribute => ({ key, value: { stringValue: wellFormed(value) } });
const whole = (key: string, value: number): Attribute => ({ key, value: { intValue: String(value) } });
const number = (key: string, value: number): Attribute => ({ key, value: { doubleValue: value } });
