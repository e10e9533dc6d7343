import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { ClientId } from '../../../shared/model/client.ts';
import { PatchbayError } from '../../../shared/model/error.ts';
import { ownObject } from '../clients/entry-tables.ts';
import type { ClientRegistry } from '../clients/registry.ts';
import { spawnServer, type Launch } from '../supervisor/spawn-server.ts';
import { stopChild } from '../supervisor/stop-ladder.ts';
import { createLegacyClient } from '../witness/legacy-client.ts';
import type { DemoHome } from './demo-home.ts';

/** One session: a client, in a folder where that matters to it, with one of its entries. */
export interface DemoSession {
  client: ClientId;
  server: string;
  project?: string;
}

export interface DemoCall {
  tool: string;
  input: object;
}

export interface DemoAnswer {
  client: ClientId;
  server: string;
  tool: string;
  isError: boolean;
  text: string;
}

const ANSWER_MS = 20_000;

const Entry = z.object({
  command: z.string(),
  args: z.array(z.string()).default([]),
  env: z.record(z.string(), z.string()).default({}),
});
const CallResult = z.object({
  content: z.array(z.looseObject({ type: z.string(), text: z.string().optional() })),
  isError: z.boolean().default(false),
});

/**
 * Starts one entry as it stands in the client's file, with the folder and environment that client gives, makes the
 * calls and ends it: what a client does, without the client. Rejects when the server cannot be reached.
 */
export async function callAsClient(
  home: DemoHome,
  clients: ClientRegistry,
  session: DemoSession,
  calls: readonly DemoCall[],
): Promise<DemoAnswer[]> {
  const launch = findLaunch(home, clients, session);
  const child = await spawnServer(launch);
  child.stderr.resume();
  const talk = createLegacyClient({ input: child.stdin, output: child.stdout }, launch.cwd);
  child.once('exit', () => talk.close(new Error('the server ended')));
  try {
    const adapter = clients.get(session.client);
    await talk.request(
      'initialize',
      {
        protocolVersion: '2025-11-25',
        capabilities: {},
        clientInfo: { name: `${adapter.name} (played by the Patchbay demo)`, version: '1' },
      },
      ANSWER_MS,
    );
    talk.notify('notifications/initialized');
    const answers: DemoAnswer[] = [];
    for (const { tool, input } of calls) {
      const result = CallResult.parse(
        await talk.request(
          'tools/call',
          // As clients do that show how far a call is.
          { name: tool, arguments: input, _meta: { progressToken: tool } },
          ANSWER_MS,
        ),
      );
      const text = result.content.map((part) => part.text ?? `(${part.type})`).join(' ');
      answers.push({ client: session.client, server: session.server, tool, isError: result.isError, text });
    }
    return answers;
  } finally {
    talk.close(new Error('the session is over'));
    await stopChild(child);
  }
}

function findLaunch(
  home: DemoHome,
  clients: ClientRegistry,
  { client, server, project }: DemoSession,
): Launch {
  const adapter = clients.get(client);
  const config = home.configs.find((candidate) => candidate.client === client)!;
  const root: unknown = JSON.parse(readFileSync(config.path, 'utf8'));
  for (const table of adapter.entryTables(root)) {
    let entries: object | undefined = root as object;
    for (const key of table.keys) entries = ownObject(entries, key);
    const found = ownObject(entries, server);
    if (!found) continue;
    const { command, args, env } = Entry.parse(found);
    return { command, args, ...adapter.launch({ ...table, project }, env, home.platform) };
  }
  throw new PatchbayError('NOT_FOUND', `${config.path} has no entry ${JSON.stringify(server)}.`, {
    path: config.path,
  });
}
