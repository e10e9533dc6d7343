import type { Exchange, ExchangeDetail } from '../../../shared/model/exchange.ts';

/** A row on its way into the store: what is shown, and where its time went. */
export interface StoredExchange {
  exchange: Exchange;
  phases: ExchangeDetail['phases'];
}

export type BodyPart = 'request' | 'response';

/** One captured frame inside a BodyBatch. */
export interface BodyEntry {
  exchangeId: number;
  part: BodyPart;
  /** Range in the batch's data; shorter than `bytes` when the capture limit cut it. */
  offset: number;
  length: number;
  /** Size of the frame on the wire. */
  bytes: number;
}

/** Captured frames as they were sent; the store takes their secrets out before it writes anything. */
export interface BodyBatch {
  data: Uint8Array<ArrayBuffer>;
  entries: BodyEntry[];
}
