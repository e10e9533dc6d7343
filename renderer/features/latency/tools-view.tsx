import { ChartNoAxesColumn, Filter as FilterIcon } from 'lucide-react';
import { useMemo } from 'react';
import { create } from 'zustand';
import { type Command, useCommands } from '../../lib/commands.ts';
import { useHubQuery } from '../../lib/hub-context.tsx';
import { LATENCY_PERIODS, navigate, type Route } from '../../lib/route.ts';
import { useLastKnown } from '../../lib/use-last-known.ts';
import { messages } from '../../messages/messages.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import { LatencyDetail } from './latency-detail.tsx';
import type { LatencyRoute } from './latency-screen.tsx';
import { LatencyTable } from './latency-table.tsx';
import { bothFilters, filterOfRow, PERIOD_MS } from './row-filter.ts';
import { type Sorting, sortLatency } from './sort-latency.ts';

const text = messages.latency;
const REFRESH_MS = 5_000;

/** How the table is sorted, kept while other screens are open. */
const useSorting = create<{ sorting: Sorting }>()(() => ({
  sorting: { column: 'count', isDescending: true },
}));

/** The table of tools, and the chosen one in full below it. */
export function ToolsView({ route }: { route: LatencyRoute }) {
  const { sorting } = useSorting();
  const filter = route.filter ?? '';
  const period = route.period ?? LATENCY_PERIODS[0];
  const { data, error, isLoading } = useHubQuery(
    `${period} ${filter}`,
    (client, signal) =>
      client.latency.table({ filter, sinceMs: PERIOD_MS[period], compare: true }, { signal }),
    { everyMs: REFRESH_MS },
  );
  // Another period or filter is on its way: the table of before stays until it is there.
  const last = useLastKnown(data);
  const stats = data ?? last;
  const rows = useMemo(() => (stats ? sortLatency(stats, sorting) : []), [stats, sorting]);
  const calls = rows.reduce((sum, row) => sum + row.count, 0);
  const { row: chosen } = route;

  const trafficOf = (row: { server: string; tool: string }): Route => ({
    screen: 'traffic',
    filter: bothFilters(filter, filterOfRow(row)),
    exchange: null,
  });
  const choose = (row: { server: string; tool: string } | null): void => {
    const { row: _, ...rest } = route;
    navigate(row ? { ...rest, row: { server: row.server, tool: row.tool } } : rest, { replace: true });
  };
  const step = (distance: 1 | -1): void => {
    const index = rows.findIndex((row) => row.server === chosen?.server && row.tool === chosen.tool);
    const next = index === -1 ? rows[0] : rows[index + distance];
    if (next) choose(next);
  };
  useCommands(
    useMemo((): Command[] => {
      const list: Command[] = [
        {
          id: 'latency.next',
          label: text.commands.next,
          group: text.group,
          keys: 'j',
          isKeyOnly: true,
          run: () => step(1),
        },
        {
          id: 'latency.previous',
          label: text.commands.previous,
          group: text.group,
          keys: 'k',
          isKeyOnly: true,
          run: () => step(-1),
        },
      ];
      if (!chosen) return list;
      return [
        ...list,
        {
          id: 'latency.traffic',
          label: text.commands.traffic,
          group: text.group,
          run: () => navigate(trafficOf(chosen)),
        },
        {
          id: 'latency.close',
          label: text.commands.close,
          group: text.group,
          keys: 'escape',
          isKeyOnly: true,
          run: () => choose(null),
        },
      ];
      // `step`, `choose` and `trafficOf` are made from these.
    }, [rows, route]),
  );

  return (
    <div className="flex h-full flex-col">
      {error && <ErrorNotice error={error} className="m-3" />}
      {stats === null && isLoading && (
        <div className="grid h-full place-items-center">
          <Spinner label={messages.common.loading} />
        </div>
      )}
      {stats !== null && rows.length === 0 && <NoCalls hasFilter={filter.trim() !== ''} />}
      {rows.length > 0 && (
        <>
          <div
            role="region"
            aria-label={text.table}
            tabIndex={0}
            className="min-h-0 flex-[2] overflow-auto -outline-offset-2"
          >
            <LatencyTable
              rows={rows}
              sorting={sorting}
              chosen={chosen ?? null}
              onChoose={choose}
              routeOf={trafficOf}
              onSort={(column) =>
                useSorting.setState({
                  sorting: {
                    column,
                    isDescending: sorting.column === column ? !sorting.isDescending : true,
                  },
                })
              }
            />
          </div>
          {chosen && (
            <LatencyDetail
              key={`${chosen.server}\n${chosen.tool}`}
              row={chosen}
              filter={filter}
              period={period}
              onClose={() => choose(null)}
            />
          )}
          <p role="status" className="shrink-0 border-t border-line px-4 py-1 text-xs text-muted">
            {text.summary(rows.length, calls)}
          </p>
        </>
      )}
    </div>
  );
}

function NoCalls({ hasFilter }: { hasFilter: boolean }) {
  return hasFilter ? (
    <EmptyState icon={<FilterIcon />} title={text.noMatchTitle}>
      {text.noMatch}
    </EmptyState>
  ) : (
    <EmptyState icon={<ChartNoAxesColumn />} title={text.emptyTitle}>
      {text.empty}
    </EmptyState>
  );
}
