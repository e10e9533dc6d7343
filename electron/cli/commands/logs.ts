import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import type { Exchange, ExchangeDetail } from '../../../shared/model/exchange.ts';
import { toCsv, toHar, toJsonl } from '../../hub/traffic/export.ts';
import { duration, isSet, text, usage, wholeNumber } from '../command-line.ts';
import { withHub, type Context } from '../context.ts';
import type { HubApi } from '../../hub/api/hub-link.ts';
import type { Output } from '../output.ts';

const PAGE = 1_000;

/** Traffic: the newest exchanges, or those that happen from now on, or an export with bodies. */
export async function logs(context: Context): Promise<number> {
  const { line } = context;
  const filter = text(line, 'filter') ?? '';
  const format = text(line, 'export');
  const limit = wholeNumber(line, 'limit', { min: 1, max: 1_000_000 }) ?? 100;
  if (format !== undefined && !['har', 'jsonl', 'csv'].includes(format))
    throw usage('--export takes har, jsonl or csv.');
  if (format !== undefined && text(line, 'out') === undefined) throw usage('--export needs --out FILE.');
  await withHub(context, async ({ api, closed }) => {
    if (format !== undefined)
      return exportTo(context, api, { filter, limit, format, file: text(line, 'out')! });
    if (isSet(line, 'follow')) return follow(context, api, filter, closed);
    const rows = await newest(api, filter, limit);
    if (context.output.wantsJson) context.output.json(rows);
    else for (const row of rows.toReversed()) describe(context.output, row);
  });
  return 0;
}

/** Per tool latency. */
export async function stats(context: Context): Promise<number> {
  const { line, output } = context;
  const rows = await withHub(context, ({ api }) =>
    api.latency.table({ filter: text(line, 'filter') ?? '', sinceMs: duration(line, 'since') ?? 3_600_000 }),
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

async function newest(api: HubApi, filter: string, limit: number): Promise<Exchange[]> {
  const rows: Exchange[] = [];
  while (rows.length < limit) {
    const { exchanges, more } = await api.traffic.list({
      filter,
      limit: Math.min(PAGE, limit - rows.length),
      before: rows.at(-1)?.id,
    });
    rows.push(...exchanges);
    if (!more || exchanges.length === 0) break;
  }
  return rows;
}

async function follow(
  { output }: Context,
  api: HubApi,
  filter: string,
  closed: Promise<void>,
): Promise<void> {
  const ended = new AbortController();
  const stop = (): void => ended.abort();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  void closed.then(stop);
  try {
    for await (const { rows, dropped } of await api.traffic.live({ filter }, { signal: ended.signal })) {
      if (dropped > 0) output.say(`(${dropped} more were too fast to show)`);
      for (const row of rows) {
        if (row.outcome === 'pending') continue;
        if (output.wantsJson) output.json(row);
        else describe(output, row);
      }
    }
  } catch (error) {
    if (!ended.signal.aborted) throw error;
  }
}

function describe(output: Output, row: Exchange): void {
  const time = new Date(row.at).toISOString().slice(11, 23);
  const took = row.durationMs === null ? '' : `${row.durationMs.toFixed(1)} ms`;
  const what = row.tool === null ? row.method : `${row.method} ${row.tool}`;
  const arrow = row.direction === 'client-to-server' ? '→' : '←';
  output.say(
    [time, row.client, arrow, row.server, what, row.kind === 'notification' ? '' : row.outcome, took]
      .filter(Boolean)
      .join('  '),
  );
}

async function exportTo(
  { output }: Context,
  api: HubApi,
  { filter, limit, format, file }: { filter: string; limit: number; format: string; file: string },
): Promise<void> {
  const rows = await newest(api, filter, limit);
  const details: ExchangeDetail[] = [];
  for (const { id } of rows.toReversed()) details.push(await api.traffic.get({ id }));
  const write = { har: toHar, jsonl: toJsonl, csv: toCsv }[format as 'har' | 'jsonl' | 'csv'];
  const stream = createWriteStream(file, { mode: 0o600 });
  for (const chunk of write(details)) if (!stream.write(chunk)) await once(stream, 'drain');
  stream.end();
  await once(stream, 'finish');
  if (output.wantsJson) output.json({ file, exchanges: rows.length });
  else output.say(`${rows.length} exchanges written to ${file}.`);
}
