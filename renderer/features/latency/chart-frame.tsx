import type { ReactNode } from 'react';
import { messages } from '../../messages/messages.ts';

interface ChartFrameProps {
  title: string;
  hint: string;
  /** The drawing. */
  children: ReactNode;
  /** The same figures as a table, for whoever does not see the drawing or wants the numbers. */
  table: { head: readonly string[]; rows: readonly (readonly ReactNode[])[] };
}

/** A chart with its title, what it means, and its numbers as a table. */
export function ChartFrame({ title, hint, children, table }: ChartFrameProps) {
  return (
    <section aria-label={title} className="min-w-0">
      <h3 className="text-xs font-semibold">{title}</h3>
      <p className="mb-1.5 text-2xs text-muted">{hint}</p>
      {children}
      <details className="mt-1.5 text-xs">
        <summary className="w-fit rounded-sm text-muted hover:text-ink">
          {messages.latency.detail.asTable}
        </summary>
        <table className="mt-1 w-full border-collapse">
          <caption className="sr-only">{title}</caption>
          <thead>
            <tr className="h-6 text-left text-2xs text-muted [&>th]:pr-3 [&>th]:font-medium">
              {table.head.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.rows.map((cells, index) => (
              <tr key={index} className="h-6 border-t border-line/60 [&>td]:pr-3">
                {cells.map((cell, column) => (
                  <td key={column} className="whitespace-nowrap">
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </section>
  );
}

/** Labels along an axis, each centred on its place (0 to 1); those at the ends stay inside. */
export function AxisLabels({ labels }: { labels: readonly { at: number; label: string }[] }) {
  return (
    <div aria-hidden="true" className="relative h-4 text-2xs text-faint">
      {labels.map(({ at, label }) => (
        <span
          key={`${at} ${label}`}
          className={
            at <= 0.02
              ? 'absolute left-0'
              : at >= 0.98
                ? 'absolute right-0'
                : 'absolute -translate-x-1/2 whitespace-nowrap'
          }
          style={at > 0.02 && at < 0.98 ? { left: `${at * 100}%` } : undefined}
        >
          {label}
        </span>
      ))}
    </div>
  );
}
