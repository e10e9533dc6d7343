import type { BodyBatch, BodyPart, StoredExchange } from '../../../electron/hub/traffic/stored-exchange.ts';
import { parseFilter } from '../../../shared/filter/parse-filter.ts';
import type { Filter } from '../../../shared/filter/filter.ts';
import type { Exchange } from '../../../shared/model/exchange.ts';
import { exchange } from './exchange-fixture.ts';

export const noBodies = (): BodyBatch => ({ data: new Uint8Array(), entries: [] });

export const stored = (changes: Partial<Exchange> = {}): StoredExchange => ({
  exchange: exchange(changes),
  phases: null,
});

export interface Captured {
  exchangeId: number;
  part: BodyPart;
  text: string | Buffer;
  /** Size on the wire, when the capture limit cut it. */
  bytes?: number;
}

export function bodies(...captured: Captured[]): BodyBatch {
  const frames = captured.map(({ text }) => Buffer.from(text));
  let offset = 0;
  const entries = captured.map(({ exchangeId, part, bytes }, index) => {
    const { length } = frames[index]!;
    const entry = { exchangeId, part, offset, length, bytes: bytes ?? length };
    offset += length;
    return entry;
  });
  return { data: new Uint8Array(Buffer.concat(frames)), entries };
}

export function filter(text: string): Filter {
  const parsed = parseFilter(text);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.filter;
}
