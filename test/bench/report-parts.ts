import { median } from './figures.ts';
import type { Neighbour } from './neighbours.ts';
import { number, ratio, table } from './report.ts';
import type { Restart } from './restart.ts';
import type { Scale } from './scale.ts';

export function scaleReport({ hubs, absent }: Scale): string {
  const head = [
    'hub',
    'all tools ms',
    'CPU ms',
    'tools/list ms',
    'CPU ms',
    'MB',
    '200 sessions MB',
    'idle CPU ms/s',
  ];
  const rows = hubs.map((hub) => [
    hub.target,
    ...[hub.allToolsMs, hub.allToolsCpuMs, hub.listMs, hub.listCpuMs, hub.rssMb, hub.sessionsRssMb].map(
      number,
    ),
    number(hub.idleCpuMsPerSecond),
  ]);
  const lines = ['## 50 servers with 100 tools each at one endpoint', '', table([head, ...rows])];
  for (const [hub, why] of Object.entries(absent)) lines.push(`${hub} could not take part: ${why}`);
  return lines.join('\n');
}

export function restartReport({ backAgainMs, startMs }: Restart): string {
  const rows = [
    ['', 'median ms', 'least ms', 'over a start'],
    ['a start without a hub', number(median(startMs)), number(Math.min(...startMs)), ''],
    [
      'after a crash, to the next answer',
      number(median(backAgainMs)),
      number(Math.min(...backAgainMs)),
      ratio(median(backAgainMs) / median(startMs)),
    ],
  ];
  return ['## A shared server that has died', '', table(rows)].join('\n');
}

/** The median of the rounds' own ratios. */
export const slowdown = ({ quietP99, faultyP99 }: Neighbour): number =>
  median(faultyP99.map((p99, round) => p99 / quietP99[round]!));

export function neighboursReport(found: readonly Neighbour[]): string {
  const rows = [['the other server', 'p99 ms, quiet', 'p99 ms, faulty', 'slower']];
  for (const one of found)
    rows.push([one.fault, number(median(one.quietP99)), number(median(one.faultyP99)), ratio(slowdown(one))]);
  return ['## A healthy server beside one with a fault (echo by socket, 1 in flight)', '', table(rows)].join(
    '\n',
  );
}
