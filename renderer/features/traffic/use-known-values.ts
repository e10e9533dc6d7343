import { useMemo } from 'react';
import type { KnownValues } from '../../../shared/filter/complete-filter.ts';
import { ClientId } from '../../../shared/model/client.ts';
import type { LogSnapshot } from '../../lib/exchange-log.ts';
import { useHub, useResource } from '../../lib/hub-context.tsx';
import { projectName } from './exchange-words.ts';

/** Rows looked through for names; enough to know what is going on, few enough to be done at any time. */
const LOOKED_AT = 1_000;
const REFRESH_EVERY_ROWS = 200;

/** Names to complete a filter with: servers of the catalog, and what the newest rows mention. */
export function useKnownValues(): KnownValues {
  const { traffic } = useHub();
  const { data: servers } = useResource('servers');
  const snapshot = traffic.log.snapshot();
  const age = Math.floor(snapshot.heldCount / REFRESH_EVERY_ROWS);
  return useMemo(
    () => ({
      ...seenIn(snapshot),
      server: servers?.map(({ name }) => name) ?? [],
      client: ClientId.options,
    }),
    // A snapshot comes with every flush; names are looked up again only after a good many rows.
    [servers, age, snapshot.rowCount === 0],
  );
}

function seenIn(snapshot: LogSnapshot): KnownValues {
  const tool = new Set<string>();
  const method = new Set<string>();
  const project = new Set<string>();
  for (let index = snapshot.rowCount - 1; index >= Math.max(0, snapshot.rowCount - LOOKED_AT); index -= 1) {
    const row = snapshot.rowAt(index)!;
    if (row.tool !== null) tool.add(row.tool);
    method.add(row.method);
    if (row.project !== null) project.add(projectName(row.project));
  }
  return { tool: [...tool], method: [...method], project: [...project] };
}
