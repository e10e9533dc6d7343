import { useEffect, useState } from 'react';
import type { DesktopBridge } from '../../../shared/contract/desktop-bridge.ts';
import type { DesktopState } from '../../../shared/model/desktop.ts';

/** The desktop app's own settings, as it last told them. */
export interface Desktop {
  state: DesktopState | null;
  /** Why the last request failed, in the app's words. */
  problem: string | null;
  /** Asks the app for something; its answer becomes the state. */
  ask(request: (bridge: DesktopBridge) => Promise<DesktopState | void>): Promise<void>;
}

/** Follows the app this window belongs to; `bridge` stays the same for the life of the page. */
export function useDesktop(bridge: DesktopBridge): Desktop {
  const [state, setState] = useState<DesktopState | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const ask: Desktop['ask'] = async (request) => {
    setProblem(null);
    try {
      const next = await request(bridge);
      if (next) setState(next);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  useEffect(() => {
    const stop = bridge.onState(setState);
    void ask((app) => app.state());
    return stop;
    // `ask` changes with every render and does the same each time.
  }, [bridge]);
  return { state, problem, ask };
}
