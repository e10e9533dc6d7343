import { expect, it } from 'vitest';
import { termOfCell, type TermPlace } from '../../../renderer/features/traffic/cell-term.ts';
import { matches } from '../../../shared/filter/match-filter.ts';
import { parseFilter } from '../../../shared/filter/parse-filter.ts';
import { exchange } from './exchange-samples.ts';

const row = exchange(1, {
  client: 'odd client',
  project: '/home/me/a,b',
  server: 'x"y',
  tool: 'wild*card',
  outcome: 'tool-error',
  errorMessage: 'host:port -refused "here"',
  durationMs: 12.7,
});
const other = exchange(2, { durationMs: 3 });

it.each<TermPlace>(['client', 'project', 'server', 'method', 'outcome', 'error', 'duration'])(
  'a term made from the %s finds its row and not another',
  (place) => {
    const parsed = parseFilter(termOfCell(place, row)!);
    if (!parsed.ok) throw new Error(parsed.error.message);
    expect(matches(parsed.filter, row, 0)).toBe(true);
    expect(matches(parsed.filter, other, 0)).toBe(false);
  },
);

it('has no term for what cannot be asked for', () => {
  expect(termOfCell('time', row)).toBeNull();
  expect(termOfCell('error', other)).toBeNull();
  expect(termOfCell('project', other)).toBeNull();
});
