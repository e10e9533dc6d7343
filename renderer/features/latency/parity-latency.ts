import type { MigrationResult, ParityRow } from '../../../shared/model/migration.ts';

/** What one migration measured of one entry. */
export interface MigrationLatency {
  migration: string;
  /** ISO 8601. */
  at: string;
  row: ParityRow;
}

/**
 * What migrations measured of a server, one line per place it was migrated in, the newest measurement of each. Rows
 * where neither side gave a number say nothing about latency.
 */
export function latencyOfServer(
  server: string,
  reports: readonly { at: string; result: Pick<MigrationResult, 'id' | 'parity'> }[],
): MigrationLatency[] {
  const newest = new Map<string, MigrationLatency>();
  for (const { at, result } of reports.toSorted((a, b) => b.at.localeCompare(a.at))) {
    for (const row of result.parity) {
      if (row.server !== server || (row.latencyBeforeMs === null && row.latencyAfterMs === null)) continue;
      const place = JSON.stringify([row.client, row.scope, row.project ?? null]);
      if (!newest.has(place)) newest.set(place, { migration: result.id, at, row });
    }
  }
  return [...newest.values()];
}
