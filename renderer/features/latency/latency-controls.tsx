import { useMemo } from 'react';
import { type Command, useCommands } from '../../lib/commands.ts';
import { LATENCY_PERIODS, navigate } from '../../lib/route.ts';
import { messages } from '../../messages/messages.ts';
import { Segmented } from '../../ui/segmented.tsx';
import { FilterBox } from '../traffic/filter-box.tsx';
import { useFilterText } from '../traffic/use-filter-text.ts';
import { useKnownValues } from '../traffic/use-known-values.ts';
import type { LatencyRoute } from './latency-screen.tsx';
import { PERIOD_MS } from './row-filter.ts';

const text = messages.latency;
/** Shortest first, as people read a scale. */
const PERIODS = LATENCY_PERIODS.toSorted((a, b) => PERIOD_MS[a] - PERIOD_MS[b]).map((value) => ({
  value,
  label: text.periods[value],
}));

/** Filter and period, both kept in the address. */
export function LatencyControls({ route }: { route: LatencyRoute }) {
  const known = useKnownValues();
  const filter = route.filter ?? '';
  const filterText = useFilterText(filter, (next) =>
    navigate({ ...without(route, 'filter'), ...(next && { filter: next }) }, { replace: true }),
  );
  const period = route.period ?? LATENCY_PERIODS[0];
  useCommands(
    useMemo(
      () =>
        PERIODS.filter(({ value }) => value !== period).map(({ value, label }): Command => ({
          id: `latency.period.${value}`,
          label: text.commands.period(label),
          group: text.group,
          run: () => navigate({ ...route, period: value }),
        })),
      [route, period],
    ),
  );
  return (
    <>
      <FilterBox
        label={text.filterLabel}
        placeholder={text.filterPlaceholder}
        value={filterText.text}
        known={known}
        problem={filterText.problem}
        onChange={filterText.setText}
      />
      <Segmented
        label={text.period}
        options={PERIODS}
        value={period}
        onChange={(next) => navigate({ ...route, period: next })}
      />
    </>
  );
}

const without = ({ ...route }: LatencyRoute, key: 'filter'): LatencyRoute => {
  delete route[key];
  return route;
};
