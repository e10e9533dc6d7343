import type { Exchange } from '../../../shared/model/exchange.ts';

/** A settled tool call with the given id; `change` overrides what a test is about. */
export const exchange = (id: number, change: Partial<Exchange> = {}): Exchange => ({
  id,
  at: 1_000 + id,
  sessionId: 's1',
  client: 'claude-code',
  project: null,
  server: 'memory',
  instanceId: 'memory-1',
  direction: 'client-to-server',
  kind: 'request',
  method: 'tools/call',
  tool: 'echo',
  rpcId: String(id),
  outcome: 'ok',
  errorCode: null,
  errorMessage: null,
  requestBytes: 10,
  responseBytes: 20,
  durationMs: 5,
  hubMs: 0.1,
  ...change,
});

/** Exchanges `from` … `to`, both included. */
export const exchanges = (from: number, to: number, change: Partial<Exchange> = {}): Exchange[] =>
  Array.from({ length: to - from + 1 }, (_, index) => exchange(from + index, change));
