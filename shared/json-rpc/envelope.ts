/** Which half of MCP's history a message belongs to: `modern` is 2026-07-28 and later, without a handshake. */
export type Era = 'legacy' | 'modern';

/**
 * The JSON-RPC fields a router needs, read off a frame without building its tree. Ids stay JSON text: `0`, `""`
 * and 9007199254740993 are all real ids and must survive exactly.
 */
export interface Envelope {
  kind: 'request' | 'response' | 'notification';
  /** Raw JSON text of `id`; null for notifications and for a response whose id is `null`. */
  id: string | null;
  /** null for responses. */
  method: string | null;
  /** `params.name`, or `params.uri` where there is no name. */
  target: string | null;
  /** Raw JSON text of `params._meta.progressToken` (requests) or `params.progressToken` (notifications/progress). */
  progressToken: string | null;
  /** Raw JSON text of `params.requestId` (notifications/cancelled). */
  cancelsId: string | null;
  /** `params._meta["io.modelcontextprotocol/protocolVersion"]`: the message is of the modern era. */
  protocolVersion: string | null;
  /** Present only on responses with an `error` member. */
  error: { code: number | null; message: string } | null;
  /** True for a result with top-level `isError: true`. */
  isToolError: boolean;
  /** `result.resultType`; null where it is absent. */
  resultType: string | null;
  /** Where the fields stand in the frame. */
  ranges: FrameRanges;
}

/** Byte offsets into the frame, `[start, end)` of each JSON value, quotes included; both 0 when it is absent. */
export interface FrameRanges {
  id: number;
  idEnd: number;
  method: number;
  methodEnd: number;
  params: number;
  paramsEnd: number;
  name: number;
  nameEnd: number;
  uri: number;
  uriEnd: number;
  /** `params._meta`. */
  meta: number;
  metaEnd: number;
  /** The value that `progressToken` is read from. */
  token: number;
  tokenEnd: number;
  /** `params.requestId`. */
  requestId: number;
  requestIdEnd: number;
  result: number;
  resultEnd: number;
  error: number;
  errorEnd: number;
}
