import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { ClientId, ClientView } from '../model/client.ts';
import {
  ConfigDiff,
  ConfigVersion,
  ConfigVersionId,
  ConfigWrite,
  RestorePart,
} from '../model/config-version.ts';
import { Finding } from '../model/guardian.ts';
import { HubStatus, HubTopic } from '../model/hub.ts';
import {
  HistoryItem,
  MigrationProgress,
  MigrationRun,
  ParityRow,
  Plan,
  PlanOptions,
  RollbackResult,
  SavedReport,
} from '../model/migration.ts';
import { SessionView } from '../model/session.ts';
import { HubSettings } from '../model/settings.ts';
import { serversContract, sharingContract } from './servers-contract.ts';
import { alertsContract, filtersContract, latencyContract, trafficContract } from './traffic-contract.ts';

/**
 * The one API between the hub and whoever looks at it: the window (MessagePort), a browser (WebSocket), the CLI
 * (local socket). Inputs and outputs are parsed on the hub's side. Failures carry an ErrorInfo in `error.data`.
 */

const ok = z.object({ ok: z.literal(true) });
const targets = z.object({ clients: z.array(ClientId).optional() });

/** Nothing is written over a file other than the one whose diff was shown. */
const shownFirst = z.object({
  dryRun: z.boolean().default(false),
  /** SHA-256 of the file as it was shown; null where there was none. */
  expected: z.string().nullable().optional(),
});
const wasShown = ({ dryRun, expected }: { dryRun: boolean; expected?: string | null }): boolean =>
  dryRun || expected !== undefined;

export const contract = {
  hub: {
    status: oc
      .route({
        method: 'GET',
        path: '/status',
        summary: 'The hub: where it runs, what it serves, what went wrong',
      })
      .output(HubStatus),
    /** First every topic once, then one event per change, coalesced. */
    watch: oc
      .route({ method: 'GET', path: '/events', summary: 'What changes, as it changes' })
      .output(eventIterator(z.object({ topic: HubTopic }))),
    /** Drains and ends the hub. Only the local socket and the desktop may call it. */
    stop: oc.route({ method: 'POST', path: '/stop', summary: 'End the hub (local callers only)' }).output(ok),
  },
  traffic: trafficContract,
  latency: latencyContract,
  alerts: alertsContract,
  filters: filtersContract,
  servers: serversContract,
  sharing: sharingContract,
  sessions: {
    list: oc
      .route({ method: 'GET', path: '/sessions', summary: 'Conversations of clients' })
      .output(z.array(SessionView)),
    get: oc
      .route({ method: 'GET', path: '/sessions/{id}', summary: 'One conversation' })
      .input(z.object({ id: z.string() }))
      .output(SessionView),
    /** Ends the conversation: open calls fail, private instances stop. The client may open a new one. */
    end: oc
      .route({ method: 'DELETE', path: '/sessions/{id}', summary: 'End a conversation' })
      .input(z.object({ id: z.string() }))
      .output(ok),
  },
  clients: {
    list: oc
      .route({ method: 'GET', path: '/clients', summary: 'AI clients found, with their config files' })
      .output(z.array(ClientView)),
  },
  migration: {
    plan: oc
      .route({ method: 'POST', path: '/migration/plan', summary: 'What a migration would change' })
      .input(PlanOptions)
      .output(Plan),
    /** Steps as they happen, then one result. `expected` are the hashes of the plan the person has seen. */
    apply: oc
      .route({ method: 'POST', path: '/migration/apply', summary: 'Migrate, step by step' })
      .input(
        PlanOptions.extend({
          expected: z.array(z.object({ path: z.string(), sha256: z.string() })),
          /** Clients that may be stopped and started again. */
          restartClients: z.array(ClientId).optional(),
          /** What takes a client back: a median answer slower by both of these. */
          latencyTrigger: z.object({ percent: z.number().min(0), ms: z.number().min(0) }).optional(),
        }),
      )
      .output(eventIterator(MigrationProgress)),
    verify: oc
      .route({
        method: 'POST',
        path: '/migration/verify',
        summary: 'Compare the tools, direct and through the hub',
      })
      .input(targets)
      .output(z.object({ ok: z.boolean(), parity: z.array(ParityRow) })),
    rollback: oc
      .route({ method: 'POST', path: '/migration/rollback', summary: 'Put the config files back' })
      .input(
        targets.extend({
          migration: z.string().optional(),
          dryRun: z.boolean().default(false),
          /** Also forget the secrets that these migrations moved to the store, where nothing uses them any more. */
          removeSecrets: z.boolean().optional(),
        }),
      )
      .output(RollbackResult),
    history: oc
      .route({ method: 'GET', path: '/migrations', summary: 'Migrations so far' })
      .output(z.array(HistoryItem)),
    /** The run of this hub that goes on, else its last one; null where there was none. */
    run: oc
      .route({
        method: 'GET',
        path: '/migration/run',
        summary: 'The running or last migration, step by step',
      })
      .output(MigrationRun.nullable()),
    report: oc
      .route({ method: 'GET', path: '/migrations/{id}/report', summary: 'The saved report of a migration' })
      .input(z.object({ id: z.string() }))
      .output(SavedReport),
  },
  configs: {
    versions: oc
      .route({ method: 'GET', path: '/configs/versions', summary: 'Versions of config files, newest first' })
      .input(z.object({ path: z.string().optional() }))
      .output(z.array(ConfigVersion)),
    diff: oc
      .route({
        method: 'GET',
        path: '/configs/diff',
        summary: 'What differs between two versions, or one and the file now',
      })
      .input(z.object({ from: ConfigVersionId, to: ConfigVersionId.optional() }))
      .output(ConfigDiff),
    restore: oc
      .route({ method: 'POST', path: '/configs/restore', summary: 'Put a version of a config file back' })
      .input(
        shownFirst
          .extend({ path: z.string(), version: ConfigVersionId, part: RestorePart.default('file') })
          .refine(wasShown),
      )
      .output(ConfigWrite),
  },
  guardian: {
    findings: oc
      .route({ method: 'GET', path: '/guardian/findings', summary: 'What happened to routed entries since' })
      .output(z.array(Finding)),
    mergeBack: oc
      .route({ method: 'POST', path: '/guardian/findings/{id}/merge-back', summary: 'Put our entries back' })
      .input(shownFirst.extend({ id: z.string() }).refine(wasShown))
      .output(ConfigWrite),
    accept: oc
      .route({
        method: 'POST',
        path: '/guardian/findings/{id}/accept',
        summary: 'Agree to what the file holds',
      })
      .input(z.object({ id: z.string() }))
      .output(Finding),
    remove: oc
      .route({ method: 'POST', path: '/guardian/findings/{id}/remove', summary: 'Take an added server out' })
      .input(shownFirst.extend({ id: z.string() }).refine(wasShown))
      .output(ConfigWrite),
  },
  settings: {
    get: oc.route({ method: 'GET', path: '/settings', summary: 'Settings of the hub' }).output(HubSettings),
    set: oc
      .route({ method: 'PUT', path: '/settings', summary: 'Change the settings' })
      .input(HubSettings)
      .output(HubSettings),
  },
  demo: {
    /** Starts the demo (its own hub in a throwaway home) and says where it can be watched. */
    start: oc
      .route({ method: 'POST', path: '/demo', summary: 'Start the demo' })
      .output(z.object({ url: z.string() })),
  },
};
