import type { ParityRow } from '../../../shared/model/migration.ts';
import type { ProbeResult } from '../migration/witness-port.ts';

/** One row per result of `after`, with what its partner in `before` had. Pure; names come sorted by code unit. */
export function compareParity(before: readonly ProbeResult[], after: readonly ProbeResult[]): ParityRow[] {
  const partners = new Map(before.map((result) => [entryKey(result), result]));
  return after.map((result) => compareEntry(partners.get(entryKey(result)), result));
}

function compareEntry(before: ProbeResult | undefined, after: ProbeResult): ParityRow {
  const { client, server, scope, project } = after.launch;
  const toolsBefore = before?.tools ?? null;
  const toolsAfter = after.tools;
  return {
    client,
    server,
    scope,
    ...(project !== undefined && { project }),
    toolsBefore: toolsBefore?.size ?? null,
    toolsAfter: toolsAfter?.size ?? null,
    missing: namesOf(toolsBefore, (name) => !toolsAfter?.has(name)),
    added: toolsBefore ? namesOf(toolsAfter, (name) => !toolsBefore.has(name)) : [],
    changed: namesOf(toolsBefore, (name, hash) => (toolsAfter?.get(name) ?? hash) !== hash),
    startBeforeMs: before?.startMs ?? null,
    startAfterMs: after.startMs,
    latencyBeforeMs: before?.latencyMs ?? null,
    latencyAfterMs: after.latencyMs,
    ...(before?.error !== undefined && { errorBefore: before.error }),
    ...(after.error !== undefined && { errorAfter: after.error }),
    route: after.route,
  };
}

function namesOf(
  tools: ReadonlyMap<string, string> | null,
  wanted: (name: string, hash: string) => boolean,
): string[] {
  return [...(tools ?? [])].flatMap(([name, hash]) => (wanted(name, hash) ? [name] : [])).sort();
}

const entryKey = ({ launch: { client, server, scope, project } }: ProbeResult): string =>
  JSON.stringify([client, server, scope, project ?? null]);
