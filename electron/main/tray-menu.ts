import type { MenuItemConstructorOptions } from 'electron';
import { type ClientId, type Routing, routingOf } from '../../shared/model/client.ts';
import type { UpdateState } from '../../shared/model/desktop.ts';
import type { Exchange } from '../../shared/model/exchange.ts';
import type { HubStatus } from '../../shared/model/hub.ts';
import { FAILURE_FILTER } from './hub-follower.ts';
import { isFiring, isPressing } from './news.ts';
import { count, oneLine } from './one-line.ts';
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

const ROUTING_WORDS: Record<Routing, string> = {
  direct: 'direct',
  partly: 'partly routed',
  routed: 'routed',
  none: 'no servers to route',
};

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
export function trayMenu(state: TrayState, actions: TrayActions): MenuItemConstructorOptions[] {
  return [
    ...statusItems(state, actions),
    { type: 'separator' },
    ...routingItems(state, actions),
    { type: 'separator' },
    ...serverItems(state.view.status, actions),
    { id: 'open', label: 'Open Patchbay', click: () => actions.open() },
    { id: 'traffic', label: 'Live Traffic', click: () => actions.open('/traffic') },
    {
      id: 'roll-back',
      label: 'Roll Back All Clients…',
      enabled:
        canRoute(state) && routableClients(state.view).some((client) => routingOf(client) !== 'direct'),
      click: actions.rollBackAll,
    },
    { type: 'separator' },
    ...loginItems(state, actions),
    ...updateItems(state.update, actions),
    { id: 'quit', label: 'Quit Patchbay', click: actions.quit },
  ];
}

function statusItems(state: TrayState, actions: TrayActions): MenuItemConstructorOptions[] {
  const { hub, view } = state;
  const items: MenuItemConstructorOptions[] = [
    { id: 'status', label: label(statusInWords(state)), enabled: false },
  ];
  if (hub.phase === 'failed' || hub.phase === 'stopped') {
    items.push({
      id: 'start-hub',
      label: hub.phase === 'failed' ? 'Restart the Hub' : 'Start the Hub',
      click: actions.startHub,
    });
  }
  if (hub.phase === 'failed') items.push({ id: 'log', label: 'Open the Log', click: actions.openLog });
  return [...items, ...troubleItems(state, actions), ...failureItems(view, actions)];
}

/** One line for each kind of thing that wants a person. */
function troubleItems({ view }: TrayState, actions: TrayActions): MenuItemConstructorOptions[] {
  const items: MenuItemConstructorOptions[] = [];
  const add = (id: string, text: string, route: string): void =>
    void items.push({ id, label: label(text), click: () => actions.open(route) });
  if (view.status?.catalogError) add('catalog-error', 'The server catalog has an error', '/servers');
  if (view.status?.trafficStore) add('traffic-store', 'Traffic is not recorded as it should be', '/settings');
  const pressing = view.findings?.filter(isPressing).length ?? 0;
  if (pressing > 0) add('findings', `${count(pressing, 'config change')} to look at`, '/clients');
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
): MenuItemConstructorOptions[] {
  if (!status) return [];
  const text = `${count(status.errorsLastHour, 'error')} in the last hour`;
  if (!failures || failures.length === 0)
    return [{ id: 'errors', label: text, click: () => actions.open(failuresRoute()) }];
  return [
    {
      id: 'errors-menu',
      label: text,
      submenu: [
        ...failures.map((failure) => ({
          id: `failure:${failure.id}`,
          label: label(failureInWords(failure)),
          click: () => actions.open(failuresRoute(failure.id)),
        })),
        { type: 'separator' },
        { id: 'errors', label: 'Show All', click: () => actions.open(failuresRoute()) },
      ],
    },
  ];
}

/** The time of day rather than how long ago: a menu that changed every minute would close under the pointer. */
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });

function failureInWords({ at, server, tool, method, outcome, errorMessage }: Exchange): string {
  const why = errorMessage ?? (outcome === 'tool-error' ? 'the tool failed' : outcome);
  return `${clock.format(at)}  ${server}, ${tool ?? method}: ${why}`;
}

const canRoute = (state: TrayState): boolean => state.hub.phase === 'ready' && !state.isBusy;

function routingItems(state: TrayState, actions: TrayActions): MenuItemConstructorOptions[] {
  if (state.view.clients === null)
    return [{ id: 'no-clients', label: 'Clients are not known yet', enabled: false }];
  const clients = routableClients(state.view);
  const isEnabled = canRoute(state);
  const areAllRouted = clients.length > 0 && clients.every((client) => routingOf(client) === 'routed');
  return [
    {
      id: 'route-all',
      type: 'checkbox',
      label: 'Route All Clients Through Patchbay',
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
        label: label(`${client.name}: ${ROUTING_WORDS[routing]}`),
        checked: routing === 'routed',
        enabled: isEnabled && routing !== 'none',
        click: () => actions.setRouting([client.id], routing !== 'routed'),
      };
    }),
  ];
}

function serverItems(status: HubStatus | null, actions: TrayActions): MenuItemConstructorOptions[] {
  if (!status) return [];
  const running = status.servers.filter((server) => server.state === 'running').length;
  const failed = status.servers.filter((server) => server.state === 'failed').length;
  const summary = [running && `${running} running`, failed && `${failed} failed`].filter(Boolean).join(', ');
  return [
    {
      id: 'servers',
      label: `${count(status.servers.length, 'Server')}${summary && ` (${summary})`}`,
      enabled: status.servers.length > 0,
      submenu: status.servers.map((server) => ({
        id: `server:${server.name}`,
        label: label(
          `${server.name}: ${server.state}${server.instances > 1 ? ` (${server.instances})` : ''}`,
        ),
        click: () => actions.open(`/servers?${new URLSearchParams({ server: server.name }).toString()}`),
      })),
    },
    { type: 'separator' },
  ];
}

function loginItems({ openAtLogin }: TrayState, actions: TrayActions): MenuItemConstructorOptions[] {
  if (openAtLogin === null) return [];
  return [
    {
      id: 'open-at-login',
      type: 'checkbox',
      label: 'Start at Login',
      checked: openAtLogin,
      click: () => actions.setOpenAtLogin(!openAtLogin),
    },
  ];
}

function updateItems(update: UpdateState, actions: TrayActions): MenuItemConstructorOptions[] {
  const item = (text: string, click?: () => void): MenuItemConstructorOptions[] => [
    { id: 'update', label: label(text), ...(click ? { click } : { enabled: false }) },
  ];
  switch (update.phase) {
    // A copy that cannot update itself has nothing to press; the settings say why.
    case 'unsupported':
      return [];
    case 'idle':
      return item('Check for Updates', actions.checkForUpdate);
    case 'checking':
      return item('Looking for a New Version…');
    case 'available':
      return item(`Download Version ${update.version}`, actions.downloadUpdate);
    case 'downloading':
      return item(`Downloading Version ${update.version} (${update.percent} %)`);
    case 'ready':
      return item(`Restart to Install Version ${update.version}`, actions.installUpdate);
    case 'failed':
      return item('Updating Failed, Try Again', actions.checkForUpdate);
  }
}
