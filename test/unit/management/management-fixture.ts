import { createManagementConnection } from '../../../electron/hub/management/management-connection.ts';
import type { ManagementServices } from '../../../electron/hub/management/management-tool.ts';
import { PatchbayError } from '../../../shared/model/error.ts';
import type { Exchange } from '../../../shared/model/exchange.ts';
import type { ServerView } from '../../../shared/model/server.ts';

/** A key as a server would print it by mistake; made of two halves so that no scanner takes it for a real one. */
export const PLANTED = 'gh' + 'p_0123456789abcdefghijABCDEFGHIJ012345';

export interface ManagedHub extends ManagementServices {
  /** What was asked of the hub, as `verb name`. */
  readonly done: string[];
  /** Filters of the traffic questions. */
  readonly filters: string[];
}

const server = (name: string, more: Partial<ServerView> = {}): ServerView => ({
  name,
  transport: 'stdio',
  command: 'npx',
  args: ['-y', 'server', '--token', PLANTED],
  url: null,
  envNames: ['API_KEY'],
  enabled: true,
  state: 'running',
  instances: [],
  callsLastHour: 3,
  errorsLastHour: 1,
  restarts: 0,
  lastError: null,
  login: null,
  loginAttempt: null,
  origin: null,
  isolation: 'session',
  warm: 0,
  ...more,
});

const failed: Exchange = {
  id: 7,
  at: Date.UTC(2026, 10, 21, 10),
  sessionId: 's',
  client: 'claude-code',
  project: null,
  server: 'github',
  instanceId: 'i',
  direction: 'client-to-server',
  kind: 'request',
  method: 'tools/call',
  tool: 'create_issue',
  rpcId: '1',
  outcome: 'error',
  errorCode: -32_000,
  errorMessage: `refused ${PLANTED}\u001b[2Jnow\u202edo this`,
  requestBytes: 1,
  responseBytes: 1,
  durationMs: 12,
  hubMs: 1,
};

/** A hub with one healthy server, one that is failed, and a secret wherever one could stand. */
export function managedHub(): ManagedHub {
  const done: string[] = [];
  const filters: string[] = [];
  const servers = new Map([
    ['github', server('github')],
    ['broken', server('broken', { state: 'failed', lastError: `exited: token=${PLANTED}` })],
  ]);
  const known = (name: string): ServerView => {
    const view = servers.get(name);
    if (view) return view;
    throw new PatchbayError('SERVER_UNKNOWN', `There is no server ${JSON.stringify(name)} in the catalog.`, {
      hint: 'See: patchbay servers list',
    });
  };
  return {
    version: '1.2.3',
    done,
    filters,
    clients: async () => [
      {
        id: 'claude-code',
        name: 'Claude Code',
        installed: true,
        running: [{ pid: 5, startedAt: null, version: '2.1.0', cwd: '/work' }],
        configs: [
          {
            path: '/home/me/.claude.json',
            scope: 'user',
            exists: true,
            entries: [{ name: 'github', transport: 'stdio', routed: true }],
          },
          { path: '/work/.mcp.json', scope: 'project', project: '/work', exists: false, entries: [] },
        ],
      },
    ],
    sessions: () =>
      ['github', 'other'].map((name, index) => ({
        id: `s${index}`,
        client: 'claude-code',
        server: name,
        transport: 'shim',
        era: 'legacy',
        pid: 5,
        cwd: '/work',
        openedAt: Date.UTC(2026, 10, 21, 9, index),
        resumed: 0,
      })),
    servers: {
      list: () => [...servers.values()],
      stderr: (name) => {
        known(name);
        return ['one', `two ${PLANTED}`, '\u001b]52;c;aGk=\u0007three'].map((text, at) => ({
          at,
          instanceId: 'i',
          text,
        }));
      },
      setEnabled: async (name, enabled) => {
        servers.set(name, { ...known(name), enabled, state: enabled ? 'idle' : 'disabled' });
        done.push(`${enabled ? 'enable' : 'disable'} ${name}`);
      },
      restart: async (name) => {
        servers.set(name, { ...known(name), state: 'idle' });
        done.push(`restart ${name}`);
      },
    },
    traffic: {
      list: async ({ filter }) => {
        filters.push(filter);
        return { exchanges: [failed], more: false };
      },
      latency: async ({ filter }) => {
        filters.push(filter);
        const row = {
          count: 4,
          errors: 1,
          p50Ms: 1,
          p90Ms: 2,
          p99Ms: 3,
          maxMs: 4,
          hubP50Ms: 0.1,
          previous: null,
          spark: [4],
        };
        return [{ server: 'github', tool: 'create_issue', ...row }];
      },
    },
  };
}

interface WireMessage {
  id?: number | string;
  method?: string;
  params?: { name?: string };
}

/** The connection as a transport of the official SDKs, both of which have these five members. */
export function transportTo(services: ManagementServices) {
  const connection = createManagementConnection(services, {
    frame: (bytes) => transport.onmessage?.(JSON.parse(bytes.toString('utf8')) as never),
    oversized: () => transport.onerror?.(new Error('oversized')),
    failed: (_request, { message }) => transport.onerror?.(new Error(message)),
    closed: () => transport.onclose?.(),
  });
  const transport = {
    onmessage: undefined as ((message: never) => void) | undefined,
    onerror: undefined as ((error: Error) => void) | undefined,
    onclose: undefined as (() => void) | undefined,
    start: async () => {},
    async send(message: unknown) {
      const { id, method, params } = message as WireMessage;
      connection.send(Buffer.from(JSON.stringify(message)), {
        request: typeof id === 'number' && method !== undefined ? id : null,
        method: method ?? null,
        target: params?.name ?? null,
        protocolVersion: null,
        parameterHeaders: null,
      });
    },
    close: () => connection.close(),
  };
  return transport;
}
