import type { SessionView } from '../../../shared/model/session.ts';
import type { EventLoopDelay } from '../logging/event-loop-watch.ts';

/** What `/health` is made of. */
export interface HealthSources {
  version: string;
  /** Epoch milliseconds. */
  startedAt: number;
  sessions(): SessionView[];
  eventLoop(): EventLoopDelay;
}

export interface HealthReport {
  status: 'ok';
  version: string;
  pid: number;
  uptimeSeconds: number;
  eventLoopDelay: EventLoopDelay;
}

export interface Health {
  /** `/health`: a caller without the token learns that we live and nothing else (E50). */
  report(hasToken: boolean): { status: 'ok' } | HealthReport;
  /** `/health/sessions`, for callers with the token only. */
  sessions(): { sessions: SessionView[] };
}

export function createHealth(sources: HealthSources, now: () => number = Date.now): Health {
  return {
    report: (hasToken) =>
      hasToken
        ? {
            status: 'ok',
            version: sources.version,
            pid: process.pid,
            uptimeSeconds: Math.max(0, Math.round((now() - sources.startedAt) / 1_000)),
            eventLoopDelay: sources.eventLoop(),
          }
        : { status: 'ok' },
    sessions: () => ({ sessions: sources.sessions() }),
  };
}
