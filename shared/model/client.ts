import { z } from 'zod';

export const ClientId = z.enum(['claude-desktop', 'claude-code']);
export type ClientId = z.infer<typeof ClientId>;

export const Scope = z.enum(['user', 'local', 'project']);
export type Scope = z.infer<typeof Scope>;

export const EntryView = z.object({
  name: z.string(),
  transport: z.enum(['stdio', 'http', 'sse', 'ws', 'unknown']),
  /** True when the entry starts our shim. */
  routed: z.boolean(),
});
export type EntryView = z.infer<typeof EntryView>;

/** One place in one config file where a client declares servers. */
export const ConfigView = z.object({
  path: z.string(),
  scope: Scope,
  /** Folder of the project for `local` and `project` scope. */
  project: z.string().optional(),
  exists: z.boolean(),
  entries: z.array(EntryView),
  /** Why the file could not be read; the client is still listed. */
  error: z.string().optional(),
});
export type ConfigView = z.infer<typeof ConfigView>;

export const RunningClient = z.object({
  pid: z.number(),
  /** ISO 8601, null where the platform does not tell. */
  startedAt: z.string().nullable(),
  version: z.string().nullable(),
  cwd: z.string().nullable(),
});
export type RunningClient = z.infer<typeof RunningClient>;

export const ClientView = z.object({
  id: ClientId,
  name: z.string(),
  installed: z.boolean(),
  running: z.array(RunningClient),
  configs: z.array(ConfigView),
});
export type ClientView = z.infer<typeof ClientView>;

export type Routing = 'direct' | 'partly' | 'routed' | 'none';

/** How much of a client goes through the hub, over all its stdio entries. */
export function routingOf(client: ClientView): Routing {
  const entries = client.configs
    .flatMap((config) => config.entries)
    .filter((entry) => entry.transport === 'stdio');
  if (entries.length === 0) return 'none';
  const routed = entries.filter((entry) => entry.routed).length;
  if (routed === 0) return 'direct';
  return routed === entries.length ? 'routed' : 'partly';
}
