import { formatDateTime, formatDuration } from '../../lib/format.ts';
import { useHubQuery, useResource } from '../../lib/hub-context.tsx';
import { messages } from '../../messages/messages.ts';
import { ErrorNotice } from '../../ui/notice.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import { latencyOfServer, type MigrationLatency } from './parity-latency.ts';

const text = messages.latency.detail;
/** Older ones measured a server that has changed since. */
const REPORTS_LOOKED_AT = 5;

/** What the migrations measured of this server, asked directly and through us. */
export function MigrationLatencies({ server }: { server: string }) {
  const { data: history, error: historyError } = useResource('history');
  const measured = history?.filter(({ report }) => report).slice(0, REPORTS_LOOKED_AT) ?? [];
  const { data: reports, error } = useHubQuery(
    `reports ${history === null} ${measured.map(({ id }) => id).join(' ')}`,
    async (client, signal) =>
      await Promise.all(
        measured.map(async ({ id, at }) => ({
          at,
          result: (await client.migration.report({ id }, { signal })).result,
        })),
      ),
  );
  const failure = historyError ?? error;
  const rows = history && reports ? latencyOfServer(server, reports) : null;
  return (
    <section aria-label={text.migration} className="min-w-0">
      <h3 className="text-xs font-semibold">{text.migration}</h3>
      <p className="mb-1.5 text-2xs text-muted">{text.migrationHint}</p>
      {failure && <ErrorNotice error={failure} />}
      {!rows && !failure && <Spinner label={messages.common.loading} />}
      {rows?.length === 0 && <p className="text-xs text-muted">{text.noMigration}</p>}
      {rows && rows.length > 0 && <Table rows={rows} />}
    </section>
  );
}

function Table({ rows }: { rows: readonly MigrationLatency[] }) {
  return (
    <table className="w-full border-collapse text-xs [&_td]:py-0.5 [&_td]:pr-3 [&_th]:pr-3 [&_th]:text-2xs [&_th]:font-medium [&_th]:text-muted [&_th:not(.text-right)]:text-left">
      <caption className="sr-only">{text.migration}</caption>
      <thead>
        <tr className="h-6">
          <th scope="col">{text.client}</th>
          <th scope="col" className="text-right">
            {text.before}
          </th>
          <th scope="col" className="text-right">
            {text.after}
          </th>
          <th scope="col" className="text-right">
            {text.difference}
          </th>
          <th scope="col">{text.when}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ migration, at, row }) => (
          <tr
            key={`${migration} ${row.client} ${row.scope} ${row.project ?? ''}`}
            className="border-t border-line/60"
          >
            <td className="text-hostile">
              {messages.client[row.client] ?? row.client}
              <span className="text-muted">
                {` (${messages.scope[row.scope]})`}
                {row.project !== undefined && (
                  <>
                    {' '}
                    <SafeText text={row.project} />
                  </>
                )}
              </span>
            </td>
            <td className="text-right whitespace-nowrap">{show(row.latencyBeforeMs)}</td>
            <td className="text-right whitespace-nowrap">{show(row.latencyAfterMs)}</td>
            <td className="text-right whitespace-nowrap">
              {differenceOf(row.latencyBeforeMs, row.latencyAfterMs)}
            </td>
            <td className="whitespace-nowrap text-muted">{formatDateTime(Date.parse(at))}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const show = (ms: number | null): string => (ms === null ? messages.common.none : formatDuration(ms));

function differenceOf(before: number | null, after: number | null): string {
  if (before === null || after === null) return messages.common.none;
  const difference = after - before;
  return `${difference < 0 ? '−' : '+'}${formatDuration(Math.abs(difference))}`;
}
