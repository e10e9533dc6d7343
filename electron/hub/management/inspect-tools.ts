import { z } from 'zod';
import { counted } from '../../../shared/language/counted.ts';
import { routingOf } from '../../../shared/model/client.ts';
import { ServerState } from '../../../shared/model/server.ts';
import { isoTime, lines, managementTool, shownText } from './management-tool.ts';

const nothing = z.strictObject({});

export const listClients = managementTool({
  name: 'list_clients',
  title: 'List AI clients',
  description:
    'The AI clients found on this computer, whether they run, and whether their MCP servers go through this hub.',
  input: nothing,
  output: z.object({
    clients: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        installed: z.boolean(),
        routing: z.enum(['direct', 'partly', 'routed', 'none']),
        running: z.array(
          z.object({ pid: z.number(), version: z.string().nullable(), cwd: z.string().nullable() }),
        ),
        configs: z.array(
          z.object({
            path: z.string(),
            scope: z.string(),
            entries: z.array(z.object({ name: z.string(), routed: z.boolean() })),
          }),
        ),
      }),
    ),
  }),
  effect: 'reads',
  async run(services) {
    const clients = (await services.clients()).map((client) => ({
      id: client.id,
      name: client.name,
      installed: client.installed,
      routing: routingOf(client),
      running: client.running.map(({ pid, version, cwd }) => ({ pid, version, cwd })),
      configs: client.configs
        .filter(({ exists }) => exists)
        .map(({ path, scope, entries }) => ({
          path,
          scope,
          entries: entries.map(({ name, routed }) => ({ name, routed })),
        })),
    }));
    const rows = clients.map(
      ({ id, installed, routing, running }) =>
        `${id}: ${installed ? 'installed' : 'not installed'}, ${running.length} running, servers ${routing}`,
    );
    return { data: { clients }, text: lines(rows, 'No client was found.') };
  },
});

export const listSessions = managementTool({
  name: 'list_sessions',
  title: 'List sessions',
  description: 'Conversations that clients have with this hub now, newest first.',
  input: z.strictObject({
    server: z.string().optional().describe('Only sessions with this server.'),
    limit: z.number().int().min(1).max(1_000).default(100),
  }),
  output: z.object({
    sessions: z.array(
      z.object({
        id: z.string(),
        client: z.string(),
        server: z.string(),
        transport: z.string(),
        era: z.string().nullable(),
        pid: z.number().nullable(),
        cwd: z.string().nullable(),
        openedAt: z.string(),
        resumed: z.number(),
      }),
    ),
    total: z.number(),
  }),
  effect: 'reads',
  async run(services, { server, limit }) {
    const found = services.sessions().filter((session) => server === undefined || session.server === server);
    const sessions = found
      .toSorted((a, b) => b.openedAt - a.openedAt)
      .slice(0, limit)
      .map(({ id, client, server: of, transport, era, pid, cwd, openedAt, resumed }) => ({
        id,
        client,
        server: of,
        transport,
        era,
        pid,
        cwd,
        openedAt: isoTime(openedAt),
        resumed,
      }));
    const rows = sessions.map(
      (session) =>
        `${session.id}: ${session.client} with ${session.server} by ${session.transport} since ${session.openedAt}`,
    );
    return { data: { sessions, total: found.length }, text: lines(rows, 'No client is connected.') };
  },
});

export const listServers = managementTool({
  name: 'list_servers',
  title: 'List servers',
  description: 'The MCP servers of this hub: state, processes, memory, calls and errors of the last hour.',
  input: nothing,
  output: z.object({
    servers: z.array(
      z.object({
        name: z.string(),
        state: ServerState,
        enabled: z.boolean(),
        transport: z.string(),
        isolation: z.string(),
        instances: z.number(),
        memoryBytes: z.number(),
        callsLastHour: z.number(),
        errorsLastHour: z.number(),
        restarts: z.number(),
        lastError: z.string().nullable(),
      }),
    ),
  }),
  effect: 'reads',
  async run(services) {
    // Neither commands nor arguments: secrets stand in them more often than not.
    const servers = services.servers.list().map((server) => ({
      name: server.name,
      state: server.state,
      enabled: server.enabled,
      transport: server.transport,
      isolation: server.isolation,
      instances: server.instances.length,
      memoryBytes: server.instances.reduce((sum, { rssBytes }) => sum + (rssBytes ?? 0), 0),
      callsLastHour: server.callsLastHour,
      errorsLastHour: server.errorsLastHour,
      restarts: server.restarts,
      lastError: server.lastError === null ? null : shownText(server.lastError),
    }));
    const rows = servers.map(
      ({ name, state, instances, callsLastHour, errorsLastHour, lastError }) =>
        `${name}: ${state}, ${counted(instances, 'process', 'processes')}, ${counted(callsLastHour, 'call')} and ${counted(errorsLastHour, 'error')} in the last hour` +
        (lastError === null ? '' : `; last error: ${lastError}`),
    );
    return { data: { servers }, text: lines(rows, 'The catalog is empty.') };
  },
});
