import type { Exchange, Phases } from '../../../shared/model/exchange.ts';
import { DIRECTIONS, KINDS, OUTCOMES } from './exchange-batch.ts';
import type { Origin } from './exchange-record.ts';

/** One row of `exchanges` as SQLite gives it. */
export interface ExchangeRow {
  id: number;
  at: number;
  origin: number;
  direction: number;
  kind: number;
  method: string;
  tool: string | null;
  rpc_id: number | string | null;
  outcome: number;
  error_code: number | null;
  error_message: string | null;
  request_bytes: number;
  response_bytes: number | null;
  duration_us: number | null;
  queue_us: number | null;
  hub_in_us: number | null;
  server_us: number | null;
  hub_out_us: number | null;
  request_body: number | null;
  response_body: number | null;
}

/** In the order in which the writer gives their values. */
export const COLUMNS = [
  'id',
  'at',
  'origin',
  'direction',
  'kind',
  'method',
  'tool',
  'rpc_id',
  'outcome',
  'error_code',
  'error_message',
  'request_bytes',
  'response_bytes',
  'duration_us',
  'queue_us',
  'hub_in_us',
  'server_us',
  'hub_out_us',
  'request_body',
  'response_body',
] as const satisfies readonly (keyof ExchangeRow)[];

/** Rows of one statement: more do not make it faster. */
export const UPSERT_ROWS = 20;

/** A row comes again when its answer arrives; its request was kept the first time. */
const upsert = (rows: number): string => {
  const row = `(${COLUMNS.map(() => '?').join(', ')})`;
  const changes = COLUMNS.slice(1).map((column) =>
    column === 'request_body' || column === 'response_body'
      ? `${column} = coalesce(excluded.${column}, ${column})`
      : `${column} = excluded.${column}`,
  );
  return `INSERT INTO exchanges (${COLUMNS.join(', ')}) VALUES ${Array.from({ length: rows }, () => row).join(', ')}
    ON CONFLICT (id) DO UPDATE SET ${changes.join(', ')}`;
};

export const UPSERT_ONE = upsert(1);
export const UPSERT_MANY = upsert(UPSERT_ROWS);

export const toExchange = (row: ExchangeRow, origin: Origin): Exchange => ({
  id: row.id,
  at: row.at,
  sessionId: origin.sessionId,
  client: origin.client,
  project: origin.project,
  server: origin.server,
  instanceId: origin.instanceId,
  direction: DIRECTIONS[row.direction]!,
  kind: KINDS[row.kind]!,
  method: row.method,
  tool: row.tool,
  rpcId: row.rpc_id === null ? null : String(row.rpc_id),
  outcome: OUTCOMES[row.outcome]!,
  errorCode: row.error_code,
  errorMessage: row.error_message,
  requestBytes: row.request_bytes,
  responseBytes: row.response_bytes,
  durationMs: toMs(row.duration_us),
  hubMs: row.hub_in_us === null ? null : (row.hub_in_us + (row.hub_out_us ?? 0)) / 1_000,
});

export function toPhases(row: ExchangeRow): Phases | null {
  const { hub_in_us: hubIn, server_us: server, hub_out_us: hubOut } = row;
  if (hubIn === null || server === null || hubOut === null) return null;
  return {
    queueMs: (row.queue_us ?? 0) / 1_000,
    hubInMs: hubIn / 1_000,
    serverMs: server / 1_000,
    hubOutMs: hubOut / 1_000,
  };
}

/** Microseconds of a row as milliseconds. */
export const toMs = (us: number | null): number | null => (us === null ? null : us / 1_000);
