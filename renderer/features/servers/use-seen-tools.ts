import type { ErrorInfo } from '../../../shared/model/error.ts';
import { filterTerm } from '../../lib/filter-text.ts';
import { useHubQuery } from '../../lib/hub-context.tsx';
import type { HubClient } from '../../lib/hub-link.ts';
import { isMethod } from '../latency/row-filter.ts';
import { toolNamesIn } from './seen-tools.ts';

/** Names of a server's tools as clients saw them, and where they were read. */
export interface SeenTools {
  names: string[];
  from: 'list' | 'calls';
}

const CALLS_SINCE_MS = 7 * 86_400_000;
/** A page of a long list may come last, and an answer may be cut: a few are looked at. */
const LISTS_LOOKED_AT = 3;

/** The tools of a server: of the newest recorded `tools/list`, else those that were called. */
export function useSeenTools(server: string): { tools: SeenTools | null; error: ErrorInfo | null } {
  const { data, error } = useHubQuery(server, (client, signal) => findTools(client, server, signal));
  return { tools: data, error };
}

async function findTools(client: HubClient, server: string, signal: AbortSignal): Promise<SeenTools> {
  const term = filterTerm('server', server);
  const { exchanges } = await client.traffic.list(
    { filter: `${term} method:tools/list status:ok`, limit: LISTS_LOOKED_AT },
    { signal },
  );
  const names = new Set<string>();
  for (const { id } of exchanges) {
    const { response } = await client.traffic.get({ id }, { signal });
    for (const name of toolNamesIn(response?.text ?? '') ?? []) names.add(name);
  }
  if (names.size > 0) return { names: [...names], from: 'list' };
  const rows = await client.latency.table({ filter: term, sinceMs: CALLS_SINCE_MS }, { signal });
  return { names: rows.map(({ tool }) => tool).filter((tool) => !isMethod(tool)), from: 'calls' };
}
