import { encodeBatch, CELLS, type ExchangeBatch } from '../../../electron/hub/traffic/exchange-batch.ts';
import type { ExchangeStore } from '../../../electron/hub/traffic/exchange-store.ts';
import { ExchangeRecord } from '../../../electron/hub/traffic/exchange-record.ts';
import type { ListQuery } from '../../../electron/hub/traffic/store-search.ts';
import { parseFilter } from '../../../shared/filter/parse-filter.ts';
import type { Filter } from '../../../shared/filter/filter.ts';
import type { Exchange, Phases } from '../../../shared/model/exchange.ts';
import { exchange } from './exchange-fixture.ts';

/** An exchange to be written; without phases all of the hub's part is on the way in. */
export interface Stored {
  exchange: Exchange;
  phases: Phases | null;
}

export const stored = (changes: Partial<Exchange> = {}, phases: Phases | null = null): Stored => ({
  exchange: exchange(changes),
  phases,
});

export interface Captured {
  exchangeId: number;
  part: 'request' | 'response';
  text: string | Buffer;
  /** Size on the wire, when the capture limit cut it. */
  bytes?: number;
}

/** The rows and their frames as the hub sends them to the store. */
export function batch(rows: readonly Stored[], ...captured: Captured[]): ExchangeBatch {
  const records = rows.map(recordOf);
  const frames = captured.map(({ text }) => Buffer.from(text));
  let offset = 0;
  for (const [index, { exchangeId, part, bytes }] of captured.entries()) {
    const record = records.find(({ id }) => id === exchangeId);
    if (!record) throw new Error(`no row ${exchangeId}`);
    const { length } = frames[index]!;
    if (part === 'request') {
      record.requestOffset = offset;
      record.requestLength = length;
      record.requestBytes = bytes ?? length;
    } else {
      record.responseOffset = offset;
      record.responseLength = length;
      record.responseSize = bytes ?? length;
    }
    offset += length;
  }
  const cells = new Float64Array(rows.length * CELLS);
  return encodeBatch(records, { cells, bodies: new Uint8Array(Buffer.concat(frames)) }, offset);
}

function recordOf({ exchange: row, phases }: Stored): ExchangeRecord {
  const { sessionId, client, project, server, instanceId } = row;
  const record = new ExchangeRecord(
    { sessionId, client, project, server, instanceId },
    row.direction,
    row.kind,
  );
  record.id = row.id;
  record.at = row.at;
  record.method = row.method;
  record.tool = row.tool;
  record.rpcId = row.rpcId;
  record.outcome = row.outcome;
  record.errorCode = row.errorCode;
  record.errorMessage = row.errorMessage;
  record.requestBytes = row.requestBytes;
  record.responseSize = row.responseBytes ?? -1;
  record.durationUs = micros(row.durationMs);
  record.queueUs = micros(phases?.queueMs ?? 0);
  record.hubInUs = micros(phases ? phases.hubInMs : row.hubMs);
  record.serverUs = micros(phases ? phases.serverMs : row.hubMs === null ? null : 0);
  record.hubOutUs = micros(phases ? phases.hubOutMs : row.hubMs === null ? null : 0);
  return record;
}

const micros = (ms: number | null): number => (ms === null ? -1 : Math.round(ms * 1_000));

export function filter(text: string): Filter {
  const parsed = parseFilter(text);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.filter;
}

/** All steps of a question, and its answer. */
export function taken<Step, Value>(question: Generator<Step, Value>): { steps: Step[]; value: Value } {
  const steps: Step[] = [];
  for (;;) {
    const step = question.next();
    if (step.done) return { steps, value: step.value };
    steps.push(step.value);
  }
}

/** All of a search at once. */
export function found(store: ExchangeStore, query: ListQuery): { exchanges: Exchange[]; more: boolean } {
  const { steps, value } = taken(store.search(query));
  return { ...value, exchanges: [...steps.flatMap(({ exchanges }) => exchanges), ...value.exchanges] };
}
