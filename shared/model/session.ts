import { z } from 'zod';

/** One client's conversation with the hub on one endpoint. */
export const SessionView = z.object({
  id: z.string(),
  client: z.string(),
  /** A server's name, `*` for all of them, `profiles/<name>`. */
  server: z.string(),
  transport: z.enum(['shim', 'http', 'sse', 'websocket', 'json-rpc']),
  /** null until the client has said something that tells. */
  era: z.enum(['legacy', 'modern']).nullable(),
  /** Pid of the shim, or null for HTTP. */
  pid: z.number().nullable(),
  cwd: z.string().nullable(),
  openedAt: z.number(),
  /** How often this conversation was carried over to a new connection. */
  resumed: z.number(),
});
export type SessionView = z.infer<typeof SessionView>;
