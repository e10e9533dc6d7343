import type { Exchange } from '../../../shared/model/exchange.ts';
import { isFailure, minuteOf } from './latency-table.ts';
import type { ServerCounts } from './traffic-service.ts';

const MINUTES = 60;
const MAX_SERVERS = 1_000;

interface Buckets {
  /** Which minute a bucket holds; an older one is empty now. */
  minutes: Float64Array;
  calls: Uint32Array;
  errors: Uint32Array;
}

/** Calls and errors per server over the last 60 minutes. */
export class HourCounts {
  readonly #servers = new Map<string, Buckets>();

  record(exchange: Pick<Exchange, 'server' | 'outcome'>, at: number): void {
    let buckets = this.#servers.get(exchange.server);
    if (!buckets) {
      if (this.#servers.size >= MAX_SERVERS) return;
      buckets = {
        minutes: new Float64Array(MINUTES),
        calls: new Uint32Array(MINUTES),
        errors: new Uint32Array(MINUTES),
      };
      this.#servers.set(exchange.server, buckets);
    }
    const minute = minuteOf(at);
    const index = minute % MINUTES;
    if (buckets.minutes[index] !== minute) {
      buckets.minutes[index] = minute;
      buckets.calls[index] = 0;
      buckets.errors[index] = 0;
    }
    buckets.calls[index]! += 1;
    if (isFailure(exchange.outcome)) buckets.errors[index]! += 1;
  }

  at(now: number): ReadonlyMap<string, ServerCounts> {
    const current = minuteOf(now);
    const result = new Map<string, ServerCounts>();
    for (const [server, { minutes, calls, errors }] of this.#servers) {
      const counts = { calls: 0, errors: 0 };
      for (const [index, minute] of minutes.entries()) {
        if (minute <= current - MINUTES || minute > current) continue;
        counts.calls += calls[index]!;
        counts.errors += errors[index]!;
      }
      result.set(server, counts);
    }
    return result;
  }
}
