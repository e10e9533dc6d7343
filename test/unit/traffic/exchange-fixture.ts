import type { Exchange } from '../../../shared/model/exchange.ts';

/** A finished tool call; `changes` say what is special about it. */
export const exchange = (changes: Partial<Exchange> = {}): Exchange => ({
  id: 1,
  at: 1_700_000_000_000,
  sessionId: 'session-1',
  client: 'claude-code',
  project: '/home/me/web',
  server: 'github',
  instanceId: 'instance-1',
  direction: 'client-to-server',
  kind: 'request',
  method: 'tools/call',
  tool: 'create_issue',
  rpcId: '1',
  outcome: 'ok',
  errorCode: null,
  errorMessage: null,
  requestBytes: 100,
  responseBytes: 200,
  durationMs: 12.5,
  hubMs: 0.2,
  ...changes,
});
