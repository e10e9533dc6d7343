import { create } from 'zustand';
import type { ErrorInfo } from '../../../shared/model/error.ts';
import { errorInfoOf } from '../../lib/error-info.ts';
import type { HubClient } from '../../lib/hub-link.ts';

interface SetupState {
  /** What this page knows of the migration it asked for; how it really stands only the hub can tell. */
  phase: 'idle' | 'asked' | 'refused';
  error: ErrorInfo | null;
}

/** The migration this tab asked for. It lives outside the screen: leaving the wizard stops nothing. */
export const useSetup = create<SetupState>()(() => ({ phase: 'idle', error: null }));

let asked: AbortController | null = null;

/** What the person agreed to: the options, the files as the plan showed them, and the clients that may be restarted. */
export type Consent = Parameters<HubClient['migration']['apply']>[0];

/** Asks for the migration and stays on the line until it is over; never throws. */
export async function applyMigration(client: HubClient, consent: Consent): Promise<void> {
  if (useSetup.getState().phase === 'asked') return;
  const own = new AbortController();
  asked = own;
  useSetup.setState({ phase: 'asked', error: null });
  try {
    // The steps are shown from what the hub keeps of the run, which also those see who come later.
    for await (const _ of await client.migration.apply(consent, { signal: own.signal }));
    useSetup.setState({ phase: 'idle' });
  } catch (error) {
    useSetup.setState(
      own.signal.aborted ? { phase: 'idle', error: null } : { phase: 'refused', error: errorInfoOf(error) },
    );
  } finally {
    asked = null;
  }
}

/** The hub stops a run that nobody waits for, as long as nothing was changed. */
export const stopMigration = (): void => asked?.abort();
