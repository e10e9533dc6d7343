import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

/** JSON of opentelemetry/proto: no unknown members, 64-bit numbers as text, ids in hexadecimal, enums as numbers. */
const id = (bytes: number) =>
  z
    .string()
    .regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`))
    .refine((value) => !/^0+$/.test(value), 'all zeros');
const fixed64 = z.string().regex(/^\d{1,20}$/);
const wellFormed = z.string().refine((value) => !/\p{Surrogate}/u.test(value), 'no UTF-8');
const attributes = z.array(
  z.strictObject({
    key: z.string().min(1),
    value: z.union([
      z.strictObject({ stringValue: wellFormed }),
      z.strictObject({ intValue: z.string().regex(/^-?\d{1,19}$/) }),
      z.strictObject({ doubleValue: z.number() }),
      z.strictObject({ boolValue: z.boolean() }),
    ]),
  }),
);
const CollectedSpan = z.strictObject({
  traceId: id(16),
  spanId: id(8),
  traceState: z.string().optional(),
  parentSpanId: z.union([z.literal(''), id(8)]).optional(),
  flags: z.number().int().optional(),
  name: wellFormed.min(1),
  kind: z.number().int().min(0).max(5),
  startTimeUnixNano: fixed64,
  endTimeUnixNano: fixed64,
  attributes,
  events: z.array(z.strictObject({ timeUnixNano: fixed64, name: z.string().min(1), attributes })),
  links: z.array(z.strictObject({ traceId: id(16), spanId: id(8), attributes: attributes.optional() })),
  status: z.strictObject({ message: wellFormed.optional(), code: z.number().int().min(0).max(2).optional() }),
});
export type CollectedSpan = z.infer<typeof CollectedSpan>;

/** An ExportTraceServiceRequest, and a line of an OTLP file. */
export const TraceData = z.strictObject({
  resourceSpans: z.array(
    z.strictObject({
      resource: z.strictObject({ attributes }),
      scopeSpans: z.array(
        z.strictObject({
          scope: z.strictObject({ name: z.string(), version: z.string() }),
          spans: z.array(CollectedSpan),
        }),
      ),
    }),
  ),
});

export interface Collector {
  readonly url: string;
  /** Of the requests that were good. */
  readonly requests: { headers: IncomingHttpHeaders; data: z.infer<typeof TraceData> }[];
  /** All spans, with the service they are of. */
  spans(): { service: string; span: CollectedSpan }[];
  /** What it answers next, once each, instead of taking spans in. */
  readonly answers: { status: number; body: string; headers?: Record<string, string> }[];
  close(): Promise<void>;
}

/** A collector's HTTP endpoint that takes nothing but well-formed OTLP, and says what is wrong with the rest. */
export async function startCollector(): Promise<Collector> {
  const requests: Collector['requests'] = [];
  const answers: Collector['answers'] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const say = (status: number, body: string, headers: Record<string, string> = {}): void =>
        void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
      const scripted = answers.shift();
      if (scripted) return say(scripted.status, scripted.body, scripted.headers);
      const refuse = (status: number, message: string): void =>
        say(status, JSON.stringify({ code: 3, message }));
      if (request.method !== 'POST' || request.url !== '/v1/traces') return refuse(404, 'no such path');
      if (request.headers['content-type'] !== 'application/json') return refuse(415, 'not JSON');
      if (request.headers['content-encoding'] !== undefined) return refuse(415, 'compressed');
      let data: unknown;
      try {
        data = JSON.parse(Buffer.concat(chunks).toString('utf8'));
      } catch {
        return refuse(400, 'broken JSON');
      }
      const parsed = TraceData.safeParse(data);
      if (!parsed.success) return refuse(400, z.prettifyError(parsed.error));
      requests.push({ headers: request.headers, data: parsed.data });
      say(200, '{"partialSuccess":{}}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1/traces`,
    requests,
    answers,
    spans: () => requests.flatMap(({ data }) => spansOf(data)),
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** The spans of one request or line, with the service they are of. */
export function spansOf(data: z.infer<typeof TraceData>): { service: string; span: CollectedSpan }[] {
  return data.resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const name = resource.attributes.find(({ key }) => key === 'service.name')?.value;
    const service = name && 'stringValue' in name ? name.stringValue : '';
    return scopeSpans.flatMap(({ spans }) => spans.map((span) => ({ service, span })));
  });
}
