import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { ClientId, ClientView } from '../model/client.ts';
import { Exchange, ExchangeDetail, LiveBatch } from '../model/exchange.ts';
import { HubStatus, HubTopic } from '../model/hub.ts';
import { ToolLatency } from '../model/latency.ts';
import { HistoryItem, MigrationProgress, ParityRow, Plan, RollbackResult } from '../model/migration.ts';
import { ServerDefinition, ServerView, StderrLine } from '../model/server.ts';
import { SessionView } from '../model/session.ts';
import { HubSettings } from '../model/settings.ts';

/**
 * The one API between the hub and whoever looks at it: the window (MessagePort), a browser (WebSocket), the CLI
 * (local socket). Inputs and outputs are parsed on the hub's side. Failures carry an ErrorInfo in `error.data`.
 */

const ok = z.object({ ok: z.literal(true) });
const targets = z.object({ clients: z.array(ClientId).optional() });

export const contract = {
  hub: {
    status: oc.output(HubStatus),
    /** First every topic once, then one event per change, coalesced. */
    watch: oc.output(eventIterator(z.object({ topic: HubTopic }))),
    /** Drains and ends the hub. Only the local socket and the desktop may call it. */
    stop: oc.output(ok),
  },
  traffic: {
    /** Newest first. `before` is an exchange id: only older ones. */
    list: oc
      .input(
        z.object({
          filter: z.string().default(''),
          limit: z.number().int().min(1).max(1000).default(200),
          before: z.number().optional(),
        }),
      )
      .output(z.object({ exchanges: z.array(Exchange), more: z.boolean() })),
    /** Rows as they happen, in batches of about 100 ms; a row comes again when its answer arrives. */
    live: oc.input(z.object({ filter: z.string().default('') })).output(eventIterator(LiveBatch)),
    get: oc.input(z.object({ id: z.number() })).output(ExchangeDetail),
    stats: oc
      .input(
        z.object({ filter: z.string().default(''), sinceMs: z.number().int().min(1).default(3_600_000) }),
      )
      .output(z.array(ToolLatency)),
  },
  servers: {
    list: oc.output(z.array(ServerView)),
    stderr: oc.input(z.object({ name: z.string() })).output(z.array(StderrLine)),
    add: oc.input(z.object({ name: z.string(), definition: ServerDefinition })).output(ok),
    remove: oc.input(z.object({ name: z.string() })).output(ok),
    setEnabled: oc.input(z.object({ name: z.string(), enabled: z.boolean() })).output(ok),
    /** Ends the instances; their sessions are carried over to new ones. Clears `failed`. */
    restart: oc.input(z.object({ name: z.string() })).output(ok),
  },
  sessions: { list: oc.output(z.array(SessionView)) },
  clients: { list: oc.output(z.array(ClientView)) },
  migration: {
    plan: oc.input(targets).output(Plan),
    /** Steps as they happen, then one result. `expected` are the hashes of the plan the person has seen. */
    apply: oc
      .input(targets.extend({ expected: z.array(z.object({ path: z.string(), sha256: z.string() })) }))
      .output(eventIterator(MigrationProgress)),
    verify: oc.input(targets).output(z.object({ ok: z.boolean(), parity: z.array(ParityRow) })),
    rollback: oc
      .input(targets.extend({ migration: z.string().optional(), dryRun: z.boolean().default(false) }))
      .output(RollbackResult),
    history: oc.output(z.array(HistoryItem)),
  },
  settings: {
    get: oc.output(HubSettings),
    set: oc.input(HubSettings).output(HubSettings),
  },
  demo: {
    /** Starts the demo (its own hub in a throwaway home) and says where it can be watched. */
    start: oc.output(z.object({ url: z.string() })),
  },
};
