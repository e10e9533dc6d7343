import type { CapturedBody, Exchange, ExchangeDetail } from '../../../shared/model/exchange.ts';
import { isFailure } from './latency-table.ts';
import type { StoredExchange } from './stored-exchange.ts';

type Cell = string | number | null;

export interface ExchangeRow {
  id: number;
  at: number;
  session: string;
  client: string;
  project: string | null;
  server: string;
  instance: string;
  direction: Exchange['direction'];
  kind: Exchange['kind'];
  method: string;
  tool: string | null;
  rpc_id: string | null;
  outcome: Exchange['outcome'];
  failed: number;
  error_code: number | null;
  error_message: string | null;
  request_bytes: number;
  response_bytes: number | null;
  duration_ms: number | null;
  hub_ms: number | null;
  hub_in_ms: number | null;
  server_ms: number | null;
  hub_out_ms: number | null;
}

export interface BodyRow {
  text: string;
  bytes: number;
  truncated: number;
  redactions: number;
}

/** In the order in which `exchangeCells` gives them. */
const COLUMNS = [
  'id',
  'at',
  'session',
  'client',
  'project',
  'server',
  'instance',
  'direction',
  'kind',
  'method',
  'tool',
  'rpc_id',
  'outcome',
  'failed',
  'error_code',
  'error_message',
  'request_bytes',
  'response_bytes',
  'duration_ms',
  'hub_ms',
  'hub_in_ms',
  'server_ms',
  'hub_out_ms',
] as const satisfies readonly (keyof ExchangeRow)[];

/** A row comes again when its answer arrives. */
export const UPSERT_EXCHANGE = `INSERT OR REPLACE INTO exchanges (${COLUMNS.join(', ')})
  VALUES (${COLUMNS.map(() => '?').join(', ')})`;

export function exchangeCells({ exchange, phases }: StoredExchange): Cell[] {
  return [
    exchange.id,
    exchange.at,
    exchange.sessionId,
    exchange.client,
    exchange.project,
    exchange.server,
    exchange.instanceId,
    exchange.direction,
    exchange.kind,
    exchange.method,
    exchange.tool,
    exchange.rpcId,
    exchange.outcome,
    isFailure(exchange.outcome) ? 1 : 0,
    exchange.errorCode,
    exchange.errorMessage,
    exchange.requestBytes,
    exchange.responseBytes,
    exchange.durationMs,
    exchange.hubMs,
    phases?.hubInMs ?? null,
    phases?.serverMs ?? null,
    phases?.hubOutMs ?? null,
  ];
}

export const toExchange = (row: ExchangeRow): Exchange => ({
  id: row.id,
  at: row.at,
  sessionId: row.session,
  client: row.client,
  project: row.project,
  server: row.server,
  instanceId: row.instance,
  direction: row.direction,
  kind: row.kind,
  method: row.method,
  tool: row.tool,
  rpcId: row.rpc_id,
  outcome: row.outcome,
  errorCode: row.error_code,
  errorMessage: row.error_message,
  requestBytes: row.request_bytes,
  responseBytes: row.response_bytes,
  durationMs: row.duration_ms,
  hubMs: row.hub_ms,
});

export function toPhases(row: ExchangeRow): ExchangeDetail['phases'] {
  const { hub_in_ms: hubInMs, server_ms: serverMs, hub_out_ms: hubOutMs } = row;
  return hubInMs === null || serverMs === null || hubOutMs === null ? null : { hubInMs, serverMs, hubOutMs };
}

export const toBody = (row: BodyRow): CapturedBody => ({
  text: row.text,
  bytes: row.bytes,
  truncated: row.truncated === 1,
  redactions: row.redactions,
});
