import { ChartNoAxesColumn, Filter as FilterIcon } from 'lucide-react';
import { useMemo, useState } from 'react';
import { create } from 'zustand';
import { useHubQuery } from '../../lib/hub-context.tsx';
import { messages } from '../../messages/messages.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { Screen } from '../../ui/screen.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import { FilterBox } from '../traffic/filter-box.tsx';
import { useKnownValues } from '../traffic/use-known-values.ts';
import { useFilterText } from '../traffic/use-filter-text.ts';
import { LatencyTable } from './latency-table.tsx';
import { type Sorting, sortLatency } from './sort-latency.ts';

const text = messages.latency;
const PERIODS = { '15m': 900_000, '1h': 3_600_000, '24h': 86_400_000, '7d': 604_800_000 } as const;
type Period = keyof typeof PERIODS;
const PERIOD_OPTIONS = (Object.keys(PERIODS) as Period[]).map((value) => ({
  value,
  label: text.periods[value],
}));
const REFRESH_MS = 5_000;

/** What the person chose here, kept while other screens are open. */
const useChoices = create<{ period: Period; filter: string; sorting: Sorting }>()(() => ({
  period: '1h',
  filter: '',
  sorting: { column: 'count', isDescending: true },
}));

/** How fast each tool is, computed in the hub; this screen only draws it. */
export function LatencyScreen() {
  const { period, filter, sorting } = useChoices();
  const known = useKnownValues();
  const filterText = useFilterText(filter, (next) => useChoices.setState({ filter: next }));
  const { data, error, isLoading } = useHubQuery(
    `${period} ${filter}`,
    (client, signal) => client.latency.table({ filter, sinceMs: PERIODS[period] }, { signal }),
    { everyMs: REFRESH_MS },
  );
  // Another period or filter is on its way: the table of before stays until it is there.
  const [last, setLast] = useState(data);
  if (data !== null && data !== last) setLast(data);
  const stats = data ?? last;
  const rows = useMemo(() => (stats ? sortLatency(stats, sorting) : []), [stats, sorting]);
  const calls = rows.reduce((sum, row) => sum + row.count, 0);

  return (
    <Screen
      title={text.title}
      controls={
        <>
          <FilterBox
            label={text.filterLabel}
            placeholder={text.filterPlaceholder}
            value={filterText.text}
            known={known}
            problem={filterText.problem}
            onChange={filterText.setText}
          />
          <Segmented
            label={text.period}
            options={PERIOD_OPTIONS}
            value={period}
            onChange={(next) => useChoices.setState({ period: next })}
          />
        </>
      }
    >
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
              className="min-h-0 flex-1 overflow-auto -outline-offset-2"
            >
              <LatencyTable
                rows={rows}
                sorting={sorting}
                onSort={(column) =>
                  useChoices.setState({
                    sorting: {
                      column,
                      isDescending: sorting.column === column ? !sorting.isDescending : true,
                    },
                  })
                }
              />
            </div>
            <p role="status" className="border-t border-line px-4 py-1.5 text-xs text-muted">
              {text.summary(rows.length, calls)}
            </p>
          </>
        )}
      </div>
    </Screen>
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
