import type { HubView } from '../../../electron/main/hub-follower.ts';
import type { TrayState } from '../../../electron/main/tray-state.ts';
import type { Alert } from '../../../shared/model/alert.ts';
import type { ClientView } from '../../../shared/model/client.ts';
import type { Exchange } from '../../../shared/model/exchange.ts';
import type { Finding } from '../../../shared/model/guardian.ts';
import type { HubStatus } from '../../../shared/model/hub.ts';

// What the tray's tests put into its state.

export const status = (more: Partial<HubStatus> = {}): HubStatus => ({
  running: true,
  pid: 10,
  port: 12_009,
  url: 'http://127.0.0.1:12009/',
  version: '0.1.0',
  host: 'desktop',
  startedAt: 0,
  dataDir: '/data',
  servers: [],
  sessions: 0,
  droppedExchanges: 0,
  trafficStore: null,
  errorsLastHour: 0,
  bypasses: [],
  catalogError: null,
  ...more,
});

export const client = (
  id: ClientView['id'],
  routed: boolean[],
  more: Partial<ClientView> = {},
): ClientView => ({
  id,
  name: id === 'claude-code' ? 'Claude Code' : 'Claude Desktop',
  installed: true,
  running: [],
  configs: [
    {
      path: '/c',
      scope: 'user',
      exists: true,
      entries: routed.map((isRouted, index) => ({ name: `s${index}`, transport: 'stdio', routed: isRouted })),
    },
  ],
  ...more,
});

export const READY = { phase: 'ready', url: 'http://127.0.0.1:12009/', port: 12_009, pid: 10 } as const;
export const FAILED = {
  phase: 'failed',
  error: { code: 'PORT_TAKEN', message: 'Port 12009 is taken by node (pid 7).' },
} as const;

const view = (more: Partial<HubView> = {}): HubView => ({
  status: status(),
  clients: [],
  failures: [],
  findings: [],
  alerts: [],
  toolFindings: [],
  ...more,
});

export const state = ({
  view: seen = {},
  ...more
}: Partial<Omit<TrayState, 'view'>> & { view?: Partial<HubView> } = {}): TrayState => ({
  hub: READY,
  view: view(seen),
  isBusy: false,
  openAtLogin: false,
  update: { phase: 'unsupported', reason: 'It runs from its sources.' },
  ...more,
});

export const finding = (more: Partial<Finding> = {}): Finding => ({
  id: 'f1',
  kind: 'wiped',
  level: 'warning',
  state: 'open',
  path: '/c',
  client: 'claude-code',
  at: '2026-11-21T10:00:00.000Z',
  settledAt: null,
  entries: [],
  author: { kind: 'someone' },
  version: null,
  lastGood: null,
  message: 'Someone rewrote the config.',
  advice: null,
  undone: 0,
  actions: ['merge-back'],
  ...more,
});

export const alert = (more: Partial<Alert> = {}): Alert => ({
  rule: 'slow',
  name: 'Slow answers',
  kind: 'p99',
  server: 'github',
  tool: null,
  state: 'firing',
  value: 900,
  threshold: 500,
  since: 0,
  resolvedAt: null,
  ...more,
});

export const failed = (id: number, more: Partial<Exchange> = {}): Exchange => ({
  id,
  at: Date.UTC(2026, 10, 21, 10, 5),
  sessionId: 's',
  client: 'claude-code',
  project: null,
  server: 'github',
  instanceId: 'i',
  direction: 'client-to-server',
  kind: 'request',
  method: 'tools/call',
  tool: 'search',
  rpcId: '1',
  outcome: 'error',
  errorCode: -32_603,
  errorMessage: 'rate limit',
  requestBytes: 1,
  responseBytes: 1,
  durationMs: 1,
  hubMs: 0,
  ...more,
});
