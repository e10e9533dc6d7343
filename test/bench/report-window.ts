import type { HistoryCost } from './history.ts';
import type { Frames, Opening } from './page-frames.ts';
import { number, table } from './report.ts';
import type { WindowCost } from './window.ts';

export function windowReport(found: WindowCost): string {
  const { idle, busy, flood, rowsPerSecond, notRecorded } = found;
  const row = (name: string, frames: Frames): string[] => [
    name,
    ...[frames.perSecond, frames.p50, frames.p95, frames.p99, frames.max].map(number),
    String(frames.freezes),
    number(frames.longestTaskMs),
    number(frames.mainMsPerSecond),
  ];
  return [
    '## The window in Chromium, with rows arriving',
    '',
    table([
      [
        'ms between frames',
        'frames/s',
        'p50',
        'p95',
        'p99',
        'max',
        'freezes > 100 ms',
        'longest task CPU ms',
        'main thread ms/s',
      ],
      row('at rest', idle),
      row(`${number(rowsPerSecond)} rows/s`, busy),
      row(`${number(flood.rowsPerSecond)} rows/s (first part)`, flood),
    ]),
    '',
    table([
      ['exchanges gone by', 'script memory MB'],
      ...flood.heapMb.map(({ exchanges, megabytes }) => [number(exchanges), number(megabytes)]),
    ]),
    openingReport('A window', found),
    `${notRecorded} exchanges were not recorded; of the flood the window did not get ${number(flood.notShown)}.`,
  ].join('\n');
}

export function historyReport(found: HistoryCost): string {
  const { rows, fileMb, rowsPerSecond, searches, histogramMs, latencyMs, hubMb, opening } = found;
  return [
    `## A history of ${number(rows)} exchanges (${number(fileMb)} MB, written at ${number(rowsPerSecond)} rows/s)`,
    '',
    table([
      [
        'a page of 500',
        'filter',
        'found',
        'first ms',
        'complete ms',
        'CPU ms',
        'steps',
        'longest silence ms',
      ],
      ...searches.map((one) => [
        one.what,
        one.filter,
        String(one.found),
        number(one.firstMs),
        number(one.endMs),
        number(one.cpuMs),
        number(one.steps),
        number(one.silentMs),
      ]),
    ]),
    `A day's histogram ${number(histogramMs)} ms, its latency table ${number(latencyMs)} ms; the hub holds ${number(hubMb)} MB.`,
    openingReport('A window over it', opening),
  ].join('\n');
}

const openingReport = (what: string, { firstPaintMs, readyMs, readyCpuMs, barePaintMs }: Opening): string =>
  `${what}: first text after ${number(firstPaintMs)} ms (a bare page: ${number(barePaintMs)}), ` +
  `live list after ${number(readyMs)} ms, ${number(readyCpuMs)} ms of it CPU of its main thread.`;
