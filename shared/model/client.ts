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
  /**
   * Set where a client has several files of one kind: true for the one it reads, false for the one that another
   * hides from it (Windows keeps a private copy for Claude Desktop as a package).
   */
  live: z.boolean().optional(),
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

/** Servers a client has from elsewhere than its own entries. They are shown and left alone. */
export const ServerSource = z.object({
  kind: z.enum(['managed', 'plugin', 'extension', 'connectors', 'third-party']),
  /** Of the plugin, extension or product; for people. */
  name: z.string(),
  path: z.string().optional(),
  /** Names of its servers, where its files tell. */
  servers: z.array(z.string()),
  /** False for a plugin or extension that is switched off; absent where nothing tells. */
  enabled: z.boolean().optional(),
  /** Why it is left alone, in one sentence. */
  note: z.string(),
});
export type ServerSource = z.infer<typeof ServerSource>;

/** A rule about which servers a client may load, and the file it stands in. */
export const PolicyRule = z.object({
  path: z.string(),
  /** True in a file of an administrator. */
  managed: z.boolean(),
  effect: z.enum(['allow', 'deny']),
  by: z.enum(['serverName', 'serverUrl', 'serverCommand', 'nothing']),
  /** The rule as JSON; `[]` for an allow list that allows nothing. */
  text: z.string(),
});
export type PolicyRule = z.infer<typeof PolicyRule>;

/** What decides over a client's entries beside the entries themselves. */
export const PolicyView = z.object({
  /** A file with the client's only servers; while it exists, no other entry is loaded. */
  exclusive: z.string().nullable(),
  rules: z.array(PolicyRule),
  /** Only the administrator's allow list counts. */
  managedAllowListOnly: z.boolean(),
  /** Files that may hold policies and could not be read. */
  unreadable: z.array(z.object({ path: z.string(), error: z.string() })),
});
export type PolicyView = z.infer<typeof PolicyView>;

export const ClientView = z.object({
  id: ClientId,
  name: z.string(),
  installed: z.boolean(),
  running: z.array(RunningClient),
  configs: z.array(ConfigView),
  sources: z.array(ServerSource).optional(),
  /** Absent for clients that know no policies. */
  policy: PolicyView.optional(),
});
export type ClientView = z.infer<typeof ClientView>;

export type Routing = 'direct' | 'partly' | 'routed' | 'none';

/** How much of a client goes through the hub, over its own stdio entries and those that are routed some other way. */
export function routingOf(client: ClientView): Routing {
  const entries = client.configs
    // Files of a repository are not routed themselves; an override in the person's own file is.
    .filter(({ scope, live }) => scope !== 'project' && live !== false)
    .flatMap((config) => config.entries)
    .filter((entry) => entry.transport === 'stdio' || entry.routed);
  if (entries.length === 0) return 'none';
  const routed = entries.filter((entry) => entry.routed).length;
  if (routed === 0) return 'direct';
  return routed === entries.length ? 'routed' : 'partly';
}
