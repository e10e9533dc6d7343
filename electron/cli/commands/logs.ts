import { type Exchange, ExportFormat } from '../../../shared/model/exchange.ts';
import type { HubApi } from '../../hub/api/hub-link.ts';
import { isSet, text, usage, wholeNumber } from '../command-line.ts';
import { withHub, type Context } from '../context.ts';
import { chosenFilter } from './chosen-filter.ts';
import { describeExchange } from './describe-exchange.ts';
import { exportTo, sendSpansTo } from './export-traffic.ts';
import { openExport } from './open-export.ts';
import { noWords } from './serve.ts';

const PAGE = 1_000;

/** Traffic: the newest exchanges, those that happen from now on, an export with bodies, or an exported file. */
export async function logs(context: Context): Promise<number> {
  const { line } = context;
  const limit = wholeNumber(line, 'limit', { min: 1, max: 1_000_000 });
  assertOneWay(context);
  if (isSet(line, 'open')) {
    const [file, ...rest] = line.words;
    if (file === undefined || rest.length > 0) throw usage('--open takes one file.');
    if (text(line, 'saved') !== undefined)
      throw usage('--open takes --filter: saved filters are in the hub.');
    await openExport(context, { file, filter: text(line, 'filter') ?? '', limit: limit ?? 1_000_000 });
    return 0;
  }
  noWords(context);
  const format = text(line, 'export') === undefined ? null : ExportFormat.safeParse(text(line, 'export'));
  if (format && !format.success) throw usage('--export takes har, jsonl, csv or otlp.');
  const file = text(line, 'out');
  if (format && file === undefined) throw usage('--export needs --out FILE.');
  const url = text(line, 'send-spans');
  if (url !== undefined && !URL.canParse(url)) throw usage('--send-spans takes the address of a collector.');
  await withHub(context, async ({ api, closed }) => {
    const filter = await chosenFilter(context, api);
    if (format)
      return exportTo(context, api, { filter, limit: limit ?? 10_000, format: format.data, file: file! });
    if (url !== undefined) return sendSpansTo(context, api, { filter, limit: limit ?? 10_000, url });
    if (isSet(line, 'follow')) return follow(context, api, filter, closed);
    const rows = await newest(api, filter, limit ?? 100);
    if (context.output.wantsJson) context.output.json(rows);
    else for (const row of rows.toReversed()) context.output.say(describeExchange(row));
  });
  return 0;
}

function assertOneWay({ line }: Context): void {
  const ways = ['follow', 'export', 'send-spans', 'open'].filter((name) => line.flags.has(name));
  if (ways.length > 1) throw usage(`--${ways[0]} and --${ways[1]} do not go together.`);
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
    for await (const { rows, dropped, feed, number } of await api.traffic.live(
      { filter },
      { signal: ended.signal },
    )) {
      if (dropped > 0) output.say(`(${dropped} more were too fast to show)`);
      for (const row of rows) {
        if (row.outcome === 'pending') continue;
        if (output.wantsJson) output.json(row);
        else output.say(describeExchange(row));
      }
      // Without credit the feed stops after four batches.
      await api.traffic.took({ feed, number });
    }
  } catch (error) {
    if (!ended.signal.aborted) throw error;
  }
}
