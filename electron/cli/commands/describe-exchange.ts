import type { Exchange } from '../../../shared/model/exchange.ts';

/** One exchange as a line for people. */
export function describeExchange(row: Exchange): string {
  const time = new Date(row.at).toISOString().slice(11, 23);
  const took = row.durationMs === null ? '' : `${row.durationMs.toFixed(1)} ms`;
  const what = row.tool === null ? row.method : `${row.method} ${row.tool}`;
  const arrow = row.direction === 'client-to-server' ? '→' : '←';
  return [time, row.client, arrow, row.server, what, row.kind === 'notification' ? '' : row.outcome, took]
    .filter(Boolean)
    .join('  ');
}
