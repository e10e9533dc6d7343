import { BellPlus, ListFilter, X } from 'lucide-react';
import { useState } from 'react';
import { formatCount, formatDuration, formatShare } from '../../lib/format.ts';
import { useHubQuery } from '../../lib/hub-context.tsx';
import { type LatencyPeriod, navigate } from '../../lib/route.ts';
import { oneLine, visibleText } from '../../lib/visible-text.ts';
import { messages } from '../../messages/messages.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import { RuleDialog } from './alerts/rule-dialog.tsx';
import { newDraft } from './alerts/rule-draft.ts';
import { DurationHistogram } from './duration-histogram.tsx';
import { LatencyHeatMap } from './latency-heat-map.tsx';
import { errorRateOf } from './latency-trend.ts';
import { MigrationLatencies } from './migration-latency.tsx';
import { OverheadBars } from './overhead-bars.tsx';
import { bothFilters, filterOfRow, PERIOD_MS } from './row-filter.ts';

const text = messages.latency.detail;
const REFRESH_MS = 5_000;

interface LatencyDetailProps {
  row: { server: string; tool: string };
  /** What else the calls must match. */
  filter: string;
  period: LatencyPeriod;
  onClose(): void;
}

/** One tool in full: how its durations lie, how that changed over time, and whose time it is. */
export function LatencyDetail({ row, filter, period, onClose }: LatencyDetailProps) {
  const all = bothFilters(filter, filterOfRow(row));
  const sinceMs = PERIOD_MS[period];
  const [isAdding, setAdding] = useState(false);
  const { data, error, isLoading } = useHubQuery(
    `${period} ${all}`,
    (client, signal) => client.latency.distribution({ filter: all, sinceMs }, { signal }),
    { everyMs: REFRESH_MS },
  );
  const [server, tool] = [oneLine(row.server), oneLine(row.tool)];
  const showTraffic = (terms: string): void =>
    navigate({ screen: 'traffic', filter: bothFilters(all, terms), exchange: null });

  return (
    <aside
      aria-label={text.region(visibleText(tool), visibleText(server))}
      className="flex min-h-0 flex-[3] flex-col border-t border-line-strong/50 bg-surface"
    >
      <header className="flex min-h-9 shrink-0 items-center gap-2 border-b border-line py-1 pr-2 pl-4">
        <h2 className="min-w-0 truncate font-semibold">
          <SafeText text={tool} />
          <span className="font-normal text-muted">
            {' · '}
            <SafeText text={server} />
          </span>
        </h2>
        {data && <Totals total={data.total} />}
        <span className="flex-1" />
        <Button
          variant="quiet"
          icon={<ListFilter aria-hidden="true" className="size-3.5" />}
          onClick={() => showTraffic(`since:${period}`)}
        >
          {text.traffic}
        </Button>
        <Button
          variant="quiet"
          icon={<BellPlus aria-hidden="true" className="size-3.5" />}
          onClick={() => setAdding(true)}
        >
          {text.addRule}
        </Button>
        <IconButton label={text.close} icon={<X className="size-4" />} onClick={onClose} />
      </header>
      <div
        role="region"
        aria-label={text.distribution}
        tabIndex={0}
        className="min-h-0 flex-1 overflow-y-auto -outline-offset-2"
      >
        {error && <ErrorNotice error={error} className="m-3" />}
        {!data && isLoading && (
          <div className="grid h-full place-items-center">
            <Spinner label={messages.common.loading} />
          </div>
        )}
        {data && data.counts.every((count) => count === 0) && (
          <p className="p-4 text-muted">{text.noDurations}</p>
        )}
        {data?.counts.some((count) => count > 0) && (
          <div className="grid grid-cols-2 gap-x-6 gap-y-4 p-4 pt-2.5">
            <DurationHistogram data={data} onChoose={(term) => showTraffic(`since:${period} ${term}`)} />
            <LatencyHeatMap data={data} spanMs={sinceMs} onChoose={showTraffic} />
            <OverheadBars data={data} />
            <MigrationLatencies server={row.server} />
          </div>
        )}
      </div>
      <RuleDialog
        draft={isAdding ? newDraft({ kind: 'p99', server: row.server, tool: row.tool }) : null}
        onClose={() => setAdding(false)}
      />
    </aside>
  );
}

interface TotalsProps {
  total: { count: number; errors: number; p50Ms: number; p90Ms: number; p99Ms: number; maxMs: number };
}

function Totals({ total }: TotalsProps) {
  const names = messages.latency;
  return (
    <dl className="flex min-w-0 gap-x-3 overflow-hidden text-xs whitespace-nowrap text-muted max-[1100px]:hidden">
      <Total name={names.calls}>{formatCount(total.count)}</Total>
      <Total name={names.errors}>{formatShare(errorRateOf(total))}</Total>
      <Total name={names.p50}>{formatDuration(total.p50Ms)}</Total>
      <Total name={names.p90}>{formatDuration(total.p90Ms)}</Total>
      <Total name={names.p99}>{formatDuration(total.p99Ms)}</Total>
      <Total name={names.max}>{formatDuration(total.maxMs)}</Total>
    </dl>
  );
}

function Total({ name, children }: { name: string; children: string }) {
  return (
    <div className="flex gap-1">
      <dt>{name}</dt>
      <dd className="font-medium text-ink">{children}</dd>
    </div>
  );
}
