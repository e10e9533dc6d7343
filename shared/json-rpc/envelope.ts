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
  /** Present only on responses with an `error` member. */
  error: { code: number | null; message: string } | null;
  /** True for a result with top-level `isError: true`. */
  isToolError: boolean;
}
