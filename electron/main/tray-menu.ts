import type { MenuItemConstructorOptions } from 'electron';
import { type ClientId, routingOf } from '../../shared/model/client.ts';
import type { UpdateState } from '../../shared/model/desktop.ts';
import type { Exchange } from '../../shared/model/exchange.ts';
import type { HubStatus } from '../../shared/model/hub.ts';
import type { ServerState } from '../../shared/model/server.ts';
import { FAILURE_FILTER } from './hub-follower.ts';
import { isFiring, isPressing } from './news.ts';
import type { ShellMessages } from './messages/messages.ts';
import { oneLine } from './one-line.ts';
import { routableClients, shownClients, statusInWords, type TrayState } from './tray-state.ts';

/** What the items do. Routes are those of the UI, `#` left out. */
export interface TrayActions {
  open: (route?: string) => void;
  setRouting: (clients: ClientId[], routed: boolean) => void;
  rollBackAll: () => void;
  startHub: () => void;
  openLog: () => void;
  setOpenAtLogin: (openAtLogin: boolean) => void;
  checkForUpdate: () => void;
  downloadUpdate: () => void;
  installUpdate: () => void;
  quit: () => void;
}

type Words = ShellMessages['tray'];

/** Room for one line of a menu on every system. */
const MAX_LABEL = 64;

/** Text from outside as a menu label; `&` doubled because menus underline the letter after a single one. */
const label = (text: string): string => oneLine(text, MAX_LABEL).replaceAll('&', '&&');

/** The traffic screen with what failed lately, and one of them open. */
function failuresRoute(exchange?: number): string {
  const query = new URLSearchParams({ filter: FAILURE_FILTER });
  if (exchange !== undefined) query.set('exchange', String(exchange));
  return `/traffic?${query.toString()}`;
}

/** The tray's whole menu, from state alone. */
export function trayMenu(
  state: TrayState,
  actions: TrayActions,
  text: ShellMessages,
): MenuItemConstructorOptions[] {
  const words = text.tray;
  return [
    { id: 'status', label: label(statusInWords(state, text)), enabled: false },
    ...hubItems(state, actions, words),
    ...troubleItems(state, actions, words),
    ...failureItems(state.view, actions, words),
    { type: 'separator' },
    ...routingItems(state, actions, words),
    { type: 'separator' },
    ...serverItems(state.view.status, actions, words),
    { id: 'open', label: words.open, click: () => actions.open() },
    { id: 'traffic', label: words.traffic, click: () => actions.open('/traffic') },
    {
      id: 'roll-back',
      label: words.rollBackAll,
      enabled:
        canRoute(state) && routableClients(state.view).some((client) => routingOf(client) !== 'direct'),
      click: actions.rollBackAll,
    },
    { type: 'separator' },
    ...loginItems(state, actions, words),
    ...updateItems(state.update, actions, words.update),
    { id: 'quit', label: words.quit, click: actions.quit },
  ];
}

/** What helps when the hub does not run. */
function hubItems({ hub }: TrayState, actions: TrayActions, words: Words): MenuItemConstructorOptions[] {
  const start = (text: string): MenuItemConstructorOptions => ({
    id: 'start-hub',
    label: text,
    click: actions.startHub,
  });
  if (hub.phase === 'stopped') return [start(words.startHub)];
  if (hub.phase !== 'failed') return [];
  return [start(words.restartHub), { id: 'log', label: words.openLog, click: actions.openLog }];
}

/** One line for each kind of thing that wants a person. */
function troubleItems({ view }: TrayState, actions: TrayActions, words: Words): MenuItemConstructorOptions[] {
  const items: MenuItemConstructorOptions[] = [];
  const add = (id: string, text: string, route: string): void =>
    void items.push({ id, label: label(text), click: () => actions.open(route) });
  if (view.status?.catalogError) add('catalog-error', words.catalogError, '/servers');
  if (view.status?.trafficStore) add('traffic-store', words.trafficStore, '/settings');
  const pressing = view.findings?.filter(isPressing).length ?? 0;
  if (pressing > 0) add('findings', words.findings(pressing), '/clients');
  for (const alert of view.alerts?.filter(isFiring).slice(0, MAX_ALERTS) ?? [])
    add(
      `alert:${alert.rule}:${alert.server}:${alert.tool ?? ''}`,
      `${alert.name}: ${alert.server}`,
      '/latency',
    );
  return items;
}

const MAX_ALERTS = 3;

/** The count of the last hour; with failures at hand, a submenu that leads to each of them. */
function failureItems(
  { status, failures }: TrayState['view'],
  actions: TrayActions,
  words: Words,
): MenuItemConstructorOptions[] {
  if (!status) return [];
  const text = words.errors(status.errorsLastHour);
  if (!failures || failures.length === 0)
    return [{ id: 'errors', label: text, click: () => actions.open(failuresRoute()) }];
  return [
    {
      id: 'errors-menu',
      label: text,
      submenu: [
        ...failures.map((failure) => ({
          id: `failure:${failure.id}`,
          label: label(failureInWords(failure, words)),
          click: () => actions.open(failuresRoute(failure.id)),
        })),
        { type: 'separator' },
        { id: 'errors', label: words.showAllErrors, click: () => actions.open(failuresRoute()) },
      ],
    },
  ];
}

/** The time of day rather than how long ago: a menu that changed every minute would close under the pointer. */
function failureInWords({ at, server, tool, method, outcome, errorMessage }: Exchange, words: Words): string {
  return `${words.clock(at)}  ${server}, ${tool ?? method}: ${errorMessage ?? words.outcome[outcome]}`;
}

const canRoute = (state: TrayState): boolean => state.hub.phase === 'ready' && !state.isBusy;

function routingItems(state: TrayState, actions: TrayActions, words: Words): MenuItemConstructorOptions[] {
  if (state.view.clients === null) return [{ id: 'no-clients', label: words.noClients, enabled: false }];
  const clients = routableClients(state.view);
  const isEnabled = canRoute(state);
  const areAllRouted = clients.length > 0 && clients.every((client) => routingOf(client) === 'routed');
  return [
    {
      id: 'route-all',
      type: 'checkbox',
      label: words.routeAll,
      checked: areAllRouted,
      enabled: isEnabled && clients.length > 0,
      click: () =>
        actions.setRouting(
          clients.map((client) => client.id),
          !areAllRouted,
        ),
    },
    ...shownClients(state.view).map((client): MenuItemConstructorOptions => {
      const routing = routingOf(client);
      return {
        id: `route:${client.id}`,
        type: 'checkbox',
        label: label(`${client.name}: ${words.routing[routing]}`),
        checked: routing === 'routed',
        enabled: isEnabled && routing !== 'none',
        click: () => actions.setRouting([client.id], routing !== 'routed'),
      };
    }),
  ];
}

function serverItems(
  status: HubStatus | null,
  actions: TrayActions,
  words: Words,
): MenuItemConstructorOptions[] {
  if (!status) return [];
  const inState = (state: ServerState): number =>
    status.servers.filter((server) => server.state === state).length;
  return [
    {
      id: 'servers',
      label: words.servers(status.servers.length, inState('running'), inState('failed')),
      enabled: status.servers.length > 0,
      submenu: status.servers.map((server) => ({
        id: `server:${server.name}`,
        label: label(words.server(server.name, words.serverState[server.state], server.instances)),
        click: () => actions.open(`/servers?${new URLSearchParams({ server: server.name }).toString()}`),
      })),
    },
    { type: 'separator' },
  ];
}

function loginItems(
  { openAtLogin }: TrayState,
  actions: TrayActions,
  words: Words,
): MenuItemConstructorOptions[] {
  if (openAtLogin === null) return [];
  return [
    {
      id: 'open-at-login',
      type: 'checkbox',
      label: words.openAtLogin,
      checked: openAtLogin,
      click: () => actions.setOpenAtLogin(!openAtLogin),
    },
  ];
}

function updateItems(
  update: UpdateState,
  actions: TrayActions,
  words: Words['update'],
): MenuItemConstructorOptions[] {
  const item = (text: string, click?: () => void): MenuItemConstructorOptions[] => [
    { id: 'update', label: label(text), ...(click ? { click } : { enabled: false }) },
  ];
  switch (update.phase) {
    // A copy that cannot update itself has nothing to press; the settings say why.
    case 'unsupported':
      return [];
    case 'idle':
      return item(words.check, actions.checkForUpdate);
    case 'checking':
      return item(words.checking);
    case 'available':
      return item(words.download(update.version), actions.downloadUpdate);
    case 'downloading':
      return item(words.downloading(update.version, update.percent));
    case 'ready':
      return item(words.install(update.version), actions.installUpdate);
    case 'failed':
      return item(words.failed, actions.checkForUpdate);
  }
}
