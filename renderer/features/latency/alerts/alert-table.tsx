import { BellOff } from 'lucide-react';
import type { Alert, AlertKind } from '../../../../shared/model/alert.ts';
import { formatDateTime, formatDuration, formatShare } from '../../../lib/format.ts';
import { formatRoute, type Route } from '../../../lib/route.ts';
import { oneLine, visibleText } from '../../../lib/visible-text.ts';
import { messages } from '../../../messages/messages.ts';
import { Badge, type Tone } from '../../../ui/badge.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { SafeText } from '../../../ui/safe-text.tsx';
import { TableFrame } from '../../../ui/table-frame.tsx';
import { filterOfRow } from '../row-filter.ts';
import { filterTerm } from '../../../lib/filter-text.ts';

const text = messages.alerts;
const TONES: Record<Alert['state'], Tone> = { firing: 'danger', pending: 'warn', resolved: 'neutral' };

/** A measured value in the unit of its rule. */
const valueOf = (kind: AlertKind, value: number): string => {
  if (kind === 'server-down') return text.down;
  return kind === 'p99' ? formatDuration(value) : formatShare(value / 100);
};

/** Alerts as the hub lists them: firing, pending, then resolved. */
export function AlertTable({ alerts }: { alerts: readonly Alert[] }) {
  if (alerts.length === 0) {
    return (
      <div className="rounded-lg border border-line bg-surface [&>div]:min-h-36 [&>div]:p-4">
        <EmptyState icon={<BellOff />} title={text.noneTitle}>
          {text.none}
        </EmptyState>
      </div>
    );
  }
  return (
    <TableFrame label={text.now}>
      <thead>
        <tr>
          <th scope="col">{text.columns.state}</th>
          <th scope="col">{text.columns.rule}</th>
          <th scope="col">{text.columns.where}</th>
          <th scope="col" className="text-right">
            {text.columns.value}
          </th>
          <th scope="col">{text.columns.since}</th>
        </tr>
      </thead>
      <tbody>
        {alerts.map((alert) => (
          <Row key={`${alert.rule} ${alert.server} ${alert.tool} ${alert.since}`} alert={alert} />
        ))}
      </tbody>
    </TableFrame>
  );
}

function Row({ alert }: { alert: Alert }) {
  const { state, name, kind, server, tool, value, since, resolvedAt } = alert;
  const place = tool === null ? oneLine(server) : text.toolOn(oneLine(tool), oneLine(server));
  const started = formatDateTime(since);
  return (
    <tr>
      <td>
        <Badge tone={TONES[state]}>{text.states[state]}</Badge>
      </td>
      <td className="font-medium text-hostile">
        <SafeText text={oneLine(name)} />
      </td>
      <td className="text-hostile">
        <a
          href={formatRoute(routeOf(alert))}
          title={
            kind === 'server-down'
              ? text.showServer(visibleText(place))
              : text.showLatency(visibleText(place))
          }
          className="rounded-sm text-accent underline-offset-2 hover:underline"
        >
          <SafeText text={place} />
        </a>
      </td>
      <td className="text-right whitespace-nowrap">{valueOf(kind, value)}</td>
      <td className="whitespace-nowrap text-muted">
        {resolvedAt === null ? started : text.resolvedAfter(started, formatDuration(resolvedAt - since))}
      </td>
    </tr>
  );
}

/** Where to look next: the tool's latency, the server's latencies, or the server that is down. */
function routeOf({ kind, server, tool }: Alert): Route {
  if (kind === 'server-down') return { screen: 'servers', server };
  if (tool === null) return { screen: 'latency', filter: filterTerm('server', server) };
  return { screen: 'latency', filter: filterOfRow({ server, tool }), row: { server, tool } };
}
