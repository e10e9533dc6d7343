import { useState } from 'react';
import type { ErrorInfo } from '../../shared/model/error.ts';
import { messages } from '../messages/messages.ts';
import { errorInfoOf } from './error-info.ts';
import { useHubClient } from './hub-context.tsx';
import type { HubClient } from './hub-link.ts';

/** One thing a person asked for: whether it is under way, and how it failed. */
export interface Action {
  isBusy: boolean;
  error: ErrorInfo | null;
  /** Resolves with whether it worked; the failure is kept in `error` until the next run. */
  run(call: (client: HubClient) => Promise<unknown>): Promise<boolean>;
}

/** Runs calls that change something, one at a time. Without a connection they fail with HUB_NOT_RUNNING. */
export function useAction(): Action {
  const client = useHubClient();
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<ErrorInfo | null>(null);
  return {
    isBusy,
    error,
    async run(call) {
      setError(null);
      if (client === null) {
        setError({ code: 'HUB_NOT_RUNNING', message: messages.common.hubAway });
        return false;
      }
      setBusy(true);
      try {
        await call(client);
        return true;
      } catch (failure) {
        setError(errorInfoOf(failure));
        return false;
      } finally {
        setBusy(false);
      }
    },
  };
}
