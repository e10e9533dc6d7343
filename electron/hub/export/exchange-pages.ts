import { PatchbayError } from '../../../shared/model/error.ts';
import type { ExchangeDetail } from '../../../shared/model/exchange.ts';
import type { TrafficService } from '../traffic/traffic-service.ts';

/** What an export asks of the log. */
export type ExportSource = Pick<TrafficService, 'list' | 'get'>;

const PAGE = 1_000;
/** Asked for at the same time: enough to keep the store busy, and so few that large bodies do not pile up. */
const AT_ONCE = 8;

/**
 * The newest `limit` matches with their bodies, the oldest of them first, a few at a time. Of what is not yet handed
 * out only the ids are held. Exchanges that go from the log meanwhile are passed over; ends early when `signal` aborts.
 */
export async function* exchangePages(
  source: ExportSource,
  { filter, limit }: { filter: string; limit: number },
  signal?: AbortSignal,
): AsyncGenerator<ExchangeDetail[]> {
  const ids: number[] = [];
  while (ids.length < limit && !signal?.aborted) {
    const { exchanges, more } = await source.list({
      filter,
      limit: Math.min(PAGE, limit - ids.length),
      before: ids.at(-1),
    });
    for (const { id } of exchanges) ids.push(id);
    if (!more || exchanges.length === 0) break;
  }
  for (let end = ids.length; end > 0 && !signal?.aborted; end -= AT_ONCE) {
    const page = ids.slice(Math.max(0, end - AT_ONCE), end).toReversed();
    const details = await Promise.all(page.map((id) => getIfThere(source, id)));
    yield details.filter((detail) => detail !== null);
  }
}

async function getIfThere(source: ExportSource, id: number): Promise<ExchangeDetail | null> {
  try {
    return await source.get(id);
  } catch (error) {
    if (error instanceof PatchbayError && error.code === 'NOT_FOUND') return null;
    throw error;
  }
}
