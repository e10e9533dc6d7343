import { expect, it } from 'vitest';
import { costsOf, inShort } from '../../../renderer/features/setup/way-costs.ts';
import type { PlanConsequences } from '../../../shared/model/migration.ts';

const numbers = (more: Partial<PlanConsequences> = {}): PlanConsequences => ({
  entriesMoved: 4,
  entriesLeft: 1,
  namesChanged: 0,
  mentions: 3,
  mentionsBroken: 0,
  mentionsRewritten: 0,
  processesNow: 4,
  processesThen: 8,
  entriesNeedingHub: 0,
  worksWithoutHub: true,
  entriesElsewhere: 0,
  serversGained: 0,
  ...more,
});

it('marks what is worse than today, and only that', () => {
  const plain = costsOf(numbers(), 4);
  expect(
    Object.entries(plain)
      .filter(([, { isWorse }]) => isWorse)
      .map(([name]) => name),
  ).toEqual(['processes']);
  const merged = costsOf(
    numbers({ namesChanged: 4, mentionsBroken: 3, entriesNeedingHub: 4, processesThen: 2, serversGained: 2 }),
    5,
  );
  expect(
    Object.entries(merged)
      .filter(([, { isWorse }]) => isWorse)
      .map(([name]) => name),
  ).toEqual(['moved', 'names', 'mentions', 'offline', 'gained']);
});

it('counts a rule that is rewritten as kept', () => {
  const { mentions } = costsOf(numbers({ mentionsBroken: 3, mentionsRewritten: 3 }), 4);
  expect(mentions).toEqual({ words: '3 stop matching, 3 rewritten', isWorse: false });
});

it('says in short everything that gets worse', () => {
  const all = inShort(numbers({ entriesElsewhere: 2, serversGained: 1 })).join('; ');
  expect(all).toContain('2 in your home folder');
  expect(all).toContain('Servers a client sees more: 1');
  expect(all).toContain('4 → 8');
});
