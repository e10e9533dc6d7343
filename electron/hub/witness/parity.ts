import type { ParityRow } from '../../../shared/model/migration.ts';
import type { ProbeResult } from '../migration/witness-port.ts';

/**
 * One row per result of `after`, with what its partner in `before` had. Pure; names come sorted by code unit. Prompts,
 * resources and templates stand beside the tools under names that say what they are.
 */
export function compareParity(before: readonly ProbeResult[], after: readonly ProbeResult[]): ParityRow[] {
  const partners = new Map(before.map((result) => [entryKey(result), result]));
  return after.map((result) => compareEntry(partners.get(entryKey(result)), result));
}

function compareEntry(before: ProbeResult | undefined, after: ProbeResult): ParityRow {
  const { client, server, scope, project } = after.launch;
  // Where one side was not asked for anything but tools, that is no difference.
  const both = before?.features !== undefined && after.features !== undefined;
  const had = before ? everythingOf(before, both) : null;
  const has = everythingOf(after, both);
  return {
    client,
    server,
    scope,
    ...(project !== undefined && { project }),
    toolsBefore: before?.tools?.size ?? null,
    toolsAfter: after.tools?.size ?? null,
    missing: namesOf(had, (name) => !has?.has(name)),
    added: had ? namesOf(has, (name) => !had.has(name)) : [],
    changed: namesOf(had, (name, hash) => (has?.get(name) ?? hash) !== hash),
    startBeforeMs: before?.startMs ?? null,
    startAfterMs: after.startMs,
    latencyBeforeMs: before?.latencyMs ?? null,
    latencyAfterMs: after.latencyMs,
    ...(before?.error !== undefined && { errorBefore: before.error }),
    ...(after.error !== undefined && { errorAfter: after.error }),
    route: after.route,
  };
}

type Named = ReadonlyMap<string, string>;

/** Null for a server that did not answer. */
function everythingOf({ tools, features }: ProbeResult, withFeatures: boolean): Named | null {
  if (!tools || !features || !withFeatures) return tools;
  // A tool may be called like anything, also like a prompt's line here: then the tool is what counts.
  return new Map([...features, ...tools]);
}

function namesOf(items: Named | null, wanted: (name: string, hash: string) => boolean): string[] {
  return [...(items ?? [])].flatMap(([name, hash]) => (wanted(name, hash) ? [name] : [])).sort();
}

const entryKey = ({ launch: { client, server, scope, project } }: ProbeResult): string =>
  JSON.stringify([client, server, scope, project ?? null]);
