import type { AlertRule } from '../../../shared/model/alert.ts';
import type { ServerView } from '../../../shared/model/server.ts';
import type { CallWindows } from './call-windows.ts';

/** What a rule sees of one server. */
export interface Measurement {
  server: string;
  tool: string | null;
  /** In the rule's unit; 1 for a server that is down. */
  value: number;
  holds: boolean;
  /** False for a server that nobody has tried to use yet: it does not count as down, nor is it known to be well. */
  isKnown: boolean;
}

export interface MeasuredThings {
  windows: CallWindows;
  servers(): readonly Pick<ServerView, 'name' | 'state'>[];
  now: number;
}

/** Looks at everything that the rule is about. Too few calls say nothing, and then the rule does not hold. */
export function measureRule(rule: AlertRule, { windows, servers, now }: MeasuredThings): Measurement[] {
  const isMeant = (server: string): boolean => rule.server === undefined || rule.server === server;
  if (rule.kind === 'server-down') {
    return servers()
      .filter(({ name }) => isMeant(name))
      .map(({ name, state }) => {
        const isDown = state === 'failed';
        const isKnown = state !== 'idle' && state !== 'starting';
        return { server: name, tool: null, value: isDown ? 1 : 0, holds: isDown, isKnown };
      });
  }
  return windows
    .figures(rule.forMinutes, now, rule.tool ?? null)
    .filter(({ server, calls }) => isMeant(server) && calls >= rule.minCalls)
    .map(({ server, tool, calls, failures, p99Ms }) => {
      const value = rule.kind === 'p99' ? p99Ms : (100 * failures) / calls;
      return { server, tool, value, holds: value > rule.threshold, isKnown: true };
    });
}
