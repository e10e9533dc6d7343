import { expect, it } from 'vitest';
import { filterTerm } from '../../../renderer/lib/filter-text.ts';
import { matches } from '../../../shared/filter/match-filter.ts';
import { parseFilter } from '../../../shared/filter/parse-filter.ts';
import { exchange } from './exchange-samples.ts';

it.each(['github', 'my server', 'a,b', 'wild*card', 'say "hi"', 'back\\slash', 'résumé', 'a:b', '-dash', ''])(
  'makes a filter that finds exactly the name it was made from: %j',
  (name) => {
    const parsed = parseFilter(filterTerm('server', name));
    if (name === '') return expect(parsed.ok).toBe(false);
    if (!parsed.ok) throw new Error(parsed.error.message);
    expect(matches(parsed.filter, exchange(1, { server: name }), 0)).toBe(true);
    expect(matches(parsed.filter, exchange(1, { server: `${name}x` }), 0)).toBe(false);
  },
);
