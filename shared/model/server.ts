import { z } from 'zod';

export const Isolation = z.enum(['session', 'client', 'user', 'shared']);
/**
 * Who shares one process of a server: nobody (`session`, the default: as the client had it), the sessions of one
 * client, of one user, or all.
 */
export type Isolation = z.infer<typeof Isolation>;

/** Tools to show and what to call them. Patterns may hold `*`. `deny` wins over `allow`; absent `allow` means all. */
export const ToolRules = z.looseObject({
  allow: z.array(z.string()).optional(),
  deny: z.array(z.string()).optional(),
  /** Server's name → name shown. */
  rename: z.record(z.string(), z.string()).optional(),
});
export type ToolRules = z.infer<typeof ToolRules>;

/** `auto` serves each client in its own era; `legacy` makes a modern client fall back to the handshake. */
export const DownstreamEra = z.enum(['auto', 'legacy']);
export type DownstreamEra = z.infer<typeof DownstreamEra>;

/** A chosen set of servers and tools, served at `/profiles/<name>/mcp`. */
export const Profile = z.looseObject({
  /** Names of the catalog, in the order of their tools; absent: all enabled ones. */
  servers: z.array(z.string()).optional(),
  /** By server's name. */
  tools: z.record(z.string(), ToolRules).optional(),
  downstreamEra: DownstreamEra.optional(),
});
export type Profile = z.infer<typeof Profile>;

/**
 * One entry of the catalog file `mcp-servers.json`. Unknown keys are kept, so that a file written by a newer
 * version or by another tool survives us.
 */
export const ServerDefinition = z.looseObject({
  command: z.string().min(1).optional(),
  args: z.array(z.string()).optional(),
  /** Values may hold `${VAR}` and `${VAR:-default}`, resolved at launch, once. */
  env: z.record(z.string(), z.string()).optional(),
  cwd: z.string().min(1).optional(),
  url: z.string().min(1).optional(),
  type: z.string().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  enabled: z.boolean().optional(),
  isolation: Isolation.optional(),
  /** Milliseconds one call may take without a sign of progress. */
  timeout: z.number().int().min(1).optional(),
  /** Milliseconds for start and handshake. */
  startTimeout: z.number().int().min(1).optional(),
  tools: ToolRules.optional(),
  /** Processes started ahead for the next session, so that its first list is not slower than a direct start. */
  warm: z.number().int().min(0).max(8).optional(),
  /** Calls one shared process gets at the same time; more wait their turn, one client after the other. */
  concurrency: z.number().int().min(1).max(1_024).optional(),
  /** Processes of a shared server that may run side by side. */
  copies: z.number().int().min(1).max(64).optional(),
  /** Milliseconds without a caller after which a shared process ends. */
  idleTimeout: z.number().int().min(0).optional(),
  /** Bytes of resident memory: warned of above it, restarted when idle. */
  memoryLimit: z.number().int().min(1).optional(),
  downstreamEra: DownstreamEra.optional(),
  /** Tools whose definition has changed are kept from clients until a person has accepted the change. */
  holdChangedTools: z.boolean().optional(),
  /** Where an imported definition came from; `sha256` covers command, args and env as imported. */
  origin: z
    .object({
      client: z.string(),
      path: z.string(),
      scope: z.string(),
      project: z.string().optional(),
      sha256: z.string(),
    })
    .optional(),
});
export type ServerDefinition = z.infer<typeof ServerDefinition>;

export const ServerState = z.enum(['disabled', 'idle', 'starting', 'running', 'failed']);
export type ServerState = z.infer<typeof ServerState>;

export const InstanceState = z.enum(['starting', 'running', 'stopping', 'exited']);

/** One live child process of a server. */
export const InstanceView = z.object({
  id: z.string(),
  state: InstanceState,
  pid: z.number().nullable(),
  startedAt: z.number(),
  sessionId: z.string(),
  client: z.string(),
  cwd: z.string(),
  /** Resident memory in bytes and share of one core in percent, null where the platform does not tell. */
  rssBytes: z.number().nullable(),
  cpuPercent: z.number().nullable(),
});
export type InstanceView = z.infer<typeof InstanceView>;

/**
 * The login at a remote server as far as it is known: `not-asked` until it was used and wanted one, `own-header` where
 * the catalog gives it an Authorization header.
 */
export const LoginState = z.enum(['not-asked', 'needed', 'logged-in', 'own-header']);
export type LoginState = z.infer<typeof LoginState>;

/**
 * A login that this hub has begun at a remote server, for whoever looks at the server. The address of the login page
 * is not in it: it is told only to those who may begin a login. One that was broken off or has succeeded is gone.
 */
export const LoginAttempt = z.discriminatedUnion('state', [
  /** The person is in the browser; the hub waits until this time (milliseconds since the epoch). */
  z.object({ state: z.literal('waiting'), until: z.number() }),
  /** Why it failed, for people; there until the next login, or until the server is restarted. */
  z.object({ state: z.literal('failed'), message: z.string(), hint: z.string().optional() }),
]);
export type LoginAttempt = z.infer<typeof LoginAttempt>;

/** Where a person goes on with a login: `https:`, or `http:` of this machine; to be opened in a browser on it. */
export const LoginPage = z.object({ url: z.string() });
export type LoginPage = z.infer<typeof LoginPage>;

export const ServerView = z.object({
  name: z.string(),
  transport: z.enum(['stdio', 'remote']),
  /** The full command line as it would be launched, unresolved, never shortened. */
  command: z.string(),
  args: z.array(z.string()),
  url: z.string().nullable(),
  /** Names only: values may be secrets. */
  envNames: z.array(z.string()),
  enabled: z.boolean(),
  state: ServerState,
  instances: z.array(InstanceView),
  /** Calls seen and failed within the last hour. */
  callsLastHour: z.number(),
  errorsLastHour: z.number(),
  restarts: z.number(),
  lastError: z.string().nullable(),
  /** Null for a program of this computer. */
  login: LoginState.nullable(),
  /** The login that waits for a person, or the last one that failed; null when neither. */
  loginAttempt: LoginAttempt.nullable(),
  origin: z.object({ client: z.string(), scope: z.string(), path: z.string() }).nullable(),
  isolation: Isolation,
  warm: z.number(),
});
export type ServerView = z.infer<typeof ServerView>;

export const StderrLine = z.object({ at: z.number(), instanceId: z.string(), text: z.string() });
export type StderrLine = z.infer<typeof StderrLine>;
