import type { HubStatus } from '../../../shared/model/hub.ts';
import type { MigrationRun } from '../../../shared/model/migration.ts';
import type { SessionView } from '../../../shared/model/session.ts';
import type { HubSettings } from '../../../shared/model/settings.ts';
import type { AlertService } from '../alerts/alert-service.ts';
import type { Changes } from '../changes.ts';
import type { TrafficExport } from '../export/traffic-export.ts';
import type { EventLoopWatch } from '../logging/event-loop-watch.ts';
import type { Guardian } from '../guardian/guardian.ts';
import type { MigrationService } from '../migration/migration-service.ts';
import type { Replay } from '../replay/replay.ts';
import type { SavedFilters } from '../saved-filters.ts';
import type { ServerLogins } from '../servers/server-logins.ts';
import type { ServerService } from '../servers/server-service.ts';
import type { SharingAdviser } from '../sharing/sharing-adviser.ts';
import type { TimeMachine } from '../time-machine/time-machine.ts';
import type { ServerQuestions } from '../tools/server-questions.ts';
import type { ToolWatch } from '../tools/tool-watch.ts';
import type { TrafficService } from '../traffic/traffic-service.ts';

/** What the API is made of; the composition root fills it in. */
export interface HubServices {
  status(): HubStatus;
  changes: Changes;
  traffic: TrafficService;
  exports: TrafficExport;
  replay: Replay;
  alerts: AlertService;
  savedFilters: SavedFilters;
  servers: ServerService;
  logins: Pick<ServerLogins, 'begin' | 'cancel' | 'logout'>;
  sharing: SharingAdviser;
  questions: ServerQuestions;
  toolWatch: Pick<ToolWatch, 'findings' | 'changes' | 'accept'>;
  sessions(): SessionView[];
  /** One of these; null when there is none of this id. */
  session(id: string): SessionView | null;
  /** Ends a conversation; false when there is none of this id. Resolves when its private instances have ended. */
  endSession(id: string): Promise<boolean>;
  migration: MigrationService;
  /** The migration that goes on, else the last one of this hub. */
  migrationRun(): MigrationRun | null;
  timeMachine: TimeMachine;
  guardian: Guardian;
  settings: { get(): HubSettings; set(next: HubSettings): Promise<HubSettings> };
  /** Starts the demo beside this hub. */
  demo(): Promise<{ url: string }>;
  /** Told what runs, so that a hub that stands still can say why. */
  loop: Pick<EventLoopWatch, 'during'>;
  /** Begins the orderly end; returns at once. */
  stop(): void;
}
