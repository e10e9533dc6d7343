import type { ClientId } from '../../../shared/model/client.ts';
import { isParityKept, type ParityRow } from '../../../shared/model/migration.ts';
import type { ClientAdapter } from '../clients/client-adapter.ts';
import type { Running } from './running-clients.ts';

type Named = Pick<ClientAdapter, 'id' | 'name' | 'sessionFolder'>;

/** What the person should do so that running clients notice the change. */
export function afterwardsNotes(
  adapters: readonly Named[],
  changed: readonly ClientId[],
  running: Running,
): string[] {
  return adapters
    .filter(({ id }) => changed.includes(id))
    .flatMap(({ id, name, sessionFolder }): string[] => {
      // Clients with sessions can be told to reload; the others read their config at their start only.
      if (!sessionFolder) return [`Start ${name} again.`];
      const live = running.of(id);
      if (live.length === 0) return [];
      const folders = [...new Set(live.flatMap(({ cwd }) => cwd ?? []))];
      const where = folders.length > 0 ? folders.join(', ') : `${live.length} running sessions`;
      return [`${name}: run /reload-plugins or restart in: ${where}`];
    });
}

/** Why files were taken back, one sentence per entry. A row without a loss is here because it is slower. */
export function lostNotes(lost: readonly ParityRow[], adapters: readonly Named[]): string[] {
  return lost.map((row) => {
    const client = adapters.find(({ id }) => id === row.client)?.name ?? row.client;
    const where = row.project === undefined ? client : `${client} in ${row.project}`;
    return `PARITY_LOST: ${JSON.stringify(row.server)} of ${where} ${whatWasLost(row)}, so this client's config was put back.`;
  });
}

function whatWasLost(row: ParityRow): string {
  const { toolsBefore, toolsAfter, missing, changed, errorAfter } = row;
  if (isParityKept(row)) {
    return `answers in ${inMs(row.latencyAfterMs)} instead of ${inMs(row.latencyBeforeMs)}`;
  }
  if (toolsBefore !== null && toolsAfter === null) {
    return `answered before and does not through Patchbay${errorAfter ? ` (${errorAfter})` : ''}`;
  }
  const parts = [
    ...(missing.length > 0 ? [`lost ${missing.join(', ')}`] : []),
    ...(changed.length > 0 ? [`has other definitions of ${changed.join(', ')}`] : []),
  ];
  return parts.join(' and ');
}

const inMs = (value: number | null): string => (value === null ? 'no time at all' : `${value.toFixed(1)} ms`);
