import { describe, expect, it } from 'vitest';
import {
  chosenColumns,
  COLUMN_IDS,
  columnTemplate,
  DEFAULT_COLUMNS,
  fittingColumns,
  moveColumn,
  nextSort,
  resizeColumn,
  toggleColumn,
  widthOf,
} from '../../../renderer/features/traffic/column-layout.ts';
import { readView } from '../../../renderer/features/traffic/traffic-view-store.ts';

const AT_FIRST = ['time', 'client', 'server', 'method', 'outcome', 'size', 'duration'];

describe('columns', () => {
  it('show what is asked for most at first', () => {
    expect(chosenColumns(DEFAULT_COLUMNS)).toEqual(AT_FIRST);
  });

  it('move past the shown ones beside them', () => {
    const shown = (id: 'client' | 'duration' | 'time', steps: number) =>
      chosenColumns(moveColumn(DEFAULT_COLUMNS, id, steps));
    expect(shown('client', 1).slice(0, 3)).toEqual(['time', 'server', 'client']);
    expect(shown('duration', -6)).toEqual(['duration', ...AT_FIRST.slice(0, -1)]);
    expect(shown('time', -1)).toEqual(AT_FIRST);
    const { order } = moveColumn(DEFAULT_COLUMNS, 'client', 3);
    expect(new Set(order).size).toBe(COLUMN_IDS.length);
  });

  it('can be shown and hidden, all but the subject', () => {
    const more = toggleColumn(DEFAULT_COLUMNS, 'hub');
    expect(chosenColumns(more)).toEqual([...AT_FIRST.slice(0, -1), 'hub', 'duration']);
    expect(toggleColumn(more, 'hub')).toEqual(DEFAULT_COLUMNS);
    expect(toggleColumn(DEFAULT_COLUMNS, 'method')).toBe(DEFAULT_COLUMNS);
  });

  it('keep a width within bounds and give it back', () => {
    expect(widthOf(resizeColumn(DEFAULT_COLUMNS, 'server', 210.4), 'server')).toBe(210);
    expect(widthOf(resizeColumn(DEFAULT_COLUMNS, 'server', 3), 'server')).toBe(48);
    expect(resizeColumn(resizeColumn(DEFAULT_COLUMNS, 'server', 300), 'server', null)).toEqual(
      DEFAULT_COLUMNS,
    );
  });

  it('give way by rank where there is no room, never the subject', () => {
    expect(fittingColumns(DEFAULT_COLUMNS, 1_100)).toEqual(AT_FIRST);
    expect(fittingColumns(DEFAULT_COLUMNS, 640)).not.toContain('size');
    expect(fittingColumns(DEFAULT_COLUMNS, 10)).toEqual(['method']);
  });

  it('share the spare width, except those a person sized', () => {
    expect(columnTemplate(DEFAULT_COLUMNS, ['time', 'server', 'method'])).toBe(
      '92px minmax(0, 1fr) minmax(0, 2fr)',
    );
    const sized = resizeColumn(DEFAULT_COLUMNS, 'server', 200);
    expect(columnTemplate(sized, ['time', 'server'])).toBe('92px 200px minmax(0, 1fr)');
  });

  it('sort by a click, the other way by the next, and not at all by the third', () => {
    expect(nextSort(null, 'size')).toEqual({ column: 'size', isDescending: false });
    expect(nextSort({ column: 'size', isDescending: false }, 'size')).toEqual({
      column: 'size',
      isDescending: true,
    });
    expect(nextSort({ column: 'size', isDescending: true }, 'size')).toBeNull();
    expect(nextSort({ column: 'size', isDescending: true }, 'server')?.column).toBe('server');
    expect(nextSort(null, 'time')).toEqual({ column: 'time', isDescending: true });
  });
});

describe('the stored view', () => {
  it('is read back as it was', () => {
    const columns = resizeColumn(moveColumn(DEFAULT_COLUMNS, 'time', 2), 'time', 120);
    const view = { ...readView(null), columns, collapsesRuns: false };
    expect(readView(JSON.stringify(view))).toEqual(view);
  });

  it.each(['', 'null', '[]', '{"columns":7,"sort":{"column":"no"},"histogramSpan":"1y"}', '{'])(
    'is as at first where %j cannot be read',
    (stored) => {
      expect(readView(stored)).toEqual(readView(null));
    },
  );

  it('gets columns that came since, hidden, and no column twice', () => {
    const old = { order: ['duration', 'time', 'time', 'method'], hidden: ['method'], widths: {} };
    const { columns } = readView(JSON.stringify({ columns: old }));
    expect(chosenColumns(columns)).toEqual(['duration', 'time', 'method']);
    expect(columns.order).toHaveLength(COLUMN_IDS.length);
  });
});
