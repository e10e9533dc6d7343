import { z } from 'zod';

export const Direction = z.enum(['client-to-server', 'server-to-client']);
export type Direction = z.infer<typeof Direction>;

/** `tool-error` is a result with `isError: true`; `lost` means the connection ended before the answer. */
export const Outcome = z.enum(['pending', 'ok', 'error', 'tool-error', 'cancelled', 'lost']);
export type Outcome = z.infer<typeof Outcome>;

/** A request with its response, or a lone notification. Times are epoch milliseconds, durations milliseconds. */
export const Exchange = z.object({
  id: z.number(),
  at: z.number(),
  sessionId: z.string(),
  client: z.string(),
  /** Working folder of the client; the label "client · project" comes from it. */
  project: z.string().nullable(),
  server: z.string(),
  instanceId: z.string(),
  direction: Direction,
  kind: z.enum(['request', 'notification']),
  method: z.string(),
  /** `params.name` of tools/call and prompts/get, `params.uri` of resources/read; null elsewhere. */
  tool: z.string().nullable(),
  /** The JSON text of the request id, exactly as sent: `0`, `"a"`, `9007199254740993`. */
  rpcId: z.string().nullable(),
  outcome: Outcome,
  errorCode: z.number().nullable(),
  errorMessage: z.string().nullable(),
  requestBytes: z.number(),
  responseBytes: z.number().nullable(),
  durationMs: z.number().nullable(),
  /** The part of durationMs spent in the hub itself, both ways; waiting for a free place at the server is none. */
  hubMs: z.number().nullable(),
});
export type Exchange = z.infer<typeof Exchange>;

/** A captured frame: redacted before it was stored, cut at the capture limit. */
export const CapturedBody = z.object({
  text: z.string(),
  /** Size of the frame on the wire, in bytes. */
  bytes: z.number(),
  truncated: z.boolean(),
  redactions: z.number(),
});
export type CapturedBody = z.infer<typeof CapturedBody>;

/** Where an exchange's time went, in order; together they are its duration. */
export const Phases = z.object({
  /** Waiting for a free place at a server that takes so many calls at a time. */
  queueMs: z.number().default(0),
  hubInMs: z.number(),
  serverMs: z.number(),
  hubOutMs: z.number(),
});
export type Phases = z.infer<typeof Phases>;

export const ExchangeDetail = z.object({
  exchange: Exchange,
  request: CapturedBody.nullable(),
  response: CapturedBody.nullable(),
  phases: Phases.nullable(),
});
export type ExchangeDetail = z.infer<typeof ExchangeDetail>;

/** A batch of the live view: rows are upserts by id. */
export const LiveBatch = z.object({
  rows: z.array(Exchange),
  /** Rows this subscriber missed since the last batch because it was too slow. */
  dropped: z.number(),
});
export type LiveBatch = z.infer<typeof LiveBatch>;
