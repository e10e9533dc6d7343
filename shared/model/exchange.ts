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
  /**
   * Names the batch in `traffic.took`. A feed is at most four batches ahead of what its reader has taken, so that a
   * slow window costs the hub nothing. A reader that never says so (curl) gets a batch a second from then on.
   */
  feed: z.string(),
  number: z.number(),
});
export type LiveBatch = z.infer<typeof LiveBatch>;

/** What a person wrote to an exchange. It goes when the exchange goes; a bookmarked one is the last to go. */
export const Annotation = z.object({
  exchange: z.number(),
  bookmarked: z.boolean(),
  /** At most 4,000 characters. */
  note: z.string().max(4_000).nullable(),
  /** Epoch milliseconds of the last change. */
  at: z.number(),
});
export type Annotation = z.infer<typeof Annotation>;

/** One reading of a server's process tree. */
export const UsageSample = z.object({
  /** Epoch milliseconds. */
  at: z.number(),
  rssBytes: z.number(),
  cpuPercent: z.number(),
});
export type UsageSample = z.infer<typeof UsageSample>;

/** What happened around an exchange, for the waterfall and its neighbours. Each list is bounded, oldest first. */
export const ExchangeContext = z.object({
  /** Progress, logging and requests of the server that belong to this call (same session, while it ran), at most 200. */
  messages: z.array(z.object({ exchange: Exchange, body: CapturedBody.nullable() })),
  /** Other requests of the same session within 30 s, at most 50, this one left out. */
  nearby: z.array(Exchange),
  /** The newest calls of the same tool of the same server before this one, at most 20. */
  sameTool: z.array(Exchange),
  /** What the instance wrote to stderr from 1 s before the call to 1 s after it, at most 200 lines. */
  stderr: z.array(z.object({ at: z.number(), instanceId: z.string(), text: z.string() })),
  /** Readings of the instance while it ran, and the ones next to it; empty where the hub restarted since. */
  usage: z.array(UsageSample),
});
export type ExchangeContext = z.infer<typeof ExchangeContext>;

/** One slice of a histogram over time: the first moment of it in epoch milliseconds. */
export const TimeSlice = z.object({ at: z.number(), count: z.number(), failed: z.number() });
export type TimeSlice = z.infer<typeof TimeSlice>;

/**
 * A step of a search through the log, newest first. A search that an index answers is one step; one that must scan
 * says how far it is, so that ten million rows do not look like a hang.
 */
export const SearchStep = z.object({
  exchanges: z.array(Exchange),
  /** Share of the log that was looked at, 0 to 1. */
  scanned: z.number().min(0).max(1),
  /** Set in the last step: whether more matches may follow (ask again with `before`). */
  end: z.object({ more: z.boolean() }).nullable(),
});
export type SearchStep = z.infer<typeof SearchStep>;

/** What came of sending a recorded request again, in a conversation of its own. */
export const ReplayResult = z.object({
  /** The new exchange in the log; null when it could not be kept. */
  exchange: z.number().nullable(),
  outcome: Outcome,
  /** The answer as JSON text, not redacted, at most 16 MiB; null when none came. */
  response: z.string().nullable(),
  durationMs: z.number(),
});
export type ReplayResult = z.infer<typeof ReplayResult>;

export const ExportFormat = z.enum(['har', 'jsonl', 'csv', 'otlp']);
export type ExportFormat = z.infer<typeof ExportFormat>;

/** A piece of an exported file. `count` exchanges are in it up to here. */
export const ExportChunk = z.object({ text: z.string(), count: z.number() });
export type ExportChunk = z.infer<typeof ExportChunk>;
