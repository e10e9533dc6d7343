import { RPC } from './rpc-frames.ts';

/** Methods that every modern server answers in some way of its own. */
const KNOWN: ReadonlySet<string> = new Set([
  'server/discover',
  'tools/list',
  'tools/call',
  'prompts/list',
  'prompts/get',
  'resources/list',
  'resources/read',
  'resources/templates/list',
  'completion/complete',
  'subscriptions/listen',
]);

/**
 * HTTP status of an error in the modern era (2026-07-28, streamable HTTP). An error that a handler made travels with
 * 200: only what is wrong with the request itself has a status of its own.
 */
export function modernStatus(code: number, method: string): number | undefined {
  if (code === RPC.missingCapability || code === RPC.unsupportedVersion) return 400;
  return code === RPC.methodNotFound && !KNOWN.has(method) ? 404 : undefined;
}
