import type { ServerResponse } from 'node:http';

/** -32001 is what the TypeScript SDK's server says for an unknown session; clients know it. */
const CODES: Record<number, number> = { 404: -32_001, 406: -32_600, 413: -32_600, 415: -32_600 };
const OTHER = -32_000;

/** Refuses an HTTP request in words of JSON-RPC. `id` is the raw JSON id of the request, where it could be read. */
export function rpcFailure(
  response: ServerResponse,
  status: number,
  message: string,
  id: string | null = null,
): void {
  if (response.headersSent) return void response.destroy();
  const error = JSON.stringify({ code: CODES[status] ?? OTHER, message });
  response
    .writeHead(status, { 'content-type': 'application/json' })
    .end(`{"jsonrpc":"2.0","id":${id ?? 'null'},"error":${error}}`);
}
