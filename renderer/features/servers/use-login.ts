import { useRef, useState } from 'react';
import type { ErrorInfo } from '../../../shared/model/error.ts';
import type { LoginAttempt, ServerView } from '../../../shared/model/server.ts';
import { useHub } from '../../lib/hub-context.tsx';
import { openLoginPage } from '../../lib/login-page.ts';
import { useAction } from '../../lib/use-action.ts';

/** How what a person did has come out. */
export type LoginOutcome = 'logged-in' | 'logged-out' | 'cancelled';

/** What a person can do about the login at one server, and how it went. */
export interface Login {
  /** A request of this page is under way; another one is not begun. */
  isBusy: boolean;
  /** The server is being asked where to log in: there is no page yet. */
  isBeginning: boolean;
  error: ErrorInfo | null;
  /** Null while there is nothing to tell. */
  outcome: LoginOutcome | null;
  /** Begins a login, or joins the one that waits, and opens its page. */
  openPage(): Promise<void>;
  /** Also while it is being begun. */
  cancel(): Promise<void>;
  logOut(): Promise<void>;
}

/** The login at one server, by the calls of this page and by what the hub says of it meanwhile. */
export function useLogin({ name, login, loginAttempt }: ServerView): Login {
  const { data } = useHub();
  const action = useAction();
  const breakOff = useAction();
  const wasCancelled = useRef(false);
  const [outcome, setOutcome] = useState<LoginOutcome | null>(null);
  const [isBeginning, setBeginning] = useState(false);
  const state = loginAttempt?.state ?? null;
  const [before, setBefore] = useState<LoginAttempt['state'] | null>(state);
  if (state !== before) {
    setBefore(state);
    // It ends in the browser, or in another window: then no call of this page says so.
    if (before === 'waiting' && state === null && login === 'logged-in') {
      setOutcome((said) => said ?? 'logged-in');
    }
  }
  return {
    isBusy: action.isBusy,
    isBeginning,
    // A login that could not be broken off still waits; one that is over has taken its error along.
    error: action.error ?? (state === 'waiting' ? breakOff.error : null),
    outcome,
    async openPage() {
      if (action.isBusy) return;
      wasCancelled.current = false;
      setOutcome(null);
      setBeginning(state !== 'waiting');
      await action.run(async (client) => {
        try {
          const { url } = await client.servers.login({ name });
          await openLoginPage(name, url, window);
        } catch (error) {
          // It says that it was broken off, which is what was asked for.
          if (!wasCancelled.current) throw error;
        }
      });
      setBeginning(false);
    },
    async cancel() {
      wasCancelled.current = true;
      setOutcome('cancelled');
      if (!(await breakOff.run((client) => client.servers.cancelLogin({ name })))) setOutcome(null);
    },
    async logOut() {
      if (action.isBusy) return;
      setOutcome(null);
      if (!(await action.run((client) => client.servers.logout({ name })))) return;
      setOutcome('logged-out');
      data.refresh('servers');
    },
  };
}
