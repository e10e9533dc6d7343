import type { Engine } from './engine.ts';
import type { Manifest, ManifestEntry, ManifestFile } from './manifest.ts';
import { valuesOf } from './moved-secrets.ts';
import type { MigrationPlan, PlannedFile } from './plan.ts';
import type { Move } from './move.ts';
import { rewritePlanned, type RewrittenFile } from './rewrite-file.ts';
import { sha256 } from '../files/sha256.ts';

/** The manifest of a migration that is about to begin. Its files stand in the order of `files`. */
export function startManifest(
  { shim, storage }: Engine,
  files: readonly PlannedFile[],
  { added, stored }: Pick<MigrationPlan, 'added' | 'stored'>,
  id: string,
): Manifest {
  const secretsAdded = [...valuesOf(files.flatMap(({ moves }) => moves)).keys()].filter(
    (name) => !stored.has(name),
  );
  const used = new Set(files.flatMap(({ moves }) => moves.map(({ server }) => server)));
  return {
    version: 1,
    id,
    at: new Date(storage.now()).toISOString(),
    state: 'applying',
    catalogAdded: [...added.keys()].filter((name) => used.has(name)),
    ...(secretsAdded.length > 0 && { secretsAdded }),
    files: files.map((planned, index): ManifestFile => {
      const { config, moves, rules } = planned;
      const document = config.document!;
      const target = config.target!;
      const rewritten = rewritePlanned(document, planned, shim);
      return {
        path: config.file.path,
        target: target.path,
        client: config.file.client,
        backup: `${index + 1}-${config.file.client}.backup`,
        mode: target.facts.mode,
        sha256Before: config.sha256!,
        sha256After: sha256(rewritten.bytes),
        state: 'pending',
        entries: manifestEntries(moves, rewritten),
        ...(rules.length > 0 && { rules }),
      };
    }),
  };
}

/** What the manifest says about the entries of one rewritten file. */
export function manifestEntries(moves: readonly Move[], { additions }: RewrittenFile): ManifestEntry[] {
  return moves.map(({ table, name, server, way }, index) => ({
    name,
    keys: table.keys,
    scope: table.scope,
    ...(table.project !== undefined && { project: table.project }),
    server,
    ...(way !== 'shim' && { way }),
    additions: additions[index] ?? { args: false, env: false, envNames: [] },
  }));
}
