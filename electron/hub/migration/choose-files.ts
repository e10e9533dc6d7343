import { PatchbayError, type ErrorCode } from '../../../shared/model/error.ts';
import { ERROR_CODES } from '../../../shared/model/error.ts';
import type { ApplyOptions } from './migration-service.ts';
import type { MigrationPlan, PlannedFile } from './plan.ts';

/** The files of a plan that will be written, and in words why others will not. */
export interface ChosenFiles {
  files: PlannedFile[];
  leftOut: string[];
}

/**
 * Throws PLAN_STALE when a file is no longer what was shown, a file's own refusal when every one is refused, and
 * NOTHING_TO_DO when no entry is left to move. With `expected`, files that were not shown are not touched.
 */
export function chooseFiles({ files }: MigrationPlan, { expected }: ApplyOptions): ChosenFiles {
  for (const { path, sha256 } of expected ?? []) {
    const now = files.find(({ view }) => view.path === path);
    if (now?.view.sha256 !== sha256) {
      throw new PatchbayError('PLAN_STALE', `${path} has changed since the plan was shown.`, {
        path,
        hint: 'Look at the new plan and try again.',
      });
    }
  }
  const shown = files.filter(({ view }) => !expected || expected.some(({ path }) => path === view.path));
  const routed = shown.filter(({ moves, view }) => moves.length > 0 && !view.refusal);
  const ready = [...routed, ...rulesFor(routed, shown)];
  const refused = shown.filter(({ view, config }) => view.refusal && config.file.project === undefined);
  const [first] = refused;
  if (ready.length === 0 && first) throw refusalOf(first);
  if (ready.length === 0) {
    throw new PatchbayError('NOTHING_TO_DO', 'There is no server left to route.', {
      hint: 'See what was found: patchbay clients',
    });
  }
  return {
    files: ready,
    leftOut: refused.map(
      ({ config, view }) => `${config.adapter.name} was left as it is: ${view.refusal!.message}`,
    ),
  };
}

/** Rules follow entries: where none of a client's is moved, none of its rules is rewritten. */
export function rulesFor(routed: readonly PlannedFile[], files: readonly PlannedFile[]): PlannedFile[] {
  const clients = new Set(routed.map(({ config }) => config.file.client));
  return files.filter(
    ({ rules, view, config }) => rules.length > 0 && !view.refusal && clients.has(config.file.client),
  );
}

function refusalOf({ view }: PlannedFile): PatchbayError {
  const { code, message, hint } = view.refusal!;
  const known = ERROR_CODES.find((candidate): candidate is ErrorCode => candidate === code) ?? 'INTERNAL';
  return new PatchbayError(known, message, { path: view.path, ...(hint !== undefined && { hint }) });
}
