import { describe, expect, it } from 'vitest';
import { parseStat, treesOf, type ProcessRow } from '../../../electron/hub/supervisor/process-table.ts';
import { createUsageSampler } from '../../../electron/hub/supervisor/process-usage.ts';

const row = (pid: number, ppid: number, group: number, used: Partial<ProcessRow> = {}): ProcessRow => ({
  pid,
  ppid,
  group,
  ticks: 0,
  start: `start of ${pid}`,
  rssBytes: 1,
  ...used,
});
const table = (...rows: ProcessRow[]): Map<number, ProcessRow> =>
  new Map(rows.map((each) => [each.pid, each]));

describe('processes of an instance', () => {
  it('reads what the kernel tells, whatever the program is called', () => {
    const fields =
      'S 10 20 20 0 -1 4194304 1 0 0 0 7 5 0 0 20 0 11 0 987654 1000000 25 18446744073709551615 1';
    expect(parseStat(30, `30 (a) (b c) ${fields}`)).toEqual({
      pid: 30,
      ppid: 10,
      group: 20,
      ticks: 12,
      start: '987654',
      rssBytes: 25 * 4_096,
    });
    expect(parseStat(30, `30 (x) Z${fields.slice(1)}`)).toBeNull();
    expect(parseStat(30, '')).toBeNull();
  });

  it('belong to it by descent or by group, each to one only', () => {
    const rows = table(
      row(1, 0, 1),
      row(10, 1, 10),
      row(11, 10, 10),
      // Left its group, but descends from it.
      row(12, 11, 12),
      // Lost its parent, but is still in the group.
      row(13, 1, 10),
      row(20, 1, 20),
      row(21, 20, 20),
      row(30, 1, 30),
    );
    const trees = treesOf([10, 20, 99], rows);
    expect([...trees].map(([root, tree]) => [root, tree.map(({ pid }) => pid)])).toEqual([
      [10, [10, 11, 12, 13]],
      [20, [20, 21]],
      [99, []],
    ]);
  });

  it('do not hang the look when reused pids form a ring', () => {
    expect(treesOf([9], table(row(2, 3, 2), row(3, 2, 3))).get(9)).toEqual([]);
  });
});

describe('usage of an instance', () => {
  const tables: Map<number, ProcessRow>[] = [];
  const setup = () => {
    const clock = { now: 0, looks: 0 };
    const sampler = createUsageSampler({
      os: 'linux',
      now: () => clock.now,
      readTable: () => {
        clock.looks += 1;
        return tables.shift() ?? null;
      },
    });
    return { clock, sampler };
  };

  it('sums memory over the tree, and processor time since the look before', () => {
    const { clock, sampler } = setup();
    tables.push(
      table(row(10, 1, 10, { ticks: 100, rssBytes: 5 }), row(11, 10, 10, { ticks: 50, rssBytes: 7 })),
    );
    expect(sampler.look([10])).toEqual(new Map([[10, { rssBytes: 12, cpuPercent: null }]]));
    clock.now = 4_000;
    // 11 ended and 12 is new: 100 + 20 ticks in 4 s.
    tables.push(table(row(10, 1, 10, { ticks: 200, rssBytes: 5 }), row(12, 10, 10, { ticks: 20 })));
    expect(sampler.look([10])).toEqual(new Map([[10, { rssBytes: 6, cpuPercent: 30 }]]));
  });

  it('looks once for all that is asked within two seconds, and again for a child it has not seen', () => {
    const { clock, sampler } = setup();
    tables.push(table(row(10, 1, 10), row(20, 1, 20)));
    sampler.look([10]);
    clock.now = 1_999;
    sampler.look([20]);
    expect(clock.looks).toBe(1);
    tables.push(table(row(10, 1, 10), row(30, 1, 30)));
    expect(sampler.look([30]).get(30)).toEqual({ rssBytes: 1, cpuPercent: null });
    expect(clock.looks).toBe(2);
  });

  it('says nothing where the platform tells nothing, or of what has gone', () => {
    const { sampler } = setup();
    expect(sampler.look([10]).size).toBe(0);
    tables.push(table(row(1, 0, 1)));
    expect(sampler.look([10]).size).toBe(0);
  });
});
