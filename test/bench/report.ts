import { callsPerSecond, cpuRatio, figuresOf, median, pairedRatio, type PairedRatio } from './figures.ts';
import { verdictOf, type Goal } from './goal.ts';
import type { LoadPart } from './load-parts.ts';
import type { Sessions } from './memory.ts';
import type { Series } from './rounds.ts';
import type { StartUp } from './start-up.ts';

const NONE = '';

/** Three significant digits, thousands apart. */
export function number(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return NONE;
  if (value >= 1_000) return Math.round(value).toLocaleString('en-US');
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(value >= 1 ? 2 : 3);
}

/** Two significant digits: no more is known. */
export const ratio = (found: PairedRatio | number | null): string => {
  const value = typeof found === 'object' ? found?.median : found;
  return value === undefined ? NONE : `${Number(value.toPrecision(2))}×`;
};

/** Columns padded to the widest cell; the first one to the left, figures to the right. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** One table for each number of calls in flight. `directOf`: what a target is compared with. */
export function loadReport(part: LoadPart, directOf: (target: string) => string): string {
  const lines = [`## ${part.title}`];
  for (const lanes of new Set(part.series.map((one) => one.lanes))) {
    const level = part.series.filter((one) => one.lanes === lanes);
    const find = (name: string): Series | undefined => level.find(({ target }) => target === name);
    const head = [
      'target',
      'p50 ms',
      'p95',
      'p99',
      'calls/s',
      'CPU µs/call',
      'main thread',
      'peak MB',
      'p50 / direct',
    ];
    const rows = [[...head, 'calls / direct', 'p50 / relay', 'CPU / relay']];
    for (const one of level) {
      const found = figuresOf(one);
      const micros = (ms: number | null | undefined): string => (ms ? number(ms * 1_000) : NONE);
      const [direct, relay] = [find(directOf(one.target)), find('relay')];
      rows.push([
        one.target,
        ...[found?.p50, found?.p95, found?.p99, found?.callsPerSecond].map(number),
        micros(found?.cpuMs),
        micros(found?.mainCpuMs),
        number(found?.peakMb),
        ratio(pairedRatio(one, direct, (sample) => sample.p50)),
        ratio(pairedRatio(one, direct, callsPerSecond)),
        ratio(pairedRatio(one, relay, (sample) => sample.p50)),
        ratio(cpuRatio(one, relay)),
      ]);
    }
    lines.push('', `${lanes} in flight`, table(rows));
  }
  return [...lines, '', ...remarks(part)].join('\n');
}

function remarks({ series, foreign, dropped, absent }: LoadPart): string[] {
  const lines = [`Other programs used ${(foreign * 100).toFixed(0)} % of the machine meanwhile.`];
  for (const [target, count] of Object.entries(dropped)) {
    if (count > 0) lines.push(`${target}: ${number(count)} exchanges found no room in the log.`);
  }
  for (const [target, why] of Object.entries(absent)) lines.push(`${target} could not take part: ${why}`);
  for (const { target, lanes, samples, failure } of series) {
    const wrong = samples.reduce((sum, sample) => sum + sample.wrong, 0);
    const [first] = samples.map((sample) => sample.firstWrong).filter((text) => text !== null);
    if (wrong > 0) lines.push(`${target}, ${lanes} in flight: ${wrong} WRONG ANSWERS, the first: ${first}`);
    if (failure !== null && lanes === 1) lines.push(`${target} broke: ${failure}`);
  }
  return lines;
}

export function startUpReport({ times, rss, private: own, bypassed }: StartUp): string {
  const direct = times['direct-stdio'];
  const rows = [['started', 'median ms', 'least ms', 'over direct']];
  for (const [name, all] of Object.entries(times)) {
    const over = direct ? median(all) / median(direct) : null;
    rows.push([name, number(median(all)), number(Math.min(...all)), ratio(over)]);
  }
  const lines = [
    '## Start-up: from spawn to the first tools/list (bare-node, shim-alone: to the first line)',
    '',
  ];
  lines.push(table(rows), '');
  lines.push(
    `Memory, shim / bare Node: RSS ${number(median(rss.shim))} / ${number(median(rss.bare))} MB, private ${number(median(own.shim))} / ${number(median(own.bare))} MB.`,
  );
  if (bypassed > 0)
    lines.push(`${bypassed} cold starts took longer than the shim waits: it went around the hub.`);
  return lines.join('\n');
}

/** `startAloneMs`: what starting as many servers took without any proxy. */
export function sessionsReport({ count, sessions, absent }: Sessions, startAloneMs?: number): string {
  const head = ['target', 'open all ms', '10 open MB', `${count} open MB`, 'after load MB', 'KB/session'];
  const rows = [[...head, 'idle CPU ms/s', 'calls/s', 'p50 ms', 'p99 ms']];
  for (const one of sessions) {
    rows.push([
      one.target,
      ...[one.openMs, one.idleMb, one.openMb, one.loadedMb, one.kbPerSession, one.idleCpuMsPerSecond].map(
        number,
      ),
      ...[one.callsPerSecond, one.p50, one.p99].map(number),
    ]);
  }
  const lines = [`## ${count} sessions, one call in flight in each`, '', table(rows), ''];
  if (startAloneMs !== undefined)
    lines.push(`Starting ${count} servers without any proxy, two at a time: ${number(startAloneMs)} ms.`);
  for (const { target, wrong } of sessions) {
    if (wrong > 0) lines.push(`${target}: ${wrong} WRONG ANSWERS`);
  }
  for (const [target, why] of Object.entries(absent)) lines.push(`${target} could not take part: ${why}`);
  return lines.join('\n');
}

export function goalReport(goals: readonly Goal[]): string {
  const rows = goals.map((goal) => {
    const { group, text, sense, limit, unit, value, range } = goal;
    const shown = range ? range.map((one) => Number(one.toPrecision(2))).join(' to ') : '';
    const found = value === null ? '' : `${Number(value.toPrecision(3))}${unit}`;
    return [
      `${String(group).padStart(2)}  ${text}`,
      `${sense} ${limit}${unit}`,
      found,
      shown,
      verdictOf(goal),
    ];
  });
  return ['## Goals', '', table([['    goal', 'wanted', 'found', 'rounds', 'verdict'], ...rows])].join('\n');
}
