import { Direction, type Exchange, type Outcome } from '../../../shared/model/exchange.ts';
import type { ExchangeRecord, Origin } from './exchange-record.ts';

/**
 * Exchanges on their way to the store, in buffers that change hands instead of being cloned. Rows have a fixed number
 * of cells; texts stand in tables, each once where it is likely to come again.
 */
export interface ExchangeBatch {
  rows: number;
  /** `CELLS` numbers a row; longer than needed. Absent numbers are -1, an absent error code is NaN. */
  cells: Float64Array<ArrayBuffer>;
  /** Frames as they were sent; the store takes their secrets out before it writes anything. Longer than needed. */
  bodies: Uint8Array<ArrayBuffer>;
  bodyBytes: number;
  texts: string[];
  /** `ORIGIN_TEXTS` entries each: session, client, project, server, instance. */
  origins: (string | null)[];
}

/** What can be used again when a batch was written. */
export type SpentBuffers = Pick<ExchangeBatch, 'cells' | 'bodies'>;

/** Position of a value in its row. */
export const CELL = {
  id: 0,
  at: 1,
  /** Number of the origin. */
  origin: 2,
  direction: 3,
  kind: 4,
  outcome: 5,
  /** Indexes into `texts`. */
  method: 6,
  tool: 7,
  /** The id when it is a plain integer; else NaN, and its text is at `rpcText`. */
  rpcNumber: 8,
  rpcText: 9,
  errorCode: 10,
  errorMessage: 11,
  requestBytes: 12,
  responseBytes: 13,
  /** Microseconds. */
  durationUs: 14,
  queueUs: 15,
  hubInUs: 16,
  serverUs: 17,
  hubOutUs: 18,
  /** Ranges in `bodies`; shorter than the frame when the capture limit cut it. */
  requestOffset: 19,
  requestLength: 20,
  responseOffset: 21,
  responseLength: 22,
} as const;

export const CELLS = 23;
export const ORIGIN_TEXTS = 5;

/** Numbers of outcomes, also in the store; from `FIRST_FAILURE` on the call failed. */
export const OUTCOMES = [
  'ok',
  'cancelled',
  'pending',
  'error',
  'tool-error',
  'lost',
] as const satisfies Outcome[];
export const FIRST_FAILURE = 3;
export const PENDING = 2;
export const DIRECTIONS = Direction.options;
export const KINDS = ['request', 'notification'] as const satisfies Exchange['kind'][];

const OUTCOME_NUMBERS: Readonly<Record<Outcome, number>> = {
  ok: 0,
  cancelled: 1,
  pending: PENDING,
  error: FIRST_FAILURE,
  'tool-error': 4,
  lost: 5,
};

export const outcomeNumber = (outcome: Outcome): number => OUTCOME_NUMBERS[outcome];

/** Texts of one batch; names come again and again and stand there once. */
class TextTable {
  readonly texts: string[] = [];
  readonly #known = new Map<string, number>();

  indexOf(name: string | null): number {
    if (name === null) return -1;
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const index = this.add(name);
    this.#known.set(name, index);
    return index;
  }

  /** For texts that hardly come twice. */
  add(text: string): number {
    return this.texts.push(text) - 1;
  }
}

class OriginTable {
  readonly texts: (string | null)[] = [];
  readonly #known = new Map<Origin, number>();

  indexOf(origin: Origin): number {
    const known = this.#known.get(origin);
    if (known !== undefined) return known;
    const index = this.#known.size;
    this.#known.set(origin, index);
    this.texts.push(origin.sessionId, origin.client, origin.project, origin.server, origin.instanceId);
    return index;
  }
}

/** Writes records as they are now; `cells` must have room for them, `bodies` holds their frames. */
export function encodeBatch(
  records: readonly ExchangeRecord[],
  { cells, bodies }: SpentBuffers,
  bodyBytes: number,
): ExchangeBatch {
  const names = new TextTable();
  const origins = new OriginTable();
  let base = 0;
  for (const record of records) {
    cells[base + CELL.id] = record.id;
    cells[base + CELL.at] = record.at;
    cells[base + CELL.origin] = origins.indexOf(record.origin);
    cells[base + CELL.direction] = record.direction === 'client-to-server' ? 0 : 1;
    cells[base + CELL.kind] = record.kind === 'request' ? 0 : 1;
    cells[base + CELL.outcome] = OUTCOME_NUMBERS[record.outcome];
    cells[base + CELL.method] = names.indexOf(record.method);
    cells[base + CELL.tool] = names.indexOf(record.tool);
    const { rpcId } = record;
    const number = rpcId === null ? -1 : plainInteger(rpcId);
    cells[base + CELL.rpcNumber] = number === -1 ? Number.NaN : number;
    cells[base + CELL.rpcText] = rpcId === null || number !== -1 ? -1 : names.add(rpcId);
    cells[base + CELL.errorCode] = record.errorCode ?? Number.NaN;
    cells[base + CELL.errorMessage] = record.errorMessage === null ? -1 : names.add(record.errorMessage);
    cells[base + CELL.requestBytes] = record.requestBytes;
    cells[base + CELL.responseBytes] = record.responseSize;
    cells[base + CELL.durationUs] = record.durationUs;
    cells[base + CELL.queueUs] = record.queueUs;
    cells[base + CELL.hubInUs] = record.hubInUs;
    cells[base + CELL.serverUs] = record.serverUs;
    cells[base + CELL.hubOutUs] = record.hubOutUs;
    cells[base + CELL.requestOffset] = record.requestOffset;
    cells[base + CELL.requestLength] = record.requestLength;
    cells[base + CELL.responseOffset] = record.responseOffset;
    cells[base + CELL.responseLength] = record.responseLength;
    base += CELLS;
  }
  return { rows: records.length, cells, bodies, bodyBytes, texts: names.texts, origins: origins.texts };
}

/** The number a text like `17` stands for; -1 for all that would not come back as the same text. */
function plainInteger(text: string): number {
  const { length } = text;
  if (length === 0 || length > 15) return -1;
  const first = text.charCodeAt(0);
  if (first === 0x30 && length > 1) return -1;
  let value = 0;
  for (let at = 0; at < length; at += 1) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}
