import { formatCount, plural } from '../../lib/format.ts';
import { alertsMessages } from './alerts.ts';
import { clientsMessages } from './clients.ts';
import { commandsMessages } from './commands.ts';
import { exchangeMessages } from './exchange.ts';
import { desktopSettingsMessages } from './desktop-settings.ts';
import { latencyMessages } from './latency.ts';
import { serverLoginMessages } from './server-login.ts';
import { serverSettingsMessages } from './server-settings.ts';
import { serverToolsMessages } from './server-tools.ts';
import { serversMessages } from './servers.ts';
import { settingsMessages } from './settings.ts';
import { setupMessages } from './setup.ts';
import { trafficMessages } from './traffic.ts';

/** Every text of the interface in English, by place. */
export const messages = {
  common: {
    product: 'Patchbay',
    close: 'Close',
    cancel: 'Cancel',
    back: 'Back',
    retry: 'Try again',
    reload: 'Reload',
    copied: 'Copied',
    loading: 'Loading…',
    hubAway: 'The hub is not reachable at the moment.',
    none: '–',
    noDiff: 'No lines change.',
    showMoreText: (size: string): string => `Show more (${size} left)`,
    sha256: 'SHA-256',
  },
  failure: {
    title: { screen: 'This screen has failed', window: 'This window has failed' },
    body: {
      screen:
        'The fault is in the view. The hub and your clients go on as before. Try again, or go to another screen.',
      window: 'The fault is in the view. The hub and your clients go on as before. Reload the window.',
    },
    copy: 'Copy details',
  },
  diff: { add: 'added', remove: 'removed', same: 'unchanged', hunk: 'position', meta: 'note' },
  json: {
    object: { one: '# key', other: '# keys' },
    array: { one: '# item', other: '# items' },
    cut: '… cut here',
    text: (size: string): string => `${size} of text`,
    depth: (depth: number): string => `Level ${formatCount(depth)}`,
    showBefore: (size: string): string => `Show what comes before (${size})`,
    showAfter: (size: string): string => `Show more (${size} left)`,
    limited: (count: number): string =>
      `${formatCount(count)} lines are shown; there are more. The raw text has all of it.`,
  },
  client: {
    'claude-desktop': 'Claude Desktop',
    'claude-code': 'Claude Code',
    'patchbay-tools': 'Patchbay: list of tools',
  } as Record<string, string>,
  scope: { user: 'user', local: 'local', project: 'project' },
  navigation: {
    label: 'Screens',
    traffic: 'Traffic',
    latency: 'Latency',
    servers: 'Servers',
    clients: 'Clients',
    settings: 'Settings',
    setup: 'Set up',
    toLookAt: 'to look at',
  },
  commands: commandsMessages,
  theme: {
    label: 'Theme',
    system: 'System',
    light: 'Light',
    dark: 'Dark',
    switchTo: { light: 'Switch to the light theme', dark: 'Switch to the dark theme' },
  },
  status: {
    label: 'Hub status',
    connected: 'Hub connected',
    connecting: 'Connecting to the hub…',
    lost: 'Hub not reachable, reconnecting…',
    sessions: (count: number): string => plural(count, { one: '# session', other: '# sessions' }),
    errors: (count: number): string =>
      count === 0
        ? 'No errors in the last hour'
        : plural(count, { one: '# error in the last hour', other: '# errors in the last hour' }),
    bypasses: (count: number): string =>
      plural(count, { one: '# session ran without the hub', other: '# sessions ran without the hub' }),
    dropped: (count: number): string =>
      plural(count, { one: '# exchange not recorded', other: '# exchanges not recorded' }),
    version: (version: string): string => `Patchbay ${version}`,
    trafficStore: 'Traffic is not kept as it should be. It goes on all the same.',
    catalogError: 'The catalog file has an error. The last good version is in use.',
    stale: 'The hub is not reachable. What you see may be out of date. Trying again…',
    retryNow: 'Try now',
    bypassTitle: 'Sessions that ran without the hub',
    bypassExplain:
      'The hub could not be reached when these sessions started, so their servers were started directly. Nothing was lost, but their traffic is not in the log.',
  },
  gate: {
    connecting: 'Connecting to the hub…',
    noTokenTitle: 'Open Patchbay with its own link',
    noToken:
      'This page needs the access token of your hub. It is part of the link that the hub prints when it starts.',
    rejectedTitle: 'The hub does not accept this token',
    rejected: 'The token of this tab is not the one your hub uses now. Open the link it prints.',
    howServe: 'starts a hub and prints the link',
    howStatus: 'prints the link of a running hub again',
    unreachableTitle: 'The hub is not reachable',
    unreachable: 'Nothing answers at this address yet. Patchbay keeps trying.',
  },
  traffic: trafficMessages,
  exchange: exchangeMessages,
  latency: latencyMessages,
  alerts: alertsMessages,
  servers: serversMessages,
  serverLogin: serverLoginMessages,
  serverSettings: serverSettingsMessages,
  serverTools: serverToolsMessages,
  clients: clientsMessages,
  setup: setupMessages,
  settings: settingsMessages,
  desktopSettings: desktopSettingsMessages,
} as const;
