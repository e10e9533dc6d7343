import { z } from 'zod';
import { ServerState } from './server.ts';

export const HostKind = z.enum(['desktop', 'headless']);
export type HostKind = z.infer<typeof HostKind>;

export const HubStatus = z.object({
  running: z.literal(true),
  pid: z.number(),
  port: z.number(),
  url: z.string(),
  version: z.string(),
  host: HostKind,
  startedAt: z.number(),
  dataDir: z.string(),
  servers: z.array(z.object({ name: z.string(), state: ServerState, instances: z.number() })),
  sessions: z.number(),
  /** Exchanges not stored or not shown because a bound was hit, since start. */
  droppedExchanges: z.number(),
  /** What is wrong with the traffic store, and what was done about it; traffic itself goes on. */
  trafficStore: z.string().nullable(),
  errorsLastHour: z.number(),
  /** Times a shim ran its server without us, newest last, at most 50. */
  bypasses: z.array(z.object({ at: z.number(), client: z.string(), server: z.string(), reason: z.string() })),
  /** What is wrong with the catalog file, when the last good one is in use. */
  catalogError: z.string().nullable(),
});
export type HubStatus = z.infer<typeof HubStatus>;

/** Something changed; the reader asks for it again. */
export const HubTopic = z.enum([
  'status',
  'servers',
  'sessions',
  'clients',
  'history',
  'migration',
  'settings',
  'configs',
  'guardian',
  'annotations',
  'filters',
  'alerts',
  'sharing',
  'tools',
]);
export type HubTopic = z.infer<typeof HubTopic>;
