import type { ServerResponse } from 'node:http';
import { errorFrame, type CallFailure } from '../routes/mux/rpc-frames.ts';

/** JSON-RPC codes of what the transports refuse by themselves. */
export const RPC = {
  parse: -32_700,
  invalidRequest: -32_600,
  methodNotFound: -32_601,
  invalidParams: -32_602,
  internal: -32_603,
  other: -32_000,
  /** What the TypeScript SDK's server says for an unknown session; clients know it. */
  sessionUnknown: -32_001,
  /** Modern: told with HTTP 400. */
  headerMismatch: -32_020,
} as const;

export interface Failure extends CallFailure {
  /** Raw JSON id of the request, where it could be read. */
  id?: string | null;
}

/** An error as a frame. */
export const failureFrame = ({ id = null, ...failure }: Failure): Buffer => errorFrame(id, failure);

/** Refuses an HTTP request in words of JSON-RPC; `headers` are names and values in turn. */
export function rpcFailure(
  response: ServerResponse,
  status: number,
  failure: Failure,
  headers: readonly string[] = [],
): void {
  if (response.headersSent) return void response.destroy();
  const frame = failureFrame(failure);
  const length = String(frame.length);
  response
    .writeHead(status, ['Content-Type', 'application/json', 'Content-Length', length, ...headers])
    .end(frame);
}

/** More than the hub takes at once (C16); the client may try again soon. */
export const rpcOverloaded = (response: ServerResponse, message: string, id: string | null = null): void =>
  rpcFailure(response, 503, { code: RPC.other, message, id }, ['Retry-After', '5']);
