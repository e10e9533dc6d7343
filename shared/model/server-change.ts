import { z } from 'zod';
import { ServerDefinition } from './server.ts';

const { shape } = ServerDefinition;

/**
 * What people change of a server that is there; null takes the field out, so that our default counts again. Never
 * what is run: a command is changed by whoever owns the file.
 */
export const ServerChange = z
  .object({
    enabled: shape.enabled.unwrap().nullable(),
    isolation: shape.isolation.unwrap().nullable(),
    timeout: shape.timeout.unwrap().nullable(),
    startTimeout: shape.startTimeout.unwrap().nullable(),
    tools: shape.tools.unwrap().nullable(),
    warm: shape.warm.unwrap().nullable(),
    concurrency: shape.concurrency.unwrap().nullable(),
    copies: shape.copies.unwrap().nullable(),
    idleTimeout: shape.idleTimeout.unwrap().nullable(),
    memoryLimit: shape.memoryLimit.unwrap().nullable(),
    holdChangedTools: shape.holdChangedTools.unwrap().nullable(),
  })
  .partial();
export type ServerChange = z.infer<typeof ServerChange>;

/** What an import made of one server of the file. */
export const ImportedServer = z.object({
  /** In the file. */
  name: z.string(),
  place: z.string(),
  /** Its name in the catalog: of the one it is the same as, or of the new one. */
  server: z.string(),
  action: z.enum(['add', 'duplicate']),
  /** The whole command line or URL, never shortened. */
  launch: z.array(z.string()),
  enabled: z.boolean(),
  /** Values that look like secrets and would stand in the catalog in clear. */
  secretsInClear: z.number(),
  /** Why it is added switched off, or what a person should look at. */
  warnings: z.array(z.string()),
  /** What was not taken over, or has to be done before it can start. */
  notes: z.array(z.string()),
});

export const ServerImport = z.object({
  /** What kind of file it was taken for. */
  format: z.string(),
  servers: z.array(ImportedServer),
  /** Parts of the file that are no servers we can take. */
  passedOver: z.array(z.object({ name: z.string(), place: z.string(), reason: z.string() })),
});
export type ServerImport = z.infer<typeof ServerImport>;
