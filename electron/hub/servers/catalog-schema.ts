import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { Profile, ServerDefinition } from '../../../shared/model/server.ts';
import type { DataFolder } from '../data-folder.ts';
import { CATALOG_SCHEMA_NAME } from './catalog-schema-name.ts';

/** What an editor shows beside a field. */
const HELP: Readonly<Record<string, string>> = {
  command: 'Program to start. ${VAR}, ${VAR:-default} and ${secret:NAME} are filled in at each start.',
  args: 'Its arguments. {SESSION_ID}, {CLIENT_ID}, {USER_ID}, {INSTANCE_TYPE} and {WORKDIR} are filled in per process.',
  env: 'Variables besides those the client gives.',
  cwd: 'Working folder; the client’s own where it is absent.',
  url: 'Address of a remote server.',
  type: 'How a remote server is spoken to: "http" or "sse"; found out where it is absent.',
  headers: 'Headers for a remote server. ${VAR} and ${secret:NAME} are filled in.',
  enabled: 'false switches the server off.',
  isolation: 'Who shares one process: "session" (nobody), "client", "user" or "shared" (all).',
  timeout: 'Milliseconds one call may take without a sign of progress.',
  startTimeout: 'Milliseconds for start and handshake.',
  tools: 'Tools to show, and what to call them. Patterns may hold *.',
  warm: 'Processes started ahead for the next session.',
  concurrency: 'Calls one shared process gets at the same time.',
  copies: 'Processes of a shared server that may run side by side.',
  idleTimeout: 'Milliseconds without a caller after which a shared process ends.',
  memoryLimit:
    'Bytes of memory: above it you are warned, and the process is restarted when it has nothing to do.',
  holdChangedTools: 'true keeps tools whose definition has changed from clients until you accept the change.',
  downstreamEra: '"legacy" makes clients of the 2026 protocol fall back to the handshake.',
};

const CatalogFile = z.looseObject({
  $schema: z.string().optional(),
  mcpServers: z.record(z.string(), ServerDefinition).optional(),
  servers: z.array(ServerDefinition.extend({ name: z.string().min(1) })).optional(),
  profiles: z.record(z.string(), Profile).optional(),
});

/** The JSON Schema (draft 2020-12) of the catalog file, made from the schemas that it is read with. */
export function catalogSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(CatalogFile, {
    io: 'input',
    override({ zodSchema, jsonSchema }) {
      if (!(zodSchema instanceof z.ZodObject) || !('command' in zodSchema.shape)) return;
      for (const [field, description] of Object.entries(HELP)) {
        const property = jsonSchema.properties?.[field];
        if (typeof property === 'object') property.description = description;
      }
    },
  });
  return { ...schema, title: 'Patchbay catalog: mcp-servers.json' };
}

/**
 * Writes the schema beside the catalog unless it is there as it should be. In place: nothing is lost with it, and what
 * a killed hub has written half the next one writes whole. Throws what the file system says.
 */
export async function writeCatalogSchema(data: DataFolder): Promise<void> {
  const file = path.join(data.root, CATALOG_SCHEMA_NAME);
  const wanted = `${JSON.stringify(catalogSchema(), null, 2)}\n`;
  const present = await readFile(file, 'utf8').catch(() => null);
  if (present !== wanted) await writeFile(file, wanted, { mode: 0o600 });
}
