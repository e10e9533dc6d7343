import { z } from 'zod';

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
  /** Only `session` is implemented: every session gets its own process, as the client had it. */
  isolation: z.literal('session').optional(),
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
  /** Resident memory in bytes, null where the platform does not tell. */
  rssBytes: z.number().nullable(),
});
export type InstanceView = z.infer<typeof InstanceView>;

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
  origin: z.object({ client: z.string(), scope: z.string(), path: z.string() }).nullable(),
});
export type ServerView = z.infer<typeof ServerView>;

export const StderrLine = z.object({ at: z.number(), instanceId: z.string(), text: z.string() });
export type StderrLine = z.infer<typeof StderrLine>;
