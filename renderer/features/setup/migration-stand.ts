import type { ErrorInfo } from '../../../shared/model/error.ts';
import type { HistoryItem, MigrationRun, StepReport } from '../../../shared/model/migration.ts';

/** How the migration stands that the wizard is to show. */
export type Stand =
  /** The hub has not been asked yet, or cannot be at the moment. */
  | { kind: 'unknown' }
  | { kind: 'running'; steps: readonly StepReport[] }
  /** Another program works at it, such as the command line: there are no steps to see. */
  | { kind: 'elsewhere' }
  | { kind: 'done'; migration: string }
  /** Nothing was changed. */
  | { kind: 'stopped' }
  | { kind: 'failed'; error: ErrorInfo; steps: readonly StepReport[] }
  /** None was begun. */
  | { kind: 'none' };

/** What the hub says, both at one time. */
export interface HubTruth {
  run: MigrationRun | null;
  /** Newest first. */
  history: readonly HistoryItem[];
}

/** What this page knows by itself. */
export interface PageKnowledge {
  /** When the person said to begin, as the address has it. */
  since: number | undefined;
  phase: 'idle' | 'asked' | 'refused';
  error: ErrorInfo | null;
}

/**
 * The hub's word counts, and not what the page remembers: the page may have been reloaded, the hub may have crashed and
 * settled the migration at its next start. Times are of one machine: the hub serves its own.
 */
export function standOf({ since, phase, error }: PageKnowledge, truth: HubTruth | null): Stand {
  if (truth === null) return phase === 'asked' ? { kind: 'running', steps: [] } : { kind: 'unknown' };
  const { run, history } = truth;
  if (run?.outcome.kind === 'running') return { kind: 'running', steps: run.steps };
  const newest = history[0];
  if (since === undefined) return newest?.state === 'applying' ? { kind: 'elsewhere' } : { kind: 'none' };
  if (run && run.startedAt >= since) {
    const { outcome, steps } = run;
    if (outcome.kind === 'done') return { kind: 'done', migration: outcome.migration };
    if (outcome.kind === 'failed') return { kind: 'failed', error: outcome.error, steps };
    return { kind: 'stopped' };
  }
  if (phase === 'asked') return { kind: 'running', steps: [] };
  if (newest && Date.parse(newest.at) >= since) {
    return newest.state === 'applying' ? { kind: 'elsewhere' } : { kind: 'done', migration: newest.id };
  }
  return phase === 'refused' && error ? { kind: 'failed', error, steps: [] } : { kind: 'stopped' };
}
