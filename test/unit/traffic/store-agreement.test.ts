import fc from 'fast-check';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { ExchangeStore } from '../../../electron/hub/traffic/exchange-store.ts';
import { isFailure } from '../../../electron/hub/traffic/latency-table.ts';
import { matches } from '../../../shared/filter/match-filter.ts';
import type { Exchange } from '../../../shared/model/exchange.ts';
import { exchange } from './exchange-fixture.ts';
import { batch, filter, found, stored, taken } from './stored-fixture.ts';
import { temporaryFolders } from './temporary-folder.ts';

const NOW = 1_700_000_000_000;
const HOUR = 3_600_000;
const folder = temporaryFolders();
const open: ExchangeStore[] = [];

afterEach(() => {
  for (const store of open.splice(0)) store.close();
});

const words = fc.constantFrom(
  'github',
  'GitHub',
  'git',
  'create_issue',
  'a%b',
  'a_b',
  String.raw`a\b`,
  'Ä',
  'x y',
  '*',
  '',
);
const row = fc.record({
  server: fc.oneof({ weight: 3, arbitrary: fc.constant('github') }, words),
  client: fc.constantFrom('GitHub', 'a%b'),
  project: fc.option(fc.constantFrom('/home/me/web', String.raw`C:\me\web`, 'web', '/web/', 'a%b/x y')),
  tool: fc.option(words),
  method: fc.constantFrom('tools/call', 'initialize', 'ping'),
  sessionId: fc.constantFrom('git', 'x y', '*'),
  direction: fc.constantFrom('client-to-server' as const, 'server-to-client' as const),
  kind: fc.constantFrom('request' as const, 'notification' as const),
  outcome: fc.constantFrom(
    'pending' as const,
    'ok' as const,
    'error' as const,
    'tool-error' as const,
    'cancelled' as const,
    'lost' as const,
  ),
  errorMessage: fc.option(words),
  requestBytes: fc.constantFrom(0, 100, 1024),
  responseBytes: fc.option(fc.constantFrom(0, 1024, 5000)),
  durationMs: fc.option(fc.constantFrom(0, 0.5, 500, 500.001, 1_000, 1_000.001, 5_000)),
  at: fc.constantFrom(NOW, NOW - HOUR, NOW - HOUR - 1, NOW - 2 * HOUR, NOW - 48 * HOUR),
});
const value = fc.constantFrom(
  'github',
  'git*',
  '*hub',
  'GIT*',
  'a%b',
  'a_b',
  String.raw`a\b`,
  'ä',
  'Ä*',
  '"x y"',
  '"*"',
  '*',
  'web',
  'me/web',
  '*/w*b',
  'tools/*',
);
const term = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('server', 'client', 'tool', 'method', 'session', 'project'),
      fc.array(value, { minLength: 1, maxLength: 3 }),
    )
    .map(([field, values]) => `${field}:${values.join(',')}`),
  value,
  fc.constantFrom(
    'status:error',
    'status:ok,lost',
    'status:failed',
    'status:pending',
    'dur:>500ms',
    'dur:>=1s',
    'dur:>1s',
    'dur:1s..2s,>4s',
    'dur:<=0.5',
    'dur:0..1s',
    'size:>=1kb',
    'size:<1kb,>5kb',
    'since:1h',
    'since:90m,2d',
    'until:1h',
    'until:2h,1d',
    `until:${new Date(NOW - HOUR).toISOString()}`,
    'is:notification',
    'is:from-server,request',
    'is:bookmarked',
    'is:bookmarked,notification',
  ),
);
const query = fc
  .array(
    fc.tuple(fc.boolean(), term).map(([isNot, text]) => (isNot ? `-${text}` : text)),
    { maxLength: 4 },
  )
  .map((terms) => terms.join(' '));

const rows = (earliest: fc.Arbitrary<Partial<Exchange>>) =>
  fc.record({
    rows: fc.array(
      fc.tuple(row, earliest).map(([one, changes]) => ({ ...one, ...changes })),
      { minLength: 1, maxLength: 20 },
    ),
    // Their ids are so far apart that they lie in several groups.
    apart: fc.integer({ min: 1, max: 400 }),
  });

/** What happens to a log, in order. */
const deed = fc.oneof(
  { weight: 6, arbitrary: rows(fc.constant({})) },
  // A row that was written before is answered now.
  {
    weight: 2,
    arbitrary: fc.record({ answered: fc.nat(), outcome: fc.constantFrom('ok' as const, 'lost' as const) }),
  },
  { weight: 4, arbitrary: fc.record({ marked: fc.nat(), bookmarked: fc.boolean() }) },
  // All up to some age goes, but for what is bookmarked.
  { weight: 1, arbitrary: fc.record({ trimTo: fc.constantFrom(30 * HOUR, HOUR + 1) }) },
);

/** A store and what should be in it. */
function logOf(deeds: readonly (typeof deed extends fc.Arbitrary<infer Deed> ? Deed : never)[]) {
  const store = new ExchangeStore(path.join(folder(), 'traffic.db'));
  open.push(store);
  const all = new Map<number, Exchange>();
  const bookmarked = new Set<number>();
  let last = 0;
  for (const one of deeds) {
    const ids = [...all.keys()];
    if ('rows' in one) {
      const rows = one.rows.map((changes) => exchange({ ...changes, id: (last += one.apart) }));
      for (const each of rows) all.set(each.id, each);
      store.write(batch(rows.map((each) => stored(each))));
    } else if ('answered' in one) {
      const known = all.get(ids[one.answered % ids.length] ?? 0);
      if (!known) continue;
      const answered = { ...known, outcome: one.outcome, durationMs: 7 };
      all.set(answered.id, answered);
      store.write(batch([stored(answered)]));
    } else if ('marked' in one) {
      const id = ids[one.marked % ids.length] ?? 0;
      expect(store.annotate({ exchange: id, bookmarked: one.bookmarked, note: null, at: NOW })).toBe(
        all.has(id),
      );
      if (one.bookmarked && all.has(id)) bookmarked.add(id);
      else bookmarked.delete(id);
    } else {
      while (store.trim({ maxBytes: 1e9, maxAgeMs: one.trimTo }, NOW));
      const left = found(store, {
        filter: filter(''),
        limit: 10_000,
        before: undefined,
        nowMs: NOW,
      }).exchanges;
      for (const id of bookmarked) expect(left.some((each) => each.id === id)).toBe(true);
      for (const id of ids) if (!left.some((each) => each.id === id)) all.delete(id);
    }
  }
  return { store, all: [...all.values()].toSorted((a, b) => b.id - a.id), bookmarked };
}

test('the store and the predicate agree on any rows, deeds and filters', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(
      fc
        .tuple(rows(fc.constant({ at: NOW - 48 * HOUR })), fc.array(deed, { maxLength: 12 }))
        .map(([first, others]) => [first, ...others]),
      fc.array(query, { minLength: 1, maxLength: 10 }),
      fc.nat(),
      (deeds, queries, page) => {
        const { store, all, bookmarked } = logOf(deeds);
        for (const text of queries) {
          const parsed = filter(text);
          const expected = all.filter((one) => matches(parsed, one, NOW, bookmarked));
          const asked = { filter: parsed, nowMs: NOW };
          const whole = found(store, { ...asked, limit: 10_000, before: undefined });
          expect([text, whole]).toEqual([text, { exchanges: expected, more: false }]);
          const before = all[page % Math.max(1, all.length)]?.id ?? 1;
          const rest = expected.filter(({ id }) => id < before);
          const some = found(store, { ...asked, limit: 3, before });
          expect([text, some]).toEqual([text, { exchanges: rest.slice(0, 3), more: rest.length > 3 }]);

          const times = { from: NOW - 3 * HOUR, until: NOW, slices: 6 };
          const { value: slices } = taken(store.histogram({ ...asked, ...times }));
          const inTime = expected.filter(({ at }) => at >= times.from && at < times.until);
          expect([text, slices.map(({ count }) => count)]).toEqual([
            text,
            slices.map(
              ({ at }, index) =>
                inTime.filter((one) => one.at >= at && one.at < (slices[index + 1]?.at ?? NOW)).length,
            ),
          ]);
          expect(slices.reduce((sum, { failed }) => sum + failed, 0)).toBe(
            inTime.filter(({ outcome }) => isFailure(outcome)).length,
          );
        }
        store.close();
      },
    ),
    { numRuns: 60 },
  );
});
