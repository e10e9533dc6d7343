import type { CapturedBody, Exchange, ExchangeDetail, Phases } from '../../../shared/model/exchange.ts';

interface Given {
  method?: string;
  params?: unknown;
  /** The request as it was captured, in place of one made of method and params. */
  text?: string;
  rpcId?: string;
  truncated?: boolean;
  redactions?: number;
  request?: null;
  response?: null;
  phases?: Phases | null;
  exchange?: Partial<Exchange>;
}

export const bodyOf = (text: string, rest: Partial<CapturedBody> = {}): CapturedBody => ({
  text,
  bytes: text.length,
  truncated: false,
  redactions: 0,
  ...rest,
});

/** A recorded exchange; `tools/call` of `echo` with an answer unless said otherwise. */
export function exchangeOf(rest: Partial<Exchange> = {}): Exchange {
  return {
    id: 5,
    at: 1_000,
    sessionId: 's',
    client: 'claude-code',
    project: null,
    server: 'my server',
    instanceId: 'i',
    direction: 'client-to-server',
    kind: 'request',
    method: 'tools/call',
    tool: 'echo',
    rpcId: '7',
    outcome: 'ok',
    errorCode: null,
    errorMessage: null,
    requestBytes: 100,
    responseBytes: 100,
    durationMs: 100,
    hubMs: 1,
    ...rest,
  };
}

export function detailOf(given: Given): ExchangeDetail {
  const { method = 'tools/call', params = { name: 'echo', arguments: {} }, rpcId = '7' } = given;
  const text =
    given.text ?? JSON.stringify({ jsonrpc: '2.0', id: JSON.parse(rpcId) as unknown, method, params });
  const { truncated = false, redactions = 0 } = given;
  return {
    exchange: exchangeOf({ method, rpcId, ...given.exchange }),
    request: given.request === null ? null : bodyOf(text, { truncated, redactions }),
    response: given.response === null ? null : bodyOf('{"jsonrpc":"2.0","id":7,"result":{}}'),
    phases: given.phases === undefined ? { queueMs: 0, hubInMs: 1, serverMs: 98, hubOutMs: 1 } : given.phases,
  };
}
