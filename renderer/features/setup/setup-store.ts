import { create } from 'zustand';
import type { ClientId } from '../../../shared/model/client.ts';
import type { ErrorInfo } from '../../../shared/model/error.ts';
import { MigrationResult, type MigrationProgress } from '../../../shared/model/migration.ts';
import { errorInfoOf } from '../../lib/error-info.ts';
import type { HubClient } from '../../lib/hub-link.ts';

/** A step of the migration as the hub reported it. */
export type StepReport = Extract<MigrationProgress, { type: 'step' }>;

interface SetupState {
  phase: 'idle' | 'running' | 'failed' | 'finished';
  /** Every report of the run, oldest first. */
  reports: StepReport[];
  error: ErrorInfo | null;
  result: MigrationResult | null;
}

const RESULT_KEY = 'patchbay.setup.result';
const RUNNING_KEY = 'patchbay.setup.running';

/** The report outlives a reload of the tab; anything unreadable there is as good as nothing. */
function storedResult(): MigrationResult | null {
  try {
    return MigrationResult.parse(JSON.parse(sessionStorage.getItem(RESULT_KEY) ?? 'null'));
  } catch {
    return null;
  }
}

const initial = (): SetupState => {
  const result = storedResult();
  return { phase: result ? 'finished' : 'idle', reports: [], error: null, result };
};

/** The running or last migration of this tab. It lives outside the screen: leaving the wizard stops nothing. */
export const useSetup = create<SetupState>()(initial);

/**
 * When the migration was started that ran in this tab before it was reloaded, in epoch milliseconds; null when there
 * was none. The hub goes on without the tab, and its history has the outcome.
 */
export function interruptedSince(): number | null {
  const startedAt = Number(sessionStorage.getItem(RUNNING_KEY) ?? Number.NaN);
  return useSetup.getState().phase === 'idle' && Number.isFinite(startedAt) ? startedAt : null;
}

/** What the person agreed to: the clients, and the hashes of the files as the plan showed them. */
export interface Consent {
  clients: ClientId[];
  expected: { path: string; sha256: string }[];
}

/** Runs the migration and keeps its reports; never throws. */
export async function applyMigration(client: HubClient, consent: Consent): Promise<void> {
  if (useSetup.getState().phase === 'running') return;
  sessionStorage.removeItem(RESULT_KEY);
  sessionStorage.setItem(RUNNING_KEY, String(Date.now()));
  useSetup.setState({ phase: 'running', reports: [], error: null, result: null });
  try {
    for await (const progress of await client.migration.apply(consent)) {
      if (progress.type === 'step') useSetup.setState(({ reports }) => ({ reports: [...reports, progress] }));
      else {
        sessionStorage.setItem(RESULT_KEY, JSON.stringify(progress.result));
        useSetup.setState({ phase: 'finished', result: progress.result });
      }
    }
    if (useSetup.getState().phase === 'running') throw new Error('The hub ended without a result.');
  } catch (error) {
    useSetup.setState({ phase: 'failed', error: errorInfoOf(error) });
  } finally {
    sessionStorage.removeItem(RUNNING_KEY);
  }
}

/** Forgets the last run, before the next one. */
export function resetSetup(): void {
  if (useSetup.getState().phase === 'running') return;
  sessionStorage.removeItem(RESULT_KEY);
  sessionStorage.removeItem(RUNNING_KEY);
  useSetup.setState(initial());
}
