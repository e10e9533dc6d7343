import { duration } from '../command-line.ts';
import { withHub, type Context } from '../context.ts';
import { chosenFilter } from './chosen-filter.ts';

/** Per tool latency. */
export async function stats(context: Context): Promise<number> {
  const { line, output } = context;
  const rows = await withHub(context, async ({ api }) =>
    api.latency.table({
      filter: await chosenFilter(context, api),
      sinceMs: duration(line, 'since') ?? 3_600_000,
    }),
  );
  if (output.wantsJson) output.json(rows);
  else if (rows.length === 0) output.say('There were no calls in this time.');
  else {
    output.table([
      ['server', 'tool', 'count', 'errors', 'p50', 'p90', 'p99', 'max', 'hub p50'],
      ...rows.map((row) => [
        row.server,
        row.tool,
        String(row.count),
        String(row.errors),
        ...[row.p50Ms, row.p90Ms, row.p99Ms, row.maxMs, row.hubP50Ms].map(
          (value) => `${value.toFixed(2)} ms`,
        ),
      ]),
    ]);
  }
  return 0;
}
