import { useEffect } from 'react';
import { useHubClient, useHubQuery, useResource } from '../../lib/hub-context.tsx';
import type { HubTruth } from './migration-stand.ts';

/** Runs of other programs announce nothing. */
const AGAIN_MS = 2_000;

/** What the connected hub says about migrations now; null while it has not answered, also after a lost connection. */
export function useHubTruth(): HubTruth | null {
  const client = useHubClient();
  const { data: announced } = useResource('migration');
  const { data, reload } = useHubQuery(
    'migration',
    async (hub, signal) => {
      const run = await hub.migration.run(undefined, { signal });
      return { hub, truth: { run, history: await hub.migration.history(undefined, { signal }) } };
    },
    { everyMs: AGAIN_MS },
  );
  useEffect(() => reload(), [announced, reload]);
  // An answer of the hub before may be of a migration that its crash has undone.
  return data !== null && data.hub === client ? data.truth : null;
}
