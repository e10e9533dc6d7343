import type { ExchangeDetail, Phases } from '../../../shared/model/exchange.ts';
import { formatBytes, formatDateTime, formatDuration, formatTime } from '../../lib/format.ts';
import { messages } from '../../messages/messages.ts';
import { outcomeText } from '../traffic/outcome.tsx';

const text = messages.exchange.compare;
const DAY_MS = 86_400_000;

interface Figure {
  name: string;
  first: number | null;
  second: number | null;
  format(value: number): string;
}

function figuresOf(first: ExchangeDetail, second: ExchangeDetail): Figure[] {
  const phase = (name: string, pick: (phases: Phases) => number): Figure => ({
    name,
    first: first.phases && pick(first.phases),
    second: second.phases && pick(second.phases),
    format: formatDuration,
  });
  const { phases } = messages.exchange;
  return [
    {
      name: text.duration,
      first: first.exchange.durationMs,
      second: second.exchange.durationMs,
      format: formatDuration,
    },
    phase(phases.queue, ({ queueMs }) => queueMs),
    phase(phases.hubIn, ({ hubInMs }) => hubInMs),
    phase(phases.server, ({ serverMs }) => serverMs),
    phase(phases.hubOut, ({ hubOutMs }) => hubOutMs),
    {
      name: text.request,
      first: first.exchange.requestBytes,
      second: second.exchange.requestBytes,
      format: formatBytes,
    },
    {
      name: text.response,
      first: first.exchange.responseBytes,
      second: second.exchange.responseBytes,
      format: formatBytes,
    },
  ].filter(({ first: a, second: b }) => (a ?? 0) !== 0 || (b ?? 0) !== 0);
}

/** Times and sizes of two calls, and by how much they differ. */
export function CompareFigures({ first, second }: { first: ExchangeDetail; second: ExchangeDetail }) {
  const apart = second.exchange.at - first.exchange.at;
  const moment = Math.abs(apart) < DAY_MS ? formatTime : formatDateTime;
  return (
    <table className="w-full text-xs">
      <caption className="sr-only">{text.figures}</caption>
      <thead className="text-muted">
        <tr className="border-b border-line [&>th]:px-3 [&>th]:py-1 [&>th]:text-right [&>th]:font-normal [&>th:first-child]:text-left">
          <th scope="col">{text.columns.what}</th>
          <th scope="col">{text.columns.first}</th>
          <th scope="col">{text.columns.second}</th>
          <th scope="col">{text.columns.difference}</th>
        </tr>
      </thead>
      <tbody className="[&_td]:px-3 [&_td]:py-0.5 [&_td]:text-right [&_th]:px-3 [&_th]:text-left [&_th]:font-normal [&_th]:text-muted">
        <tr>
          <th scope="row">{text.outcome}</th>
          <td>{outcomeText(first.exchange)}</td>
          <td>{outcomeText(second.exchange)}</td>
          <td />
        </tr>
        <tr>
          <th scope="row">{text.started}</th>
          <td>{moment(first.exchange.at)}</td>
          <td>{moment(second.exchange.at)}</td>
          <td>{(apart < 0 ? text.earlier : text.later)(formatDuration(Math.abs(apart)))}</td>
        </tr>
        {figuresOf(first, second).map(({ name, first: a, second: b, format }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{a === null ? messages.common.none : format(a)}</td>
            <td>{b === null ? messages.common.none : format(b)}</td>
            <td>
              {a !== null &&
                b !== null &&
                format(a) !== format(b) &&
                `${b > a ? '+' : '−'}${format(Math.abs(b - a))}`}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
